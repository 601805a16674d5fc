"""One sweep: decide what is due, write it, and send until each letter has ended or must wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
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
from bot.services import reminders
from bot.services.letter_updates import refresh
from bot.services.letters import Tally, deliver_all
from bot.services.office import Office
from bot.slack.delivery import Courier

Sleep = Callable[[float], Awaitable[None]]

# A letter whose next try is further away is left to the next sweep.
PATIENCE = timedelta(seconds=30)
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
    if any(end is LetterState.UNDELIVERABLE for end in report.tally.ends.values()):
        # The coordinator is told today of whom we could not reach today.
        await _plan_and_send(office, courier, at, sleep, report)
    await _count_waiting(office, at, report)
    while await refresh(office, courier, at=at):
        pass
    return report


async def plan(office: Office, *, at: datetime) -> int:
    """Write the letters that are due at an instant; how many this call wrote."""
    async with office.database.begin() as uow:
        planned = await reminders.plan(
            uow, at=at, machine_now=office.machine.now(), forms=office.forms
        )
        await uow.commit()
    return planned


async def is_due(office: Office, *, at: datetime) -> bool:
    """Whether there may be a letter to write; on SQLite this look holds up no writer."""
    if not OfficeCalendar().in_sending_window(at):
        return False
    async with office.database.read() as uow:
        return await reminders.is_due(uow, at=at, forms=office.forms)


async def rehearse(office: Office, instants: list[datetime]) -> Report:
    """How many letters a run over these instants would write; nothing is kept or sent."""
    report = Report()
    async with office.database.begin() as uow:
        for at in instants:
            report.planned += await reminders.plan(
                uow, at=at, machine_now=office.machine.now(), forms=office.forms
            )
    return report


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
