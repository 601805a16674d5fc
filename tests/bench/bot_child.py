"""The bot as it is measured: bot.app's own wiring, with a clock that stands and no timetable.

Run as `python -m tests.bench.bot_child INSTANT` with settings in the environment.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from cProfile import Profile
from datetime import datetime
from functools import partial
from typing import Any

from bot.app import running, settle
from bot.clock import SetClock
from bot.config import load
from bot.log import setup
from bot.services import sweep
from schedules import jobs
from schedules.jobs import Desk
from schedules.timetable import Entry
from tests.bench.processes import orders, say

# On a busy machine too a form is waited for: 「読み込み中」 is a screen of another cost.
_PATIENCE = 30.0
_OURS = ("bot", "handlers", "schedules", "storage", "tests", "playground", "__main__")


async def _main() -> None:
    settings = load(os.environ)
    setup(settings.log_level, form=settings.log_format)
    clock = SetClock(datetime.fromisoformat(sys.argv[1]))
    desks: list[Desk] = []

    async def take_desk(desk: Desk) -> None:
        desks.append(desk)

    # The one way to the desk at which the bot's own jobs work: to be one of them.
    ours = Entry("bench", 1_000_000, take_desk, "its desk is what the orders below work at")
    async with running(settings, clock=clock, timetable=[ours], patience=_PATIENCE) as bot:
        settle()
        say(port=bot.port)
        await _follow(desks)


async def _follow(desks: list[Desk]) -> None:
    profile = Profile()
    async for order in orders():
        match order["do"]:
            case "deliver":
                say(**await _timed(partial(jobs.deliver, desks[0])))
            case "sweep":
                say(**await _timed(partial(_sweep, desks[0], order["times"])))
            case "modules":
                say(names=sorted(_libraries()))
            case "profile":
                profile.enable()
                say(on=True)
            case "profiled":
                profile.disable()
                profile.dump_stats(order["path"])
                say(main_thread=time.thread_time(), process=time.process_time())


async def _sweep(desk: Desk, times: int) -> None:
    """What the clock does when nothing is due: its look, and a sweep from end to end."""
    for _ in range(times):
        at = desk.office.now()
        await sweep.is_due(desk.office, at=at)
        report = await sweep.run(desk.office, desk.courier, at=at, sleep=asyncio.sleep)
        if any(report.counts().values()):
            raise RuntimeError(f"something was due: {report.counts()}")


async def _timed(work: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    cpu, wall = time.process_time(), time.perf_counter()
    await work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def _libraries() -> set[str]:
    """Every module that is loaded and not of our own writing."""
    return {
        name
        for name, module in sys.modules.items()
        if module is not None and name.partition(".")[0] not in _OURS
    }


if __name__ == "__main__":
    asyncio.run(_main())
