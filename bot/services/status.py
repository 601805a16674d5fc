"""How units stand, for one reader: `/kaikaku 状況`, `/kaikaku 自分`, Home, and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from bot.services.round_state import ItemRecord, RoundState
from bot.services.viewers import Caller
from bot.views.mine import Mine, MineSection
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.round_info import RoundInfo
from bot.views.status import AllUnits, UnitRow, UnitStatus
from bot.views.targets import AllTarget, PageTarget
from storage.models import Account, Plan, ReviewRound, Unit
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
        late = await nudgeable(uow, state, viewer)
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
        late = await nudgeable(uow, state, viewer)
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


async def mine(office: Office, caller: Caller, *, page: int = 0) -> Mine:
    """What the person is asked for over all open rounds."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        sections = await mine_sections(uow, office, viewer)
        # Whom to ask is said where there is nothing else to say.
        contact = "" if sections else await _own_contact(uow, viewer)
    return Mine(
        sections=sections,
        now=office.now(),
        owned=len(viewer.answerable),
        contact=contact,
        page=page,
    )


async def mine_sections(uow: UnitOfWork, office: Office, viewer: Viewer) -> tuple[MineSection, ...]:
    """What the person is asked for, round by round, the first due first."""
    today, sections = office.today(), []
    for row, place in await uow.readings.rounds_held(viewer.person_id, today):
        if row.opens > today or place.plan.state != "final":
            continue
        state = await round_state.standing(
            uow, row, place, today=today, forms=office.forms, only=viewer.answerable
        )
        section = mine_section(state, viewer)
        if section is not None:
            sections.append(section)
    return tuple(sorted(sections, key=lambda section: section.round.dates.due))


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


async def nudgeable(uow: UnitOfWork, state: RoundState, viewer: Viewer) -> frozenset[int]:
    """Late items about which the reader may nudge whoever is asked, if any of them is in Slack."""
    late = _late(state, viewer)
    if not late:
        return frozenset()
    asked = {person for item in late for person in item.attendance.asked}
    return _reached(late, await uow.people.accounts(asked))


def nudgeable_among(
    state: RoundState, viewer: Viewer, accounts: Mapping[int, Account]
) -> frozenset[int]:
    """The same where it is known who has an account."""
    return _reached(_late(state, viewer), accounts)


def _late(state: RoundState, viewer: Viewer) -> list[ItemRecord]:
    if not state.is_scheduled or not state.round.is_overdue(state.today):
        return []
    return [
        item
        for item in state.items
        if item.status.is_asked(state.today)
        and item.attendance.asked
        and state.today <= state.entry_until(item)
        and nudges.may_nudge(viewer, state, item)
    ]


def _reached(late: Iterable[ItemRecord], accounts: Mapping[int, Account]) -> frozenset[int]:
    active = {key for key, account in accounts.items() if account.deactivated_at is None}
    return frozenset(item.id for item in late if active & item.attendance.asked)


def _entry_until(state: RoundState, viewer: Viewer, initiative_id: int) -> date:
    item = state.item(initiative_id)
    if item is None or people.is_coordinator(viewer, state.unit_id):
        return max(state.round.dates.publishes, state.today if state.round.frozen else date.min)
    return state.entry_until(item)


def mine_section(state: RoundState, viewer: Viewer) -> MineSection | None:
    """What of a round is the person's to answer today; None when nothing is."""
    items = [
        item
        for item in state.items
        if item.id in viewer.answerable and state.today <= state.entry_until(item)
    ]
    if not items or state.today < state.round.dates.opens or state.plan.state != "final":
        return None
    closes = state.round.dates.closes
    still_open = state.today <= closes
    until = closes if still_open else max(state.entry_until(item) for item in items)
    return MineSection(
        round=state.info,
        items=tuple(item.status for item in items),
        days_left=state.days_left,
        days_late=state.days_late,
        entry_until=until,
    )


async def _refusal(uow: UnitOfWork, viewer: Viewer, unit: Unit | None) -> str:
    """The words name the unit asked for, and the contact of the reader's own."""
    own = await _own_unit(uow, viewer)
    facts = RefusalFacts(
        unit_name=unit.name if unit else "",
        contact=own.contact if own else "",
        extension=own.extension if own else "",
    )
    return refusal_words(Refusal.OTHER_UNIT, facts)


async def _own_unit(uow: UnitOfWork, viewer: Viewer) -> Unit | None:
    ids = [grant.unit_id for grant in viewer.grants if grant.unit_id] + sorted(viewer.owner_units)
    return await uow.units.get(ids[0]) if ids else None


async def _own_contact(uow: UnitOfWork, viewer: Viewer) -> str:
    own = await _own_unit(uow, viewer)
    return own.contact if own else ""
