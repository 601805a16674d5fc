"""When what is done, and why: the whole timetable, and the scheduler that keeps it.

The scheduler only ticks. What is due is decided from the database and the office's clock each time,
so that a tick may come late, twice, or in several processes at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import SystemClock
from schedules import jobs
from schedules.jobs import Desk

log = logging.getLogger(__name__)

# Starts a job as work that a stop waits for.
Start = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


@dataclass(frozen=True)
class Entry:
    """One line of the timetable."""

    name: str
    every: float  # seconds
    what: Callable[[Desk], Awaitable[None]]
    why: str


TIMETABLE = (
    Entry("deliver", 2, jobs.deliver, "a letter leaves within seconds of being written"),
    Entry("refresh", 3, jobs.refresh, "an answer stops the asking in the letter already sent"),
    Entry("accounts", 300, jobs.accounts, "who has left by 8:00 is not written to at 9:30"),
    Entry("drafts", 3600, jobs.remove_drafts, "what nobody submits is not kept for ever"),
    Entry("clock", 300, jobs.put_right, "a clock that ran ahead and is right again stops nothing"),
    Entry("plan", 60, jobs.plan, "letters are due from 9:30 to 17:30 on business days"),
)


_LOOK = 1.0  # seconds between two looks whether the machine's clock has gone back


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no annotations
    """So long after this moment, whenever the last time was.

    APScheduler's own intervals walk through all that were missed: for a clock that jumps ahead by
    a year, through sixteen million of two seconds.
    """

    def __init__(self, seconds: float) -> None:
        self.length = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """The next tick."""
        return now + self.length


def start_scheduler(
    desk: Desk, start: Start, timetable: Sequence[Entry] = TIMETABLE
) -> AsyncIOScheduler:
    """Tick from now on, everything once at the very beginning.

    A job that is still running is not started again; one that was late runs once, however late.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    for entry in timetable:
        scheduler.add_job(
            _tick,
            Every(entry.every),
            args=(entry, desk, start),
            id=entry.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        start(_once(entry, desk), f"job.{entry.name}")
    scheduler.start()
    _keep_time(scheduler)
    return scheduler


def _keep_time(scheduler: AsyncIOScheduler) -> None:
    """The scheduler waits for moments of the machine's clock: where that has gone back, they are
    further away than any tick is long.
    """
    if not scheduler.running:
        return
    now = SystemClock().now()
    for job in scheduler.get_jobs():
        if job.next_run_time - now > job.trigger.length + timedelta(seconds=_LOOK):
            job.modify(next_run_time=now)
    asyncio.get_running_loop().call_later(_LOOK, _keep_time, scheduler)


async def _tick(entry: Entry, desk: Desk, start: Start) -> None:
    """Shielded: the scheduler cancels its jobs when it stops, and a letter may be on its way."""
    if desk.stopping.asked:
        return
    try:
        await asyncio.shield(start(_once(entry, desk), f"job.{entry.name}"))
    except asyncio.CancelledError:
        if not desk.stopping.asked:  # else it is the stop, and no failure to be logged
            raise


async def _once(entry: Entry, desk: Desk) -> None:
    """The edge at which a failure of a job ends: it is logged, and the next tick tries again."""
    try:
        await entry.what(desk)
    except Exception:
        action = f"job.{entry.name}"
        log.exception("A job failed; it is tried again.", extra={"action": action})
