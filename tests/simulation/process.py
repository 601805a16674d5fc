"""One process of the bot: its database, its way to Slack, its jobs, and its sudden end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.domain.errors import NotSaved, Refused
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.slack.directory import Directory
from schedules.jobs import Desk
from storage.database import Database
from storage.reader import Known
from storage.unit_of_work import UnitOfWork
from tests.simulation.connection import BASE_URL, Connection
from tests.simulation.gate import Gate, Killed
from tests.simulation.slack import TEAM, Workspace
from tests.simulation.story import Story
from tests.simulation.weather import Weather

_TOKEN = "xoxb-simulated"
_MOMENT = 0.02  # seconds at most between two transactions of one task
_LONGEST_JOB = 600.0  # seconds; the longest of a year takes some twenty

Engines = dict[tuple[str, str], "Engine"]


@dataclass
class Engine:
    """An engine with the statements that it knows and the connections that it has opened."""

    inner: AsyncEngine
    known: Known = field(default_factory=dict)
    opened: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        event.listen(self.inner.sync_engine, "connect", self._note)

    def _note(self, connection: Any, _entry: ConnectionPoolEntry) -> None:
        self.opened.append(connection)

    async def abandon(self) -> None:
        """Close every connection, also those that a killed task has left in the middle."""
        await self.inner.dispose()
        for connection in self.opened:
            if isinstance(connection, sqlite3.Connection):
                connection.close()
        self.opened.clear()


class FragileDatabase(Database):
    """The real one, on whose every transaction the process may die, wait its turn or give up.

    An engine is kept from one life to the next: only its connections are state, and compiling the
    statements anew would take longer than the simulated day.
    """

    def __init__(self, url: str, gate: Gate, engines: Engines) -> None:
        super().__init__(url)
        self.gate = gate
        self.engine = engines.setdefault((url, gate.name), Engine(self._engine))
        self._engine, self._known = self.engine.inner, self.engine.known

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        await self._wait_a_moment("begin")
        if self.gate.stubbornness and self.gate.rng.random() < self.gate.stubbornness:
            self.gate.story.tell(f"{self.gate.name} finds the database locked")
            raise NotSaved("locked")
        async with super().begin() as uow:
            commit = uow.commit

            async def commit_at_risk() -> None:
                self.gate.enter("commit")
                await commit()
                self.gate.enter("committed")

            uow.commit = commit_at_risk  # type: ignore[method-assign]
            yield uow

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        await self._wait_a_moment("read")
        async with super().read() as uow:
            yield uow

    async def _wait_a_moment(self, where: str) -> None:
        self.gate.enter(where)
        await asyncio.sleep(self.gate.rng.random() * _MOMENT)
        self.gate.enter(where)


@dataclass
class Process:
    """A living process. ``office`` serves people and jobs alike."""

    gate: Gate
    story: Story
    database: FragileDatabase
    office: Office
    courier: Courier
    directory: Directory
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.office, self.courier, self.directory)

    async def do(self, job: Callable[[Desk], Coroutine[Any, Any, None]]) -> None:
        """A job as the timetable starts it: what fails is tried again at the next tick."""
        try:
            with self._patience(job.__name__):
                await self.gate.while_alive(job(self.desk))
        except (NotSaved, Refused):
            self.story.tell(f"{self.gate.name} {job.__name__} is tried again")
        except (Exception, Killed, BaseExceptionGroup) as error:  # noqa: BLE001 - looked at below
            if self.gate.is_alive and not _was_expected(error):
                self.story.find("a_job_never_fails", f"{job.__name__}: {error!r}")

    @contextmanager
    def _patience(self, name: str) -> Iterator[None]:
        """A job that goes on and on is a finding, and after a finding nothing goes on."""
        what = f"{name} goes on after {_LONGEST_JOB:.0f} seconds"
        find = partial(self.story.find, "a_job_comes_to_its_end", what)
        late = asyncio.get_running_loop().call_later(_LONGEST_JOB, find)
        try:
            yield
        finally:
            late.cancel()

    async def bury(self) -> None:
        """Let its connections go, as the system does with those of a dead process."""
        await self.database.dispose()  # those that no task of its holds
        await self.database.engine.abandon()


def start_process(
    name: str,
    url: str,
    *,
    slack: Workspace,
    weather: Weather,
    story: Story,
    engines: Engines,
) -> Process:
    """A new process, with nothing in its memory."""
    gate = Gate(name, weather.rng, story)
    database = FragileDatabase(url, gate, engines)
    connection = Connection(slack, weather, gate, story)
    way = {"token": _TOKEN, "base_url": BASE_URL, "session": connection}
    return Process(
        gate,
        story,
        database,
        Office(database, slack.clock, FORMS, slack.clock),
        Courier(**way),  # type: ignore[arg-type]
        Directory(**way, team_id=TEAM),  # type: ignore[arg-type]
    )


def _was_expected(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_was_expected(each) for each in error.exceptions)
    return isinstance(error, NotSaved | Refused | Killed)
