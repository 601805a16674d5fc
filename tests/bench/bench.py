"""One run: the machine's two cores, a lean Slack, databases, and the processes between them."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp

from tests.bench.databases import Databases, databases
from tests.bench.load import People
from tests.bench.processes import Child, measured_core, on_the_other_core, spawned
from tests.bench.slack import SECRET, LeanSlack
from tests.scenarios.office import instant

# A Monday morning within the round; nothing falls on it.
A_MORNING = instant("2026-09-07", "10:00")


@dataclass(frozen=True)
class Size:
    """How much is done: pairs of measurements, deeds in each, and how large the city is."""

    runs: int = 7
    deeds: int = 250
    wards: int = 24
    letter_wards: int = 150
    past_years: int = 25
    interactions: int = 10_000
    starts: int = 7


TINY = Size(1, 4, 2, 2, 1, 20, 1)


@dataclass(frozen=True)
class Bench:
    """What a measurement works with."""

    size: Size
    slack: LeanSlack
    databases: Databases
    folder: Path
    core: int
    is_sqlite: bool

    @asynccontextmanager
    async def bot(
        self, url: str, *, at: datetime = A_MORNING
    ) -> AsyncIterator[tuple[Child, People]]:
        """The whole bot on a database, its clock standing at ``at``; and people in front of it."""
        env = self.slack.settings(url)
        async with (
            spawned(
                "tests.bench.bot_child",
                at.isoformat(),
                core=self.core,
                env=env,
                folder=self.folder,
            ) as child,
            aiohttp.ClientSession() as session,
        ):
            yield child, People(self.slack, session, child.told["port"])

    @asynccontextmanager
    async def floor(self, *, first: bool = True) -> AsyncIterator[tuple[Child, People]]:
        """Bare Bolt; ``first``: it acknowledges once its empty listener has ended."""
        env = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": self.slack.api_url}
        async with (
            spawned(
                "tests.bench.floor_child",
                "first" if first else "default",
                core=self.core,
                env=env,
                folder=self.folder,
            ) as child,
            aiohttp.ClientSession() as session,
        ):
            yield child, People(self.slack, session, child.told["port"])

    async def pairs(
        self, floor: Callable[[], Awaitable[float]], ours: Callable[[], Awaitable[float]]
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Floor and ours by turns, so that both see the same machine; a first pair warms up."""
        found = [(await floor(), await ours()) for _ in range(self.size.runs + 1)]
        floors, mine = zip(*found[1:], strict=True)
        return floors, mine


@asynccontextmanager
async def opened(size: Size, *, kind: str = "sqlite") -> AsyncIterator[Bench]:
    """A run's own Slack and databases, gone afterwards; the load keeps to the second core."""
    core = measured_core()
    slack = LeanSlack()
    with tempfile.TemporaryDirectory(prefix="kaikaku-bench-") as name:
        folder = Path(name)
        with databases(kind, folder) as found, on_the_other_core():
            await slack.start()
            try:
                yield Bench(size, slack, found, folder, core, kind == "sqlite")
            finally:
                await slack.stop()
