"""Nudges by hand: for one late item, or to all who are late, once a day per person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.letters import LetterKind, LetterState
from bot.domain.nudges import NOTE_LENGTH, sending_day
from bot.domain.people import Viewer
from bot.domain.reminders import falls_in_pause
from bot.services import act_letters, round_state, stored_rounds, viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing, standing_of
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views import nudges as views
from bot.views.nudges import NudgeAll, Nudged, NudgeLetter, NudgeOne
from bot.views.targets import Target
from storage.models import Account, Letter, Nudge
from storage.unit_of_work import UnitOfWork

NUDGE_STEP = "nudge"  # with the id of the nudge


@dataclass(frozen=True)
class _Late:
    """What may be nudged about in one round: late items, with those who can be told of them."""

    viewer: Viewer
    state: RoundState
    items: tuple[ItemRecord, ...]
    people: frozenset[int]


async def open_one(office: Office, caller: Caller, target: Target) -> NudgeOne:
    """One late item before somebody who may nudge about it.

    Raises AccessDenied, NotFound, and EntryClosed with the reason when nobody can be told.
    """
    async with office.database.read() as uow:
        late = await _one(uow, office, caller, target)
        already = await _told_today(uow, office, late)
        item = late.items[0].status
        names = await uow.people.named(late.people)
    return NudgeOne(
        round=late.state.info,
        target=target,
        code=item.code,
        title=item.title,
        names=tuple(names[key].name for key in sorted(names)),
        already=late.people <= already,
    )


async def open_all(office: Office, caller: Caller, round_id: int) -> NudgeAll:
    """How many are late in a round and can be told; for the unit's coordinator."""
    async with office.database.read() as uow:
        late = await _all(uow, office, caller, round_id)
        already = await _told_today(uow, office, late)
    return NudgeAll(late.state.info, len(late.people - already), len(late.people & already))


async def send_one(office: Office, caller: Caller, target: Target) -> Nudged:
    """Write to who is asked for one late item; once a day per person, however often it comes."""
    async with office.database.begin() as uow:
        return await _send(uow, office, await _one(uow, office, caller, target), "")


async def send_all(office: Office, caller: Caller, round_id: int, note: str) -> Nudged:
    """Write to all who are late in a round, with a sentence of one's own.

    Raises InvalidAnswers when the sentence is too long, AccessDenied and EntryClosed.
    """
    if len(note) > NOTE_LENGTH:
        raise InvalidAnswers({views.NOTE: views.note_too_long(len(note))})
    async with office.database.begin() as uow:
        return await _send(uow, office, await _all(uow, office, caller, round_id), note)


async def nudgeable(uow: UnitOfWork, state: RoundState, viewer: Viewer) -> frozenset[int]:
    """Late items about which the reader may nudge whoever is asked, if any of them is in Slack."""
    late = _late_for(viewer, state)
    if not late:
        return frozenset()
    asked = {person for item in late for person in item.attendance.asked}
    return _reached(late, await uow.people.accounts(asked))


def nudgeable_among(
    state: RoundState, viewer: Viewer, accounts: Mapping[int, Account]
) -> frozenset[int]:
    """The same where it is known who has an account."""
    return _reached(_late_for(viewer, state), accounts)


def _late_for(viewer: Viewer, state: RoundState) -> list[ItemRecord]:
    """Late items of which somebody is asked, and of which the reader may remind them."""
    late = (item for item in _late(state) if item.attendance.asked)
    return [item for item in late if _may_nudge(viewer, state, item)]


def _reached(late: Iterable[ItemRecord], accounts: Mapping[int, Account]) -> frozenset[int]:
    active = {key for key, account in accounts.items() if account.deactivated_at is None}
    return frozenset(item.id for item in late if active & item.attendance.asked)


def _late(state: RoundState) -> list[ItemRecord]:
    """What is late, and can still be entered."""
    if not state.is_scheduled or not state.round.is_overdue(state.today):
        return []
    return [
        item
        for item in state.items
        if item.status.is_asked(state.today) and state.today <= state.entry_until(item)
    ]


def _tellable(state: RoundState, standing: Standing) -> list[ItemRecord]:
    """What is late and may be spoken of to somebody."""
    return [item for item in _late(state) if standing.told(item.id)]


def _may_nudge(viewer: Viewer, state: RoundState, item: ItemRecord) -> bool:
    """Whether somebody manages the item's section or unit, or coordinates the unit."""
    return people.may_speak_for(viewer, state.unit_id, item.access(state.unit_id).section_ids)


async def content(
    uow: UnitOfWork, letter: Letter, state: RoundState, standing: Standing, step: str
) -> NudgeLetter | None:
    """What the letter says; None before it is sent when nothing is late any more."""
    row = await uow.consultations.nudge(int(step.partition(":")[2]))
    if row is None:
        return None
    if letter.state == LetterState.SENT.value:
        items = [item for item in state.items if item.id in letter.item_ids]
    elif falls_in_pause(letter.day, state.paused_until):
        return None  # neither now nor, with all others, when the pause is over
    else:
        late = _tellable(state, standing)
        items = [item for item in late if letter.person_id in standing.told(item.id)]
    if not items:
        return None
    return NudgeLetter(
        letter_id=letter.id or 0,
        today=state.today,
        round=state.info,
        items=tuple(item.status for item in items),
        days_late=state.days_late,
        entry_until=state.round.dates.closes,
        note=row.note,
    )


async def _send(uow: UnitOfWork, office: Office, late: _Late, note: str) -> Nudged:
    day = sending_day(office.now(), late.state.calendar)
    if day > late.state.round.dates.closes:
        raise EntryClosed(views.CLOSED)
    row = Nudge(
        round_id=late.state.round.id,
        person_id=late.viewer.person_id,
        note=note,
        at=office.now(),
    )
    number = await uow.consultations.add_nudge(row)
    written = await act_letters.write(
        uow,
        office,
        LetterKind.NUDGE,
        late.people,
        round_id=late.state.round.id,
        act=f"{NUDGE_STEP}:{number}",
        once=day.isoformat(),
        day=day,
    )
    if not written:
        raise EntryClosed(views.ALREADY)
    Trail(uow, office.now(), Actor.of(late.viewer)).note(
        "nudge.send",
        f"round:{late.state.round.id}",
        {"people": written, "items": [item.id for item in late.items]},
    )
    await uow.commit()
    return Nudged(written, day, now=day == office.today())


async def _one(uow: UnitOfWork, office: Office, caller: Caller, target: Target) -> _Late:
    viewer, state = await _state(uow, office, caller, target.round_id, {target.initiative_id})
    item = state.item(target.initiative_id)
    if item is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if not _may_nudge(viewer, state, item):
        raise AccessDenied(views.MAY_NOT)
    standing = await standing_of(uow, state)
    _refuse_in_pause(office, state)
    return await _with_people(uow, viewer, state, standing, _tellable(state, standing))


async def _all(uow: UnitOfWork, office: Office, caller: Caller, round_id: int) -> _Late:
    viewer, state = await _state(uow, office, caller, round_id, None)
    if not people.is_coordinator(viewer, state.unit_id):
        raise AccessDenied(views.MAY_NOT_ALL)
    _refuse_in_pause(office, state)
    standing = await standing_of(uow, state)
    return await _with_people(uow, viewer, state, standing, _tellable(state, standing))


def _refuse_in_pause(office: Office, state: RoundState) -> None:
    """While a unit's letters rest nobody is reminded by hand either."""
    until = state.paused_until
    if until is not None and falls_in_pause(sending_day(office.now(), state.calendar), until):
        raise EntryClosed(views.paused(until))


async def _state(
    uow: UnitOfWork, office: Office, caller: Caller, round_id: int, only: set[int] | None
) -> tuple[Viewer, RoundState]:
    viewer = await viewers.registered(uow, caller, office.today())
    row = await stored_rounds.by_id(uow, round_id)
    state = await round_state.load(uow, row, today=office.today(), forms=office.forms, only=only)
    return viewer, state


async def _with_people(
    uow: UnitOfWork,
    viewer: Viewer,
    state: RoundState,
    standing: Standing,
    items: Iterable[ItemRecord],
) -> _Late:
    found = tuple(items)
    told = frozenset(person for item in found for person in standing.told(item.id))
    accounts = await uow.people.accounts(told)
    reachable = frozenset(key for key, each in accounts.items() if each.deactivated_at is None)
    if not reachable:
        raise EntryClosed(views.NOBODY)
    return _Late(viewer, state, found, reachable)


async def _told_today(uow: UnitOfWork, office: Office, late: _Late) -> frozenset[int]:
    day: date = sending_day(office.now(), late.state.calendar)
    return await uow.correspondence.written_to(LetterKind.NUDGE, late.people, day)
