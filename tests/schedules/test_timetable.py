from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import aiohttp
import pytest
from apscheduler.schedulers import base

from bot import clock
from bot.background import Background
from bot.clock import SystemClock
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.slack.delivery import connected
from bot.slack.directory import Directory
from schedules import jobs, timetable
from schedules.jobs import Desk
from schedules.timetable import TIMETABLE, Entry, _tick, start_scheduler
from storage.database import JOB_WAIT, Database


def _starting(background: Background) -> Any:
    def start(work: Coroutine[Any, Any, None], action: str) -> asyncio.Task[None]:
        return background.start(work, action=action)

    return start


def test_each_line_of_the_timetable_has_a_name_a_reason_and_its_own_job() -> None:
    names = {"accounts", "plan", "deliver", "refresh", "drafts", "clock"}
    assert {entry.name for entry in TIMETABLE} == names
    assert all(entry.why and entry.every > 0 for entry in TIMETABLE)
    assert len({entry.what for entry in TIMETABLE}) == len(TIMETABLE)


async def test_a_look_for_what_is_to_be_sent_or_updated_waits_for_nobody_who_writes(
    sqlite_url: str,
) -> None:
    """Every few seconds, all year: on SQLite there is one writer at a time."""
    desk, rival = await _bare_desk(sqlite_url), Database(sqlite_url)

    async with rival.begin(), asyncio.timeout(JOB_WAIT / 2):
        await jobs.deliver(desk)
        await jobs.refresh(desk)
        await jobs.put_right(desk)

    for each in (desk.office.database, rival):
        await each.dispose()


async def test_a_job_that_fails_is_tried_again_at_the_next_tick(sqlite_url: str) -> None:
    tries = asyncio.Semaphore(0)

    async def fail(_desk: Desk) -> None:
        tries.release()
        raise ValueError

    background = Background()
    desk = await _bare_desk(sqlite_url)
    scheduler = start_scheduler(
        desk, _starting(background), (Entry("fail", 0.02, fail, "to see it fail"),)
    )
    async with asyncio.timeout(5):
        for _ in range(3):
            await tries.acquire()
    desk.stopping.asked = True
    scheduler.shutdown(wait=False)

    assert await background.drain(5)


async def test_a_job_never_runs_twice_at_once_and_is_let_end_by_a_stop(sqlite_url: str) -> None:
    running, most, ended, begun = 0, 0, 0, asyncio.Event()

    async def slowly(_desk: Desk) -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        begun.set()
        for _ in range(50):
            await asyncio.sleep(0.001)
        running -= 1
        ended += 1

    background = Background()
    desk = await _bare_desk(sqlite_url)
    scheduler = start_scheduler(
        desk, _starting(background), (Entry("slow", 0.01, slowly, "to see it overlap"),)
    )
    await begun.wait()
    desk.stopping.asked = True
    scheduler.shutdown(wait=False)

    assert await background.drain(5)
    assert most == 1
    assert ended >= 1


async def test_a_stop_in_the_middle_of_a_job_is_no_failure(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    begun, going_on, ended = asyncio.Semaphore(0), asyncio.Event(), []

    async def slowly(_desk: Desk) -> None:
        begun.release()
        await going_on.wait()
        ended.append("job")

    background, desk = Background(), await _bare_desk(sqlite_url)
    entry = Entry("slow", 0.01, slowly, "to see it stopped")
    scheduler = start_scheduler(desk, _starting(background), (entry,))
    for _ in range(2):  # the one at the very beginning is not the scheduler's
        await begun.acquire()
    desk.stopping.asked = True
    scheduler.shutdown(wait=False)
    going_on.set()

    assert await background.drain(5)
    assert len(ended) == 2
    assert [line.message for line in caplog.records if line.levelno >= logging.ERROR] == []


async def test_once_a_stop_is_asked_for_no_tick_begins_anything(sqlite_url: str) -> None:
    begun = []

    async def note(_desk: Desk) -> None:
        begun.append("job")

    background, desk = Background(), await _bare_desk(sqlite_url)
    entry = Entry("note", 1, note, "to see it begin")
    await _tick(entry, desk, _starting(background))
    desk.stopping.asked = True

    await _tick(entry, desk, _starting(background))

    assert begun == ["job"]


@pytest.mark.parametrize("jump", [timedelta(days=-365), timedelta(days=365)])
async def test_ticks_go_on_when_the_machines_clock_jumps(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    class Jumped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + jump  # noqa: TID251 - the machine's own

    ticks = asyncio.Semaphore(0)

    async def tick(_desk: Desk) -> None:
        ticks.release()

    background, desk = Background(), await _bare_desk(sqlite_url)
    monkeypatch.setattr(timetable, "_LOOK", 0.01)
    entry = Entry("tick", 0.2, tick, "to see it go on")
    scheduler = start_scheduler(desk, _starting(background), (entry,))
    async with asyncio.timeout(5):
        for _ in range(2):
            await ticks.acquire()
        for module in (base, clock):
            monkeypatch.setattr(module, "datetime", Jumped)
        (job,) = scheduler.get_jobs()
        assert len(_missed(job, Jumped.now(UTC))) <= 1
        for _ in range(2):
            await ticks.acquire()
    desk.stopping.asked = True
    scheduler.shutdown(wait=False)

    assert await background.drain(5)


def _missed(job: Any, now: datetime) -> list[datetime]:
    """The first of the runs that the scheduler would make up for."""
    missed: list[datetime] = []
    moment = job.next_run_time
    while moment <= now and len(missed) < 10:
        missed.append(moment)
        moment = job.trigger.get_next_fire_time(moment, now)
    return missed


async def _bare_desk(sqlite_url: str) -> Desk:
    """A desk whose jobs, in these tests, neither read nor send anything."""
    token, url = "xoxb-none", "http://127.0.0.1:9/api/"
    async with connected(token=token, base_url=url) as courier, aiohttp.ClientSession() as session:
        directory = Directory(token=token, base_url=url, session=session)
        return Desk(Office(Database(sqlite_url), SystemClock(), FORMS), courier, directory)
