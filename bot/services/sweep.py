"""One sweep: decide what is due, write it, and send until each letter has ended or must wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.calendar import (
    TOKYO,
    WINDOW_OPENS,
    OfficeCalendar,
    at_tokyo,
    japanese_date,
)
from bot.domain.letters import LetterState
from bot.services import digests, reminders
from bot.services.letter_updates import is_any_waiting, refresh
from bot.services.letters import Tally, deliver_all
from bot.services.office import Office
from bot.slack.delivery import Courier

Sleep = Callable[[float], Awaitable[None]]

# A letter whose next try is further away is left to the next sweep.
PATIENCE = timedelta(seconds=30)
# Letters written in one transaction: others who write wait for it.
_AT_ONCE = 100
_SHORTEST_NAP = 0.3
# What another process has claimed has mostly ended long before its lease: look again.
_LONGEST_NAP = 1.0


@dataclass
class Report:
    """What a sweep did. ``planned`` counts letters that it wrote; the rest how they ended."""

    planned: int = 0
    tally: Tally = field(default_factory=Tally)

    def counts(self) -> dict[str, int]:
        """Numbers for scripts."""
        return {"planned": self.planned, **self.tally.counts()}


async def run(
    office: Office,
    courier: Courier,
    *,
    at: datetime,
    sleep: Sleep,
    report: Report | None = None,
) -> Report:
    """Sweep at one instant. Safe to repeat and to run in several processes at once."""
    report = report or Report()
    await _plan_and_send(office, courier, at, sleep, report)
    again = {LetterState.UNDELIVERABLE, LetterState.WITHDRAWN}
    if again & set(report.tally.ends.values()):
        # The coordinator is told today of whom we could not reach today, and whoever was not
        # reached on a letter's own day has today's.
        await _plan_and_send(office, courier, at, sleep, report)
    await _count_waiting(office, at, report)
    while await is_any_waiting(office):
        await refresh(office, courier, at=at)
        await sleep(_SHORTEST_NAP)
    return report


async def plan(office: Office, *, at: datetime) -> int:
    """Write the letters that are due at an instant; how many this call wrote.

    Safe to run twice, late, or in several processes at once. What is due is found without holding
    up anybody who writes, and written a few letters at a time.
    """
    planned = await decide(office, at=at)
    written = sum([await _write(office, some, at) for some in _batches(planned)])
    return written + await digests.plan(office, at=at)


async def decide(office: Office, *, at: datetime) -> tuple[reminders.Planned, ...]:
    """The letters that are due and not yet written; on SQLite this look holds up no writer."""
    if not OfficeCalendar().in_sending_window(at):
        return ()
    async with office.database.read() as uow:
        return await reminders.decide(uow, at=at, forms=office.forms)


async def is_due(office: Office, *, at: datetime) -> bool:
    """Whether there is a letter to write."""
    return bool(await decide(office, at=at)) or await digests.is_due(office, at=at)


async def rehearse(office: Office, instants: list[datetime]) -> Report:
    """How many letters a run over these instants would write; nothing is kept or sent."""
    report = Report()
    now = office.machine.now()
    async with office.database.begin() as uow:
        for at in instants:
            planned = await reminders.decide(uow, at=at, forms=office.forms)
            day = japanese_date(at)
            report.planned += await reminders.write(uow, planned, day=day, machine_now=now)
    return report


async def _write(office: Office, planned: Sequence[reminders.Planned], at: datetime) -> int:
    now, day = office.machine.now(), japanese_date(at)
    async with office.database.begin() as uow:
        written = await reminders.write(uow, planned, day=day, machine_now=now)
        await uow.commit()
    return written


def _batches(planned: Sequence[reminders.Planned]) -> list[Sequence[reminders.Planned]]:
    return [planned[n : n + _AT_ONCE] for n in range(0, len(planned), _AT_ONCE)]


def instants(at: datetime, until: datetime | None) -> list[datetime]:
    """When to sweep: at ``at``, and at 9:30 of each business day after it up to ``until``."""
    return [at, *_mornings(at, until)] if until else [at]


def _mornings(at: datetime, until: datetime) -> Iterator[datetime]:
    calendar = OfficeCalendar()
    day = japanese_date(at)
    while at_tokyo(day, WINDOW_OPENS) <= until.astimezone(TOKYO):
        if calendar.is_business_day(day) and at_tokyo(day, WINDOW_OPENS) > at:
            yield at_tokyo(day, WINDOW_OPENS)
        day += timedelta(days=1)


async def _plan_and_send(
    office: Office, courier: Courier, at: datetime, sleep: Sleep, report: Report
) -> None:
    report.planned += await plan(office, at=at)
    while True:
        if await deliver_all(office, courier, now=lambda: at, tally=report.tally):
            continue
        wait = await _until_next_try(office, at)
        if wait is None or wait > PATIENCE:
            return
        await sleep(min(max(wait.total_seconds(), _SHORTEST_NAP), _LONGEST_NAP))


async def _count_waiting(office: Office, at: datetime, report: Report) -> None:
    """Letters whose next try is too far away are deferred, also those never tried here."""
    async with office.database.read() as uow:
        for letter_id in await uow.outbox.deferred(day=japanese_date(at)):
            report.tally.ends.setdefault(letter_id, LetterState.PENDING)


async def _until_next_try(office: Office, at: datetime) -> timedelta | None:
    if not OfficeCalendar().in_sending_window(at):
        return None
    now = office.machine.now()
    async with office.database.read() as uow:
        moment = await uow.outbox.next_try(now=now, day=japanese_date(at))
    return moment - now if moment else None
