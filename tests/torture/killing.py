"""One round of many owners, sent by real processes that are killed at random moments.

A process is `kaikaku work`, ended by SIGKILL and started again. What it had taken is free for
others when its lease ends; that time passes at once, as soon as nobody is left who could still be
sending.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, update

from bot.clock import SystemClock
from bot.domain.letters import LEASE, LetterState
from playground import Fault, SlackStandIn, User
from storage.database import Database
from storage.models import Letter
from tests.peers.owners import messages_each, settle_owners
from tests.scenarios.office import OPENING, instant
from tests.scenarios.processes import Process, environment_for, kaikaku_running

OWNERS = 100
# Seconds from a process's first call to its end: it plans, claims, sends and records in them.
_LIFE = 1.6
# Every so many kills the power fails: all processes die at once.
_POWER_CUT = 4
# How slow Slack is, by the number of processes: a round lasts long enough to be disturbed often.
_PACE = {1: 1, 3: 5}
_START_SECONDS = 60.0
_END_SECONDS = 90.0
# Letters wait for a reading of the directory, but not longer than five minutes.
_DOWN = timedelta(minutes=6)


@dataclass
class Toll:
    """What the killing came to; ``messages``: how many owners have so many messages."""

    kills: Counter[str] = field(default_factory=Counter)
    taken: int = 0  # letters that a dead process had taken
    arrived: int = 0  # of those, in Slack already
    messages: Counter[int] = field(default_factory=Counter)

    def __add__(self, other: Toll) -> Toll:
        return Toll(
            self.kills + other.kills,
            self.taken + other.taken,
            self.arrived + other.arrived,
            self.messages + other.messages,
        )


@dataclass
class _Round:
    """A workspace, a database, and the processes between them."""

    slack: SlackStandIn
    owners: Sequence[User]
    database: Database
    database_url: str
    clock_file: Path
    lives: AsyncExitStack
    crew: list[Process] = field(default_factory=list)
    toll: Toll = field(default_factory=Toll)
    away: timedelta = timedelta()

    async def start(self, count: int) -> None:
        """So many more processes, all of which have made their first call."""
        known = len(self.slack.calls("auth.test"))
        env = environment_for(self.slack, self.database_url, way="http")
        env |= {"KAIKAKU_CLOCK": str(self.clock_file), "LOG_LEVEL": "WARNING"}
        for _ in range(count):
            process = await self.lives.enter_async_context(kaikaku_running("work", env=env))
            self.crew.append(process)
        await self.slack.wait_until(
            lambda: len(self.slack.calls("auth.test")) >= known + count, timeout=_START_SECONDS
        )

    async def kill(self, *victims: Process) -> None:
        """End them in the middle of whatever they do."""
        for process in victims:
            self.crew.remove(process)
            process.inner.kill()
        for process in victims:
            await process.inner.wait()
        self.set_clock(self.away + _DOWN)

    def note_kill(self) -> None:
        """Remember whether it falls before the first message, after the last, or between them."""
        each = messages_each(self.slack, self.owners)
        before = each[0] == len(self.owners)
        self.toll.kills["before" if before else "between" if each[0] else "after"] += 1

    def set_clock(self, away: timedelta) -> None:
        """It is so long after 9:30 of the opening day; a reader never finds half a number."""
        self.away = away
        seconds = (instant(OPENING) + away - SystemClock().now()).total_seconds()
        new = self.clock_file.with_suffix(".new")
        new.write_text(f"{seconds:.3f}", encoding="ascii")
        new.replace(self.clock_file)

    async def let_leases_end(self) -> None:
        """The time passes in which nobody else may touch what the dead had taken.

        By then whatever they were sending has arrived, or never will.
        """
        await self.slack.server.hear_out()
        calls = self.slack.calls("chat.postMessage")
        await self.slack.wait_until(
            lambda: all(call.outcome != "pending" for call in calls), timeout=10
        )
        async with self.database.begin() as uow:
            taken = col(Letter.state) == LetterState.SENDING.value
            over = {"lease_until": SystemClock().now() - LEASE}
            ended = update(Letter).where(taken).values(**over).returning(col(Letter.token))
            tokens = set((await uow.outbox._session.exec(ended)).scalars())
            await uow.commit()
        self.toll.taken += len(tokens)
        self.toll.arrived += len(tokens & self._keys())

    def _keys(self) -> set[str]:
        found = (m.metadata for user in self.owners for m in self.slack.messages(user))
        return {str(metadata["event_payload"]["key"]) for metadata in found if metadata}

    async def see_it_through(self) -> None:
        """Wait until it is over, or for as long as we wait at all."""
        until = time.monotonic() + _END_SECONDS
        # Other processes make it so: nothing here would set an event.
        while not await self.is_over() and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    async def is_over(self) -> bool:
        """Whether every owner's letter is recorded as sent."""
        async with self.database.read() as uow:
            counts = await uow.outbox.counts()
        return counts.get(LetterState.SENT.value, 0) >= len(self.owners)


async def torture(
    database_url: str,
    folder: Path,
    *,
    seed: int,
    owners: int = OWNERS,
    kills: int = 8,
    crew: int = 1,
    real_leases: bool = False,
) -> Toll:
    """Kill up to so often in one round, as long as it lasts, and see it through; what came of it.

    ``crew`` processes share the work. With ``real_leases`` the living wait for what the dead had
    taken, 20 s, as they would in an office.
    """
    dice = random.Random(seed)
    async with _set_up(database_url, folder, owners=owners, pace=_PACE[crew]) as round_:
        await round_.start(crew)
        for count in range(1, kills + 1):
            await asyncio.sleep(dice.uniform(0, _LIFE))
            if await round_.is_over():
                break
            power_cut = count % _POWER_CUT == 0 or count == kills
            victims = list(round_.crew) if power_cut else [dice.choice(round_.crew)]
            round_.note_kill()
            await round_.kill(*victims)
            if not round_.crew and not real_leases:
                await round_.let_leases_end()
            await round_.start(len(victims))
        await round_.see_it_through()
        await round_.kill(*round_.crew)
        return replace(round_.toll, messages=messages_each(round_.slack, round_.owners))


@asynccontextmanager
async def _set_up(
    database_url: str, folder: Path, *, owners: int, pace: int
) -> AsyncIterator[_Round]:
    async with SlackStandIn() as slack, AsyncExitStack() as lives:
        users = await settle_owners(database_url, slack, owners)
        # Of letters sent side by side some end early and some late; so do looks for them.
        for turn in range(8):
            slow = Fault.slow(pace * (0.02 + 0.04 * turn))
            slack.faults.on("chat.postMessage", slow, where=_to(users[turn::8]))
        slack.faults.on("conversations.history", Fault.slow(0.02))
        database = Database(database_url)
        lives.push_async_callback(database.dispose)
        round_ = _Round(slack, users, database, database_url, folder / "clock", lives)
        round_.set_clock(timedelta())
        yield round_


def _to(users: Sequence[User]) -> Callable[[dict[str, Any]], bool]:
    ids = {user.id for user in users}
    return lambda arguments: arguments["channel"] in ids
