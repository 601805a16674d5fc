"""Where each row of a roster belongs: its unit, and for an owner the initiatives it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.people import Role
from bot.domain.plans import Fault
from bot.domain.roster import EVERY, Roster, RosterRow
from bot.domain.units import UnitName, match
from bot.services import units
from bot.services.office import Office
from storage.models import Plan
from storage.unit_of_work import UnitOfWork

_ONLY_OBSERVERS = "「*」は閲覧者(observer)だけに使えます。区の名前を書いてください。"


@dataclass(frozen=True)
class Placed:
    """A row with its unit (None: every unit) and the ids of the initiatives it names."""

    row: RosterRow
    role: Role
    unit_id: int | None
    initiatives: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


async def place_all(
    office: Office, uow: UnitOfWork, roster: Roster, year: int | None
) -> tuple[list[Placed], list[Fault]]:
    """The rows that have a place, and the faults of the others; ``year`` is of all rows."""
    known = await units.names(uow)
    found = [
        await _place(office, uow, roster, row, row.role, known=known, year=row.year or year)
        for row in roster.rows
        if row.role is not None and row.ward  # else it is a fault already
    ]
    placed = [each for each in found if isinstance(each, Placed)]
    return placed, [each for each in found if isinstance(each, Fault)]


async def _place(
    office: Office,
    uow: UnitOfWork,
    roster: Roster,
    row: RosterRow,
    role: Role,
    *,
    known: Sequence[UnitName],
    year: int | None,
) -> Placed | Fault:
    if row.ward == EVERY:
        is_observer = role is Role.OBSERVER
        return (
            Placed(row, role, None) if is_observer else roster.fault(row, "ward", _ONLY_OBSERVERS)
        )
    found = match(row.ward, known)
    if found.unit is None:
        return roster.fault(row, "ward", units.mismatch(row.ward, found))
    if role is not Role.OWNER or not row.initiatives:
        return Placed(row, role, found.unit.id)
    owner = await _place_owner(office, uow, row, found.unit, year)
    return roster.fault(row, "initiatives", owner) if isinstance(owner, str) else owner


async def _place_owner(
    office: Office, uow: UnitOfWork, row: RosterRow, unit: UnitName, year: int | None
) -> Placed | str:
    """The row with the initiatives it names, or what is wrong with it. No year: the newest plan."""
    plans = await uow.plans.of_unit(unit.id)
    of_year = [each for each in plans if year is None or each.first_year <= year <= each.last_year]
    if not of_year:
        named = f"{era_year(year)}の" if year else ""
        return f"{unit.name}の{named}計画がありません。先に kaikaku import で取り込んでください。"
    plan = of_year[0]
    known = {each.code: each.id or 0 for each in await uow.plans.initiatives(plan.id or 0)}
    codes = tuple(known) if row.initiatives == (EVERY,) else row.initiatives
    missing = [code for code in codes if code not in known]
    if missing:
        return (
            f"{era_year(plan.first_year)}の計画に取組項目{'、'.join(missing)}はありません。"
            f"あるのは{'、'.join(known)}です。"
        )
    warnings = () if year else await _open_elsewhere(office, uow, unit, plan, plans)
    return Placed(row, Role.OWNER, unit.id, tuple(known[code] for code in codes), warnings)


async def _open_elsewhere(
    office: Office, uow: UnitOfWork, unit: UnitName, plan: Plan, plans: Sequence[Plan]
) -> tuple[str, ...]:
    """A warning where another plan of the unit is being answered: its owners stay as they are."""
    others = {each.id or 0: each for each in plans if each.id != plan.id}
    today = office.today()
    return tuple(
        f"{unit.name}では{era_year(others[round_.plan_id].first_year)}の計画も入力中です。"
        f"名簿は{era_year(plan.first_year)}の計画に登録します(年度は --year で選べます)。"
        for round_ in await uow.rounds.of_plans(others)
        if round_.opens <= today <= round_.closes
    )
