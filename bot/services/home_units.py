"""Home of one unit: for its managers what they may read, for its coordinator what needs a hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain import people
from bot.domain.calendar import era_year, fiscal_year_of
from bot.domain.consultations import ConsultationKind
from bot.domain.people import Role, Viewer
from bot.domain.plans import PlanState
from bot.domain.status import count
from bot.services import home_rounds, nudges, reviews, round_state
from bot.services.concerns import unattended_items
from bot.services.office import Office
from bot.services.reach import reach
from bot.services.round_state import ItemRecord, RoundState
from bot.views.home_coordinator import Asked, CoordinatorHome, PlanLine, Unreached
from bot.views.home_manager import ManagerHome
from bot.views.unit_status import UnitStatus
from storage.unit_of_work import UnitOfWork

_MOST_ROUNDS = 5  # of one unit that go on at once


@dataclass(frozen=True)
class UnitRow:
    """A unit as Home's lists have it."""

    id: int
    name: str
    contact: str = ""
    paused_until: date | None = None


async def manager_home(
    uow: UnitOfWork, office: Office, viewer: Viewer, unit: UnitRow
) -> ManagerHome:
    """What a manager may read of the round that is going on, counted for it alone."""
    today = office.today()
    rows = home_rounds.rounds_in(await home_rounds.plans_of(uow, [unit.id], today))
    chosen = home_rounds.current_of(rows, today)
    if chosen is None or not home_rounds.is_going_on(chosen, today):
        last = home_rounds.info_of(chosen, unit.name, office.forms) if chosen else None
        return ManagerHome(unit.name, unit.name, last=last)
    state = await _loaded(uow, office, chosen.round_id)
    items = _managed(viewer, state)
    scope = await _scope(uow, viewer, unit)
    chiefs = await reviews.chiefs_in(uow, state)
    lineage = await uow.lineages.answers_in(chosen.plan_id, chosen.first_year - 1)
    others = [
        home_rounds.info_of(row, unit.name, office.forms)
        for row in rows
        if row is not chosen and home_rounds.is_going_on(row, today)
    ]
    waiting = reviews.waiting_for(viewer, state, chiefs)
    return ManagerHome(
        unit_name=unit.name,
        scope=scope,
        status=_status(
            office,
            state,
            items,
            viewer,
            nudgeable=await nudges.nudgeable(uow, state, viewer),
            confirmable=frozenset(each.item.initiative_id for each in waiting),
        ),
        before=home_rounds.before_of(lineage, office.forms, chosen.last_year, chosen.stage),
        others=tuple(others),
    )


async def coordinator_home(
    uow: UnitOfWork, office: Office, viewer: Viewer, unit: UnitRow
) -> CoordinatorHome:
    """The unit's rounds and plans, and what only a person can mend."""
    today = office.today()
    plans = await home_rounds.plans_of(uow, [unit.id], today)
    rows = home_rounds.rounds_in(plans)
    chosen = home_rounds.current_of(rows, today)
    newest = max(plans, key=lambda row: (row.last_year, row.plan_id), default=None)
    shown = CoordinatorHome(
        unit_id=unit.id,
        unit_name=unit.name,
        today=today,
        rounds=tuple(home_rounds.info_of(row, unit.name, office.forms) for row in rows),
        plans=_plan_lines(office, plans, today),
        plan_id=newest.plan_id if newest else 0,
        paused_until=unit.paused_until,
        lost=await uow.unreadable.count(unit.id),
    )
    if chosen is None or not home_rounds.is_going_on(chosen, today):
        return shown
    going_on = [row for row in rows if home_rounds.is_going_on(row, today)]
    first = sorted(going_on, key=lambda row: (row is not chosen, row.due))[:_MOST_ROUNDS]
    states = [await _loaded(uow, office, row.round_id) for row in first]
    home, *others = [await _with_round(uow, office, viewer, shown, state) for state in states]
    return replace(home, others=tuple(replace(other, lost=0) for other in others))


async def _with_round(
    uow: UnitOfWork, office: Office, viewer: Viewer, shown: CoordinatorHome, state: RoundState
) -> CoordinatorHome:
    if state.round.frozen:  # nothing is asked of anybody any more
        standing = _status(office, state, state.items, viewer, nudgeable=frozenset())
        asked = await _asked(uow, state)
        return replace(shown, plan_id=state.plan.id or 0, status=standing, asked=asked)
    known = await reach(uow, state)
    outstanding = [item.status for item in state.items if item.status.is_asked(state.today)]
    unowned = tuple(
        item.status for item in state.items if item.status.outstanding and not item.owner_ids
    )
    names = await uow.briefs.names(known.unreachable)
    return replace(
        shown,
        plan_id=state.plan.id or 0,
        status=_status(
            office,
            state,
            state.items,
            viewer,
            nudgeable=nudges.nudgeable_among(state, viewer, known.accounts),
        ),
        unowned=unowned,
        unattended=tuple(item.status for item in unattended_items(state)) if outstanding else (),
        unreached=tuple(
            Unreached(names.get(person, ""), reason) for person, reason in known.unreachable.items()
        ),
        asked=await _asked(uow, state),
    )


async def _asked(uow: UnitOfWork, state: RoundState) -> tuple[Asked, ...]:
    rows = await uow.consultations.open_in([state.round.id])
    names = await uow.briefs.names({row.person_id for row in rows})
    items = {item.id: item.status for item in state.items}
    return tuple(
        Asked(
            id=row.id or 0,
            code=items[row.initiative_id].code,
            title=items[row.initiative_id].title,
            kind=ConsultationKind(row.kind),
            note=row.note,
            name=names.get(row.person_id, ""),
        )
        for row in rows
        if row.initiative_id in items
    )


async def _loaded(uow: UnitOfWork, office: Office, round_id: int) -> RoundState:
    state = await round_state.load_by_id(uow, round_id, today=office.today(), forms=office.forms)
    if state is None:
        raise LookupError(f"round {round_id} went away while it was being read")
    return state


def _managed(viewer: Viewer, state: RoundState) -> list[ItemRecord]:
    """What the viewer reads as a manager, in the plan's order; items of their own apart."""
    grants = tuple(
        grant
        for grant in viewer.grants
        if grant.role is Role.MANAGER and grant.unit_id == state.unit_id
    )
    manager = Viewer(viewer.person_id, viewer.name, grants)
    return [item for item in state.items if people.may_read(manager, item.access(state.unit_id))]


async def _scope(uow: UnitOfWork, viewer: Viewer, unit: UnitRow) -> str:
    """「保健福祉課」, or the unit's name for who manages all of it."""
    grants = [g for g in viewer.grants if g.role is Role.MANAGER and g.unit_id == unit.id]
    sections = [grant.section_id for grant in grants if grant.section_id]
    names = await uow.people.sections(sections)
    if any(grant.section_id is None for grant in grants):
        return unit.name
    return "・".join(names[each] for each in dict.fromkeys(sections) if each in names)


def _status(
    office: Office,
    state: RoundState,
    items: Iterable[ItemRecord],
    viewer: Viewer,
    *,
    nudgeable: frozenset[int],
    confirmable: frozenset[int] = frozenset(),
) -> UnitStatus:
    """These items alone, and counted alone."""
    listed = tuple(item.status for item in items)
    ids = frozenset(item.initiative_id for item in listed)
    overdue = state.is_scheduled and state.round.is_overdue(state.today)
    whole = next((item for item in state.items if item.id == people.UNIT_ITEM), None)
    own = whole is not None and people.may_answer(viewer, whole.access(state.unit_id))
    return UnitStatus(
        round=state.info,
        counts=count(listed, state.form, overdue=overdue),
        items=listed,
        now=office.now(),
        days_left=state.days_left,
        days_late=state.days_late,
        answerable=frozenset({people.UNIT_ITEM}) if own else frozenset(),
        readable=ids,
        confirmable=confirmable & ids,
        nudgeable=nudgeable & ids,
    )


def _plan_lines(office: Office, plans: Sequence[Any], today: date) -> tuple[PlanLine, ...]:
    """Plans with the stages that have no round yet: all of the newest plan of each form and of
    this year's; of last year's the last stage, which is due once the year is over.
    """
    set_: dict[int, set[str]] = {}
    found: dict[int, Any] = {}
    newest: dict[str, Any] = {}
    for row in plans:
        set_.setdefault(row.plan_id, set()).add(row.stage)
        found[row.plan_id] = newest[row.form] = row
    lines = []
    for row in found.values():
        stages = office.forms[row.form].stages
        in_full = row is newest[row.form] or row.last_year >= fiscal_year_of(today)
        wanted = stages if in_full else stages[-1:]
        unset = [(each.key, each.title) for each in wanted if each.key not in set_[row.plan_id]]
        if unset or in_full:
            lines.append(_plan_line(row, unset))
    return tuple(lines)


def _plan_line(row: Any, unset: Iterable[tuple[str, str]]) -> PlanLine:
    return PlanLine(
        plan_id=row.plan_id,
        title=f"{era_year(row.last_year)} {row.name}".strip(),
        is_draft=row.state != PlanState.FINAL,
        unset=tuple(unset),
    )
