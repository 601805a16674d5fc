"""Who will get what and when in a round, said beforehand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import people
from bot.domain.absences import Attendance, stand_in_key
from bot.domain.calendar import OfficeCalendar, era_year
from bot.domain.errors import NotFound
from bot.domain.people import Role
from bot.domain.reminders import falls_in_pause
from bot.domain.rounds import Step, StepKind, manager_steps, owner_steps, ward_head_steps
from bot.services import reviews, round_state
from bot.services.escalation import Escalation, escalation_of
from bot.services.office import Office
from bot.services.presence import presence_on
from bot.services.reach import NO_ACCOUNT, reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.rounds import RoundListing, listing_of
from bot.services.standing import standing_of
from bot.services.stored_rounds import plan_with_stage
from bot.services.units import pause_on
from storage.models import ReviewRound, RoleGrant, Unit
from storage.unit_of_work import UnitOfWork

Told = Mapping[int, Collection[str]]  # person id -> step keys already in a letter


@dataclass(frozen=True)
class PlannedNotice:
    """One line of a preview: on this day these people get this step about so many items."""

    day: date
    step: str
    person: str
    items: tuple[str, ...]  # codes
    reachable: bool
    silent: bool = False  # its day falls in a pause: it is not sent, then or later
    told: bool = False  # it is in a letter already
    person_id: int = 0


@dataclass(frozen=True)
class PlannedConfirmer:
    """One person who is asked to confirm these items at a level."""

    level: int
    person: str
    items: tuple[str, ...]  # codes
    reachable: bool


@dataclass(frozen=True)
class RoundPreview:
    """Who will get what and when, and what stands in the way."""

    listing: RoundListing
    notices: tuple[PlannedNotice, ...]
    unowned: tuple[str, ...]  # codes of items without an owner
    without_account: tuple[str, ...]  # names of owners who can't be written to
    without_items: tuple[str, ...]  # names of people entered as owners who own nothing
    confirmers: tuple[PlannedConfirmer, ...] = ()
    unconfirmable: tuple[str, ...] = ()  # codes of items that nobody could confirm


async def preview(
    office: Office, unit: Unit, *, year: int, stage_key: str, form_key: str | None = None
) -> RoundPreview:
    """Who will get what and when if nothing is answered, as of today's owners."""
    async with office.database.read() as uow:
        plan, _ = await plan_with_stage(uow, office, unit, year, stage_key, form_key=form_key)
        row = await uow.rounds.find(plan.id or 0, stage_key)
        if row is None:
            raise NotFound(
                f"{unit.name}の{era_year(year)}の回はまだ登録されていません。"
                "kaikaku rounds set で登録してください。"
            )
        return await preview_of(uow, office, unit, row)


async def preview_of(uow: UnitOfWork, office: Office, unit: Unit, row: ReviewRound) -> RoundPreview:
    """The same of a round as it would be with this row, stored or not."""
    as_of = max(office.today(), row.opens) if office.today() <= row.closes else row.opens
    state = await round_state.load(uow, row, today=as_of, forms=office.forms)
    known = await reach(uow, state)
    above = await escalation_of(uow, state)
    told = await uow.correspondence.told(state.round.id)
    managers = await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, as_of)
    chiefs = await reviews.chiefs_in(uow, state)
    entered = await uow.people.grants_in_unit(state.unit_id, Role.OWNER, as_of)
    ids = {grant.person_id for grant in entered} | set(above.lists) | set(above.heads)
    names = {**{k: p.name for k, p in (await uow.people.named(ids)).items()}, **state.names}
    owners = {person for item in state.items for person in item.owner_ids}
    notices = [
        *await _owner_notices(uow, state, told, office.today()),
        *_manager_notices(state, names, above, set(known.accounts), told),
    ]
    asked = _asked_to_confirm(state, managers, chiefs)
    return RoundPreview(
        listing=replace(listing_of(state.round, unit), paused_until=pause_on(unit, office.today())),
        notices=tuple(sorted(notices, key=lambda each: each.day)),
        unowned=tuple(item.status.code for item in state.items if not item.owner_ids),
        without_account=tuple(
            names.get(person, "")
            for person, why in known.unreachable.items()
            if why == NO_ACCOUNT or person not in known.accounts
        ),
        without_items=tuple(
            names.get(grant.person_id, "") for grant in entered if grant.person_id not in owners
        ),
        confirmers=tuple(_confirmers(asked, names, known.accounts)),
        unconfirmable=_unconfirmable(state, asked),
    )


def upcoming(
    notices: Sequence[PlannedNotice], today: date, calendar: OfficeCalendar
) -> tuple[PlannedNotice, ...]:
    """What is still to be sent from a Japanese date on, in order of days.

    Of the steps whose day has passed only the newest, on the next business day, unless it is told.
    """
    passed: dict[tuple[int, str], PlannedNotice] = {}
    coming = []
    for each in notices:
        if each.silent:
            continue
        if each.day > today:
            coming.append(each)
        else:
            passed[each.person_id, _ladder_of(each.step)] = each
    late = [
        replace(each, day=calendar.on_or_after(today)) for each in passed.values() if not each.told
    ]
    return tuple(sorted((*late, *coming), key=lambda each: each.day))


def _ladder_of(step: str) -> str:
    """Whose ladder a step is on: a section chief's, the ward head's, or an owner's."""
    kind = step.partition(":")[0]
    return kind if kind in (StepKind.MANAGERS, StepKind.WARD_HEAD) else ""


Asked = Mapping[tuple[int, int], Sequence[ItemRecord]]  # by level and person


def _confirmers(
    asked: Asked, names: Mapping[int, str], reached: Collection[int]
) -> Iterator[PlannedConfirmer]:
    for (level, person), items in asked.items():
        codes = tuple(item.status.code for item in items)
        yield PlannedConfirmer(level, names.get(person, ""), codes, person in reached)


def _asked_to_confirm(
    state: RoundState, managers: Sequence[RoleGrant], chiefs: frozenset[int]
) -> Asked:
    """Who confirms what at each level, as of today's managers."""
    held: dict[int, list[RoleGrant]] = {}
    for grant in managers:
        held.setdefault(grant.person_id, []).append(grant)
    levels = state.round.levels
    asked = {
        (level, person): [
            item
            for item in state.items
            if people.may_confirm(
                reviews.as_manager(person, grants),
                item.access(state.unit_id),
                level,
                levels,
                chiefs,
            )
        ]
        for level in range(1, levels + 1)
        for person, grants in sorted(held.items())
    }
    return {key: items for key, items in asked.items() if items}


def _unconfirmable(state: RoundState, asked: Asked) -> tuple[str, ...]:
    found = {(level, item.id) for (level, _), items in asked.items() for item in items}
    levels = range(1, state.round.levels + 1)
    return tuple(
        item.status.code
        for item in state.items
        if any((level, item.id) not in found for level in levels)
    )


async def _owner_notices(
    uow: UnitOfWork, state: RoundState, told: Told, today: date
) -> list[PlannedNotice]:
    """Day by day, by the absences that are known: a deputy gets what falls into one.

    Whoever waits for the coordinator's answer about an item gets nothing about it.
    """
    waiting = (await standing_of(uow, state)).consulting
    planned: list[tuple[Step, int, str, list[str]]] = []
    for step in owner_steps(state.round, state.calendar):
        presence = await presence_on(uow, max(step.day, today))
        codes: dict[tuple[int, str], list[str]] = {}
        for item in (item for item in state.items if item.status.outstanding):
            for person, key in _recipients(presence.of(item.ownerships), step):
                if person not in waiting.get(item.id, ()):
                    codes.setdefault((person, key), []).append(item.status.code)
        planned += [(step, person, key, codes[person, key]) for person, key in sorted(codes)]
    people = {person for _, person, _, _ in planned}
    names = await uow.people.named(people)
    accounts = await uow.people.accounts(people)
    return [
        PlannedNotice(
            step.day,
            step.key,
            names[person].name,
            tuple(codes_),
            person in accounts and accounts[person].deactivated_at is None,
            falls_in_pause(step.day, state.paused_until) and key not in told.get(person, ()),
            key in told.get(person, ()),
            person,
        )
        for step, person, key, codes_ in planned
    ]


def _recipients(there: Attendance, step: Step) -> list[tuple[int, str]]:
    """Who is asked for an item, each with the key under which they are told of the step."""
    stand_ins = ((deputy, stand_in_key(step.key, owner)) for deputy, owner in there.stand_ins)
    return [*((person, step.key) for person in there.present), *stand_ins]


def _is_silent(state: RoundState, step: Step, told: Collection[str]) -> bool:
    return falls_in_pause(step.day, state.paused_until) and step.key not in told


def _manager_notices(
    state: RoundState,
    names: dict[int, str],
    above: Escalation,
    reachable: set[int],
    told: Told,
) -> list[PlannedNotice]:
    late = {item.id: item.status.code for item in state.items if item.status.outstanding}
    return [
        PlannedNotice(
            step.day,
            step.key,
            names.get(person, ""),
            tuple(late[each] for each in sorted(read) if each in late),
            person in reachable,
            _is_silent(state, step, told.get(person, ())),
            step.key in told.get(person, ()),
            person,
        )
        for steps, readers in ((manager_steps, above.lists), (ward_head_steps, above.heads))
        for step in steps(state.round, state.calendar, state.round.dates.closes)
        for person, read in sorted(readers.items())
        if read & set(late)
    ]
