"""How units stand, for one reader: `/kaikaku 状況`, Home, and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.calendar import fiscal_year_of
from bot.domain.errors import AccessDenied
from bot.domain.people import Refusal, Viewer
from bot.domain.units import Match, match
from bot.services import nudges, reviews, round_state, units, viewers
from bot.services.home_rounds import current_of, is_going_on
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.services.viewers import Caller
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.round_info import RoundInfo
from bot.views.status import AllUnits, UnitRow, UnitStatus
from bot.views.targets import AllTarget, PageTarget
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class NoPlan:
    """The unit has no plan for the year in question."""

    unit_name: str
    fiscal_year: int


@dataclass(frozen=True)
class NoRound:
    """Nothing is asked for; ``last`` is the latest round of the unit, if any."""

    unit_name: str
    last: RoundInfo | None


UnitAnswer = UnitStatus | NoPlan | NoRound


async def of_unit(
    office: Office,
    caller: Caller,
    unit_id: int,
    *,
    year: int | None = None,
    stage_key: str | None = None,
) -> UnitAnswer:
    """A unit's status as this person may see it; AccessDenied says nothing of its content.

    Without a year or kind: the open round, else the one last due.
    """
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        unit = await uow.units.get(unit_id)
        if unit is None or not people.may_see_counts(viewer, unit_id):
            raise AccessDenied(await _refusal(uow, viewer, unit))
        chosen = await choose_round(uow, unit, today=today, year=year, stage_key=stage_key)
        if isinstance(chosen, NoPlan):
            return chosen
        if chosen is None or not (year or stage_key or is_going_on(chosen, today)):
            return NoRound(unit.name, await _info(uow, office, chosen, unit) if chosen else None)
        state = await round_state.load(uow, chosen, today=today, forms=office.forms)
        chiefs = await reviews.chiefs_in(uow, state)
        late = await nudges.nudgeable(uow, state, viewer)
    return _status(office, state, viewer, chiefs, nudgeable=late)


async def of_page(office: Office, caller: Caller, target: PageTarget) -> UnitStatus:
    """One page of a round's status, checked anew: the button may be old or forged."""
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        row = await uow.rounds.get(target.round_id)
        plan = await uow.plans.get(row.plan_id) if row else None
        unit = await uow.units.get(plan.unit_id) if plan else None
        if row is None or unit is None or not people.may_see_counts(viewer, unit.id or 0):
            raise AccessDenied(await _refusal(uow, viewer, unit))
        state = await round_state.load(uow, row, today=today, forms=office.forms)
        chiefs = await reviews.chiefs_in(uow, state)
        late = await nudges.nudgeable(uow, state, viewer)
    return _status(office, state, viewer, chiefs, target, nudgeable=late)


async def of_all(
    office: Office, caller: Caller, *, year: int | None = None, stage_key: str | None = None
) -> AllUnits:
    """Every unit that the person may see, in official order."""
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        rows = [
            await _row(uow, office, unit, today, year=year, stage_key=stage_key)
            for unit in await uow.units.all()
            if people.may_see_counts(viewer, unit.id or 0)
        ]
    target = AllTarget(year, stage_key)
    return AllUnits(rows=tuple(rows), now=office.now(), target=target)


async def meant(office: Office, caller: Caller, text: str) -> Match:
    """Which unit a registered person means by a text."""
    async with office.database.read() as uow:
        await viewers.registered(uow, caller, office.today())
        return match(text, await units.names(uow))


async def choose_round(
    uow: UnitOfWork,
    unit: Unit,
    *,
    today: date,
    year: int | None,
    stage_key: str | None,
    form_key: str | None = None,
) -> ReviewRound | NoPlan | None:
    """The round meant by a year and kind; without them the open one, else the one last due."""
    plans = await uow.plans.of_unit(unit.id or 0)
    of_form = [plan for plan in plans if form_key in (None, plan.form)]
    meant = [plan for plan in of_form if year is None or plan.first_year <= year <= plan.last_year]
    if not meant:
        return NoPlan(unit.name, year if year is not None else _this_year(today, plans))
    rounds = await uow.rounds.of_plans([plan.id or 0 for plan in meant])
    fitting = [row for row in rounds if stage_key in (None, row.stage)]
    return current_of(fitting, today)


def _this_year(today: date, plans: Sequence[Plan]) -> int:
    return max((plan.last_year for plan in plans), default=fiscal_year_of(today))


async def _info(uow: UnitOfWork, office: Office, row: ReviewRound, unit: Unit) -> RoundInfo | None:
    plan = await uow.plans.get(row.plan_id)
    if plan is None:
        return None
    form = office.forms[plan.form]
    return round_state.round_info(round_state.to_round(row, plan, form, unit), unit, form)


async def _row(
    uow: UnitOfWork,
    office: Office,
    unit: Unit,
    today: date,
    *,
    year: int | None,
    stage_key: str | None,
) -> UnitRow:
    chosen = await choose_round(uow, unit, today=today, year=year, stage_key=stage_key)
    if chosen is None or isinstance(chosen, NoPlan):
        return UnitRow(unit.name)
    state = await round_state.load(uow, chosen, today=today, forms=office.forms)
    return UnitRow(unit.name, state.info, state.counts())


def _status(
    office: Office,
    state: RoundState,
    viewer: Viewer,
    chiefs: frozenset[int],
    target: PageTarget | None = None,
    *,
    nudgeable: frozenset[int],
) -> UnitStatus:
    accesses = [item.access(state.unit_id) for item in state.items]
    readable = frozenset(each.id for each in accesses if people.may_read(viewer, each))
    answerable = frozenset(
        item.id
        for item, access in zip(state.items, accesses, strict=True)
        if people.may_answer(viewer, access)
        and state.round.dates.opens <= state.today <= _entry_until(state, viewer, item.id)
    )
    staff = any(grant.unit_id in (None, state.unit_id) for grant in viewer.grants)
    page = {"page": target.page, "filter": target.filter} if target else {}
    return UnitStatus(
        round=state.info,
        counts=state.counts(),
        items=tuple(item.status for item in state.items if item.id in readable),
        now=office.now(),
        days_left=state.days_left,
        days_late=state.days_late,
        answerable=answerable,
        readable=readable,
        confirmable=frozenset(
            each.item.initiative_id for each in reviews.waiting_for(viewer, state, chiefs)
        ),
        nudgeable=nudgeable,
        historical=frozenset(each.id for each in accesses if people.may_read_history(viewer, each)),
        reader_coordinates=people.is_coordinator(viewer, state.unit_id),
        reader_owns_only=not staff,
        **page,  # type: ignore[arg-type]
    )


def _entry_until(state: RoundState, viewer: Viewer, initiative_id: int) -> date:
    item = state.item(initiative_id)
    if item is None or people.is_coordinator(viewer, state.unit_id):
        return max(state.round.dates.publishes, state.today if state.round.frozen else date.min)
    return state.entry_until(item)


async def _refusal(uow: UnitOfWork, viewer: Viewer, unit: Unit | None) -> str:
    """The words name the unit asked for, and the contact of the reader's own."""
    own = await units.own(uow, viewer)
    facts = RefusalFacts(
        unit_name=unit.name if unit else "",
        contact=own.contact if own else "",
        extension=own.extension if own else "",
    )
    return refusal_words(Refusal.OTHER_UNIT, facts)
