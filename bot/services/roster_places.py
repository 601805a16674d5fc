"""Where each row of a roster belongs: its unit, and for an owner the initiatives it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.calendar import era_year
from bot.domain.people import Role
from bot.domain.plans import Fault
from bot.domain.roster import EVERY, Roster, RosterRow, is_code
from bot.domain.units import Match, UnitName, match
from bot.services import units
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.plan_places import not_yours
from storage.models import Plan
from storage.unit_of_work import UnitOfWork

_ONLY_OBSERVERS = "「*」は閲覧者(observer)だけに使えます。区の名前を書いてください。"


@dataclass(frozen=True)
class Placed:
    """A row with its unit (None: every unit) and the ids of the initiatives it names.

    With ``faults`` one of them is missing, and the row is there for its other faults only.
    """

    row: RosterRow
    unit_id: int | None = None
    initiatives: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def is_nowhere(self) -> bool:
        """Whether it can't be told whose the row is."""
        return self.unit_id is None and (self.row.ward != EVERY or bool(self.faults))


async def place_all(
    office: Office,
    uow: UnitOfWork,
    roster: Roster,
    year: int | None,
    *,
    by: Actor = COMMAND_LINE,
) -> list[Placed]:
    """Every row with its place as far as it is found; ``year`` is of rows that name none.

    A unit for which ``by`` may not act is a fault of its row.
    """
    known = await units.names(uow)
    placed = [
        await _place(office, uow, roster, row, known=known, year=row.year or year)
        for row in roster.rows
    ]
    return [each if each.faults else _permitted(roster, each, known, by) for each in placed]


def _permitted(roster: Roster, placed: Placed, known: Sequence[UnitName], by: Actor) -> Placed:
    if by.may_act_for(placed.unit_id):
        return placed
    name = next((unit.name for unit in known if unit.id == placed.unit_id), "すべての区")
    return replace(placed, faults=(roster.fault(placed.row, "ward", not_yours(name)),))


async def _place(
    office: Office,
    uow: UnitOfWork,
    roster: Roster,
    row: RosterRow,
    *,
    known: Sequence[UnitName],
    year: int | None,
) -> Placed:
    found = match(row.ward, known)
    names_items = row.role is Role.OWNER and bool(row.initiatives)
    if row.ward == EVERY or found.unit is None:
        faults = _unit_faults(roster, row, found)
        return Placed(row, faults=(*faults, *(_code_faults(roster, row) if names_items else ())))
    if not names_items:
        return Placed(row, found.unit.id)
    return await _place_owner(office, uow, roster, row, unit=found.unit, year=year)


def _unit_faults(roster: Roster, row: RosterRow, found: Match) -> list[Fault]:
    if row.ward == EVERY:
        is_misused = row.role not in (Role.OBSERVER, None)
        return [roster.fault(row, "ward", _ONLY_OBSERVERS)] if is_misused else []
    # An empty cell is a fault already.
    return [roster.fault(row, "ward", units.mismatch(row.ward, found))] if row.ward else []


def _code_faults(roster: Roster, row: RosterRow) -> list[Fault]:
    """What can be said of the initiatives where the plan isn't known."""
    unreadable = [code for code in row.initiatives if code != EVERY and not is_code(code)]
    if not unreadable:
        return []
    words = f"取組項目「{'、'.join(unreadable)}」が読めません。1;3;5 や * のように書いてください。"
    return [roster.fault(row, "initiatives", words)]


async def _place_owner(
    office: Office,
    uow: UnitOfWork,
    roster: Roster,
    row: RosterRow,
    *,
    unit: UnitName,
    year: int | None,
) -> Placed:
    """The row with the initiatives it names. No year: the newest plan."""
    plans = await uow.plans.of_unit(unit.id)
    of_year = [each for each in plans if year is None or each.first_year <= year <= each.last_year]
    if not of_year:
        fault = roster.fault(row, "initiatives", _no_plan(unit, year))
        return Placed(row, unit.id, faults=(fault, *_code_faults(roster, row)))
    plan = of_year[0]
    known = {each.code: each.id or 0 for each in await uow.plans.initiatives(plan.id or 0)}
    codes = tuple(known) if row.initiatives == (EVERY,) else row.initiatives
    missing = [code for code in codes if code not in known]
    if missing:
        fault = roster.fault(row, "initiatives", _no_items(plan, missing, known))
        return Placed(row, unit.id, faults=(fault,))
    warnings = () if year else await _open_elsewhere(office, uow, unit, plan, plans)
    return Placed(row, unit.id, tuple(known[code] for code in codes), warnings)


def _no_plan(unit: UnitName, year: int | None) -> str:
    named = f"{era_year(year)}の" if year else ""
    return f"{unit.name}の{named}計画がありません。先に計画を取り込んでください。"


def _no_items(plan: Plan, missing: Iterable[str], known: Iterable[str]) -> str:
    return (
        f"{era_year(plan.first_year)}の計画に取組項目{'、'.join(missing)}はありません。"
        f"あるのは{'、'.join(known)}です。"
    )


async def _open_elsewhere(
    office: Office, uow: UnitOfWork, unit: UnitName, plan: Plan, plans: Sequence[Plan]
) -> tuple[str, ...]:
    """A warning where another plan of the unit is being answered: its owners stay as they are."""
    others = {each.id or 0: each for each in plans if each.id != plan.id}
    today = office.today()
    return tuple(
        f"{unit.name}では{era_year(others[round_.plan_id].first_year)}の計画も入力中です。"
        f"名簿は{era_year(plan.first_year)}の計画に登録します(名簿に年度の列を作ると選べます)。"
        for round_ in await uow.rounds.of_plans(others)
        if round_.opens <= today <= round_.closes
    )
