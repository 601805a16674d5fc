"""Who will get what and when in a round, said beforehand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import people
from bot.domain.calendar import OfficeCalendar, era_year
from bot.domain.errors import NotFound
from bot.domain.people import Role
from bot.domain.reminders import falls_in_pause
from bot.domain.rounds import Step, StepKind, manager_steps, owner_steps, ward_head_steps
from bot.services import reviews, round_state
from bot.services.escalation import Escalation, escalation_of
from bot.services.office import Office
from bot.services.reach import NO_ACCOUNT, reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.rounds import RoundListing, listing_of, plan_with_stage
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


async def preview(office: Office, unit: Unit, *, year: int, stage_key: str) -> RoundPreview:
    """Who will get what and when if nothing is answered, as of today's owners."""
    async with office.database.read() as uow:
        plan, _ = await plan_with_stage(uow, office, unit, year, stage_key)
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
    told = await uow.outbox.told(state.round.id)
    managers = await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, as_of)
    chiefs = await reviews.chiefs_in(uow, state)
    entered = await uow.people.grants_in_unit(state.unit_id, Role.OWNER, as_of)
    ids = {grant.person_id for grant in entered} | set(above.lists) | set(above.heads)
    names = {**{k: p.name for k, p in (await uow.people.named(ids)).items()}, **state.names}
    owners = {person for item in state.items for person in item.owner_ids}
    notices = [
        *_owner_notices(state, names, set(known.accounts), told),
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
        confirmers=tuple(
            PlannedConfirmer(
                level,
                names.get(person, ""),
                tuple(item.status.code for item in items),
                person in known.accounts,
            )
            for (level, person), items in asked.items()
        ),
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


def _owner_notices(
    state: RoundState, names: dict[int, str], reachable: set[int], told: Told
) -> list[PlannedNotice]:
    owners = sorted({person for item in state.items for person in item.owner_ids})
    return [
        PlannedNotice(
            step.day,
            step.key,
            names.get(person, ""),
            _codes(state, person),
            person in reachable,
            _is_silent(state, step, told.get(person, ())),
            step.key in told.get(person, ()),
            person,
        )
        for step in owner_steps(state.round, state.calendar)
        for person in owners
        if _codes(state, person)
    ]


def _is_silent(state: RoundState, step: Step, told: Collection[str]) -> bool:
    return falls_in_pause(step.day, state.paused_until) and step.key not in told


def _codes(state: RoundState, person: int) -> tuple[str, ...]:
    return tuple(item.status.code for item in state.held_by(person) if item.status.outstanding)


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
