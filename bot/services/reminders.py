"""Deciding and writing letters: given an instant, what is due in each round and not yet written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.form import Form
from bot.domain.handovers import told_between
from bot.domain.letters import LetterKind, LetterState, doubt_since, scheduled_key
from bot.domain.people import Role
from bot.domain.reminders import (
    Due,
    OpenItem,
    confirmers_due,
    counted_on,
    falls_in_pause,
    managers_due,
    owners_due,
    ward_heads_due,
)
from bot.domain.rounds import Step, StepKind, confirm_due, owner_steps
from bot.domain.status import ItemStatus
from bot.services import return_contents, reviews, round_state
from bot.services.act_letters import unsent
from bot.services.backups import RESTORED
from bot.services.escalation import escalation_of
from bot.services.handover_news import Transfer, news_at, untold
from bot.services.reach import Reach, reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing, standing_of
from bot.views.confirmation_list import Waiting
from storage.models import Account, ReviewRound, RoleGrant
from storage.outbox import Draft
from storage.unit_of_work import UnitOfWork

_LETTER_OF_STEP = {
    StepKind.MANAGERS: LetterKind.MANAGERS,
    StepKind.WARD_HEAD: LetterKind.WARD_HEAD,
    StepKind.COORDINATOR: LetterKind.COORDINATOR,
    StepKind.TO_CONFIRM: LetterKind.TO_CONFIRM,
}


@dataclass
class Planned:
    """The lines that one person's letter of one kind will hold."""

    kind: LetterKind
    account: Account
    lines: list[tuple[int, str]] = field(default_factory=list)
    oldest: date = date.max  # the day of the oldest step
    doubtful: bool = False  # it may have been sent before the database was restored
    passed_on: frozenset[int] = frozenset()  # items that are theirs no longer, which it says


@dataclass(frozen=True)
class Duties:
    """What one round asks to be said today, and to which accounts it can be said."""

    due: tuple[Due, ...]
    reach: Reach


async def decide(
    uow: UnitOfWork, *, at: datetime, forms: Mapping[str, Form]
) -> tuple[Planned, ...]:
    """Every letter that is due at an instant and not yet written, with nothing written.

    Nothing is due outside 9:30 to 17:30 on a business day of the unit.
    """
    planned: dict[tuple[LetterKind, int], Planned] = {}
    for row in await uow.rounds.speaking_on(japanese_date(at)):
        duties = await duties_of(uow, row, at=at, forms=forms)
        for due in duties.due:
            kind = _LETTER_OF_STEP.get(due.step.kind, LetterKind.NOTICE)
            account = duties.reach.accounts[due.person_id]
            letter = planned.setdefault((kind, due.person_id), Planned(kind, account))
            letter.lines.append((due.round_id, due.step.key))
            letter.oldest = min(letter.oldest, due.step.day)
    news = await _transfers(uow, at)
    for letter in await _of_transfers(uow, news, planned):
        planned[letter.kind, letter.account.person_id] = letter
    for (kind, person), letter in planned.items():
        if kind is LetterKind.NOTICE:
            letter.passed_on = _passed_on(news.get(person, ()))
    restored_on = await _restored_on(uow) if planned else None
    for letter in planned.values():
        letter.doubtful = restored_on is not None and letter.oldest <= restored_on
    return tuple(planned.values())


async def _transfers(uow: UnitOfWork, at: datetime) -> Mapping[int, Sequence[Transfer]]:
    """What new and former owners have not been told yet, by person."""
    if not OfficeCalendar().in_sending_window(at):
        return {}
    return await untold(uow, await news_at(uow, at), japanese_date(at))


def _passed_on(transfers: Iterable[Transfer]) -> frozenset[int]:
    return frozenset(item for each in transfers if not each.received for item in each.items)


async def _of_transfers(
    uow: UnitOfWork,
    news: Mapping[int, Sequence[Transfer]],
    planned: Collection[tuple[LetterKind, int]],
) -> list[Planned]:
    """Letters to those who took over items or handed them over and are told nothing else today.

    Where there is a notice it says so itself.
    """
    told = {
        person: transfers
        for person, transfers in news.items()
        if (LetterKind.NOTICE, person) not in planned and any(each.open_now for each in transfers)
    }
    accounts = await uow.people.accounts(told) if told else {}
    return [
        Planned(LetterKind.NOTICE, account, oldest=min(each.first for each in told[person]))
        for person, account in sorted(accounts.items())
        if account.deactivated_at is None
    ]


async def write(
    uow: UnitOfWork, planned: Iterable[Planned], *, day: date, machine_now: datetime
) -> int:
    """Write letters that were decided a moment ago, dated ``day``; how many this call wrote.

    The unique keys judge what has been written meanwhile, by this process or another; what has
    been answered, moved or paused meanwhile is left out when a letter is composed. The caller
    commits.
    """
    listed = list(planned)
    drafts = [_draft(each, day=day, machine_now=machine_now) for each in listed]
    for each in listed:
        if each.passed_on:
            await _take_buttons_away(uow, each, machine_now)
    return len(await uow.outbox.write_all(drafts))


async def _take_buttons_away(uow: UnitOfWork, planned: Planned, now: datetime) -> None:
    """Letters that asked a former owner for items ask for them no more."""
    plans = await uow.plans.plan_ids(planned.passed_on)
    for row in await uow.rounds.of_plans(plans):
        await uow.outbox.ask_refresh({planned.account.person_id}, row.id or 0, now)


async def duties_of(
    uow: UnitOfWork, row: ReviewRound, *, at: datetime, forms: Mapping[str, Form]
) -> Duties:
    """What a round asks to be said at an instant to people who can be reached."""
    today = japanese_date(at)
    state = await round_state.load(uow, row, today=today, forms=forms)
    told = await uow.outbox.told(state.round.id)
    known = await reach(uow, state)
    if not state.calendar.in_sending_window(at):
        return Duties((), known)
    standing = await standing_of(uow, state)
    items = open_items(state, standing, known.accounts)
    above = [
        *await _to_managers(uow, state, items, told),
        *await _to_confirmers(uow, state, told),
        *await _to_coordinators(uow, state, known, standing, told),
    ]
    due = [
        *_to_owners(state, standing, items, told),
        *return_contents.returns_due(state, told),
        *_to_new_owners(state, standing, told),
        # Who is away hears nothing; back again, they are told how it stands on that day.
        *(each for each in above if each.person_id not in state.presence.gone),
    ]
    return Duties(
        tuple(
            each
            for each in due
            if each.person_id in known.accounts
            and not falls_in_pause(
                counted_on(each.step.key, each.step.day, today), state.paused_until
            )
        ),
        known,
    )


def open_items(state: RoundState, standing: Standing, reachable: Collection[int]) -> list[OpenItem]:
    """The round's items as reminders see them, with the recipients who can be reached."""
    return [
        OpenItem(
            id=item.id,
            recipients=standing.told(item.id) & item.attendance.present & frozenset(reachable),
            outstanding=item.status.is_asked(state.today),
            asked_again=item.asked_again,
            mend_by=item.status.mend_by,
            stand_ins=_stand_ins(state, standing, item, reachable),
            unattended=item.is_unattended,
        )
        for item in state.items
    ]


def _stand_ins(
    state: RoundState, standing: Standing, item: ItemRecord, reachable: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Deputies who are to be told today: of an absence entered meanwhile, not before tomorrow."""
    gone, told = state.presence.gone, standing.told(item.id)
    return frozenset(
        (deputy, owner)
        for deputy, owner in item.attendance.stand_ins
        if deputy in reachable and deputy in told and gone[owner].told_from <= state.today
    )


def _to_new_owners(
    state: RoundState, standing: Standing, told: Mapping[int, set[str]]
) -> list[Due]:
    """Who took over an item after they had been told of the newest step, for what they had then.

    They are asked for it in the first days, and not only when the next step comes. What had been
    sent back has no step of the ladder: of that they hear in any case.
    """
    due = _of_items_taken(state, standing, told, StepKind.TAKEN)
    if state.today > state.round.dates.closes:
        return due
    passed = [s for s in owner_steps(state.round, state.calendar) if s.day <= state.today]
    newest = passed[-1] if passed else None
    asked = _of_items_taken(state, standing, told, StepKind.HANDOVER)
    return due + [
        each
        for each in asked
        if newest and newest.day < _since(each.step) and newest.key in told.get(each.person_id, ())
    ]


def _of_items_taken(
    state: RoundState, standing: Standing, told: Mapping[int, set[str]], kind: StepKind
) -> list[Due]:
    """Who took over something of a kind, and is told of it these days for the first time.

    What was sent back while somebody was away is as new to them when they are back.
    """
    taken = {
        (person, since)
        for item in state.items
        if _came_as(kind, item, state.today)
        for person in standing.told(item.id) & item.attendance.present
        for since in _theirs_since(state, item, person, kind)
    }
    return [
        Due(person, state.round.id, step)
        for person, day in sorted(taken)
        for first, last in [told_between(day, state.paused_until, state.calendar)]
        for step in [Step(kind, f"{kind}:{day}", first)]
        if first <= state.today <= last and step.key not in told.get(person, ())
    ]


def _theirs_since(
    state: RoundState, item: ItemRecord, person: int, kind: StepKind
) -> Iterator[date]:
    yield from (o.valid_from for o in item.ownerships if o.person_id == person and o.valid_from)
    if kind is StepKind.TAKEN:
        ended = (each.last for each in state.presence.ended if each.person_id == person)
        yield from (last + timedelta(days=1) for last in ended if last is not None)


def _came_as(kind: StepKind, item: ItemRecord, today: date) -> bool:
    """Whether a step of that kind asks for it; on its last day another says that it is to be mended
    today.
    """
    mend_by = item.status.mend_by
    if kind is StepKind.TAKEN:
        return mend_by is not None and mend_by > today
    return item.status.is_asked(today)


def _since(step: Step) -> date:
    return date.fromisoformat(step.key.partition(":")[2])


def _to_owners(
    state: RoundState, standing: Standing, items: Sequence[OpenItem], told: Mapping[int, set[str]]
) -> list[Due]:
    return owners_due(
        state.round,
        items,
        told,
        today=state.today,
        calendar=state.calendar,
        planned=standing.planned,
    )


async def _to_managers(
    uow: UnitOfWork, state: RoundState, items: Sequence[OpenItem], told: Mapping[int, set[str]]
) -> list[Due]:
    above = await escalation_of(uow, state)
    round_, today, calendar = state.round, state.today, state.calendar
    return [
        *managers_due(round_, above.lists, items, told, today=today, calendar=calendar),
        *ward_heads_due(round_, above.heads, items, told, today=today, calendar=calendar),
    ]


async def _to_confirmers(
    uow: UnitOfWork, state: RoundState, told: Mapping[int, set[str]]
) -> list[Due]:
    if not state.round.levels:
        return []
    held: dict[int, list[RoleGrant]] = {}
    for grant in await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, state.today):
        held.setdefault(grant.person_id, []).append(grant)
    chiefs = await reviews.chiefs_in(uow, state)
    waiting = {
        person: {
            _waiting_key(each)
            for each in reviews.waiting_for(reviews.as_manager(person, grants), state, chiefs)
        }
        for person, grants in held.items()
    }
    return confirmers_due(state.round, waiting, told, today=state.today)


def _waiting_key(waiting: Waiting) -> str:
    answer = f"{waiting.item.initiative_id}:{waiting.revision}:{waiting.level}"
    return f"{StepKind.TO_CONFIRM}:{answer}"


async def _to_coordinators(
    uow: UnitOfWork,
    state: RoundState,
    known: Reach,
    standing: Standing,
    told: Mapping[int, set[str]],
) -> list[Due]:
    # After entry has closed the coordinator alone can still answer, until publication.
    published = state.today > state.round.dates.publishes
    needed = needs_a_hand(state, known) or bool(standing.consultations)
    if not (_is_unasked(state, known) if published else needed):
        return []
    situation = _situation(state, known, standing)
    step = Step(StepKind.COORDINATOR, f"coordinator:{situation}", state.today)
    return [
        Due(grant.person_id, state.round.id, step)
        for grant in await uow.people.grants_in_unit(state.unit_id, Role.COORDINATOR, state.today)
        if step.key not in told.get(grant.person_id, ())
    ]


def _situation(state: RoundState, known: Reach, standing: Standing) -> str:
    """What a report would say, as a key: the same is not said twice, but what is late is daily."""
    pressing = bool(pressing_items(state))
    urgent = _is_late(state) or _is_unasked(state, known) or pressing
    unowned = [item.id for item in state.items if item.status.outstanding and not item.owner_ids]
    said: list[object] = [state.today.isoformat() if urgent else "", unowned]
    said.append(sorted(known.unreachable.items()))
    if standing.consultations:
        said.append(list(standing.consultations))
    if alone := [item.id for item in unattended_items(state)]:
        said.append({"unattended": alone})
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _is_late(state: RoundState) -> bool:
    outstanding = any(
        item.status.is_asked(state.today) and (item.is_unattended or not item.status.away)
        for item in state.items
    )
    return outstanding and state.round.is_overdue(state.today)


def unattended_items(state: RoundState) -> list[ItemRecord]:
    """What is asked of owners who are away, with nobody to answer in their place."""
    return [
        item
        for item in state.items
        if item.is_unattended and item.status.outstanding and state.today <= state.entry_until(item)
    ]


def pressing_items(state: RoundState) -> list[ItemStatus]:
    """What owners have still to mend and managers to confirm, as far as it presses.

    What was to be mended by a day that has passed; and once entry is closing, also what waits to
    be mended or confirmed before publication.
    """
    closing = state.today >= state.round.dates.closes
    return [
        status
        for status in state.statuses
        if status.is_mended_late(state.today)
        or (closing and (status.mend_by is not None or status.waits_for is not None))
    ]


def needs_a_hand(state: RoundState, known: Reach) -> bool:
    """Whether a coordinator has something to do: late, unowned, unreachable or not confirmed.

    Also what is asked of somebody who is away, when nobody stands in for them.
    """
    unowned = any(item.status.outstanding and not item.owner_ids for item in state.items)
    alone = unowned or bool(unattended_items(state))
    return _is_late(state) or alone or bool(known.unreachable or pressing_items(state))


def _is_unasked(state: RoundState, known: Reach) -> bool:
    """Whether figures are to be confirmed these days by somebody who can't be asked in Slack."""
    return any(
        asked <= state.today <= confirm_due(asked, state.calendar)
        for item in state.items
        if (asked := state.asked_on(item))
        and (item.is_unattended or item.attendance.asked & set(known.unreachable))
    )


async def _restored_on(uow: UnitOfWork) -> date | None:
    entry = await uow.audit.newest(RESTORED)
    return date.fromisoformat(entry.detail["on"]) if entry else None


def _draft(planned: Planned, *, day: date, machine_now: datetime) -> Draft:
    key = scheduled_key(planned.kind, planned.account.person_id, day)
    values = unsent(planned.kind, key, planned.account, day=day, next_try_at=machine_now)
    if planned.doubtful:
        values |= {"state": LetterState.UNKNOWN.value, "reason": doubt_since(planned.oldest)}
    return Draft(values, tuple(planned.lines))
