"""What a file says of units, stored: contact, extension, and further sections and closures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.plans import Fault, SheetRefused
from bot.domain.unit_table import UnitRow, UnitTable
from bot.domain.units import UnitName, match
from bot.services import units
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.plan_places import not_yours
from bot.services.units import UnitChange
from storage.unit_of_work import UnitOfWork

_WORDS = "誤りがあるため、何も登録していません。"


async def carry_out(
    office: Office, uow: UnitOfWork, table: UnitTable, by: Actor
) -> tuple[tuple[int, ...], int]:
    """Store a table in a unit of work of the caller's, who commits.

    Returns the ids of its units, and how many of them stay as they are. Raises SheetRefused with
    every fault: a unit that is unknown, named twice, or not theirs who wants it.
    """
    await uow.units.hold()
    known = await units.names(uow)
    placed = [(row, match(row.ward, known).unit) for row in table.rows]
    faults = [*table.faults, *_faults(table, placed, known, by)]
    if faults:
        raise SheetRefused(dict.fromkeys(faults), _WORDS)
    unchanged = 0
    for row, name in placed:
        unit = await uow.units.get(name.id) if name else None
        if unit is not None and not await units.carry_out(office, uow, unit, _change(row), by):
            unchanged += 1
    return tuple(name.id for _, name in placed if name), unchanged


def _change(row: UnitRow) -> UnitChange:
    return UnitChange(
        contact=row.contact, extension=row.extension, sections=row.sections, close=row.closures
    )


def _faults(
    table: UnitTable,
    placed: Sequence[tuple[UnitRow, UnitName | None]],
    known: Sequence[UnitName],
    by: Actor,
) -> Iterator[Fault]:
    seen: set[int] = set()
    for row, name in placed:
        if name is None and row.ward:
            yield table.fault(row, "ward", units.mismatch(row.ward, match(row.ward, known)))
        if name is None:
            continue
        if not by.may_act_for(name.id):
            yield table.fault(row, "ward", not_yours(name.name))
        if name.id in seen:
            yield table.fault(row, "ward", "同じ区が2行あります。1行にまとめてください。")
        seen.add(name.id)
