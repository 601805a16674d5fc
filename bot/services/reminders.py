"""Deciding and writing letters: given an instant, what is due in each round and not yet written."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.form import Form
from bot.domain.letters import LetterKind, LetterState, doubt_since, scheduled_key
from bot.domain.rounds import StepKind
from bot.services.act_letters import unsent
from bot.services.backups import RESTORED
from bot.services.duties import duties_of
from bot.services.handover_news import Transfer, news_at, untold
from storage.models import Account
from storage.outbox import Draft
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

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


async def decide(
    uow: UnitOfWork, *, at: datetime, forms: Mapping[str, Form]
) -> tuple[Planned, ...]:
    """Every letter that is due at an instant and not yet written, with nothing written.

    Nothing is due outside 9:30 to 17:30 on a business day of the unit.
    """
    planned: dict[tuple[LetterKind, int], Planned] = {}
    for row in await uow.rounds.speaking_on(japanese_date(at)):
        if not _is_known(row, forms):
            continue
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


def _is_known(row: Any, forms: Mapping[str, Form]) -> bool:
    """Of a form that came after this process was started nothing can be said; other wards' rounds
    do not wait for that.
    """
    form = forms.get(row.form)
    if form is not None and form.has_stage(row.stage):
        return True
    log.error(
        "A round is of a form that came after this process: start it anew.",
        extra={"action": "form.unknown", "round": row.id},
    )
    return False


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
        await uow.letter_updates.ask({planned.account.person_id}, row.id or 0, now)


async def _restored_on(uow: UnitOfWork) -> date | None:
    entry = await uow.audit.newest(RESTORED)
    return date.fromisoformat(entry.detail["on"]) if entry else None


def _draft(planned: Planned, *, day: date, machine_now: datetime) -> Draft:
    key = scheduled_key(planned.kind, planned.account.person_id, day)
    values = unsent(planned.kind, key, planned.account, day=day, next_try_at=machine_now)
    if planned.doubtful:
        values |= {"state": LetterState.UNKNOWN.value, "reason": doubt_since(planned.oldest)}
    return Draft(values, tuple(planned.lines))
