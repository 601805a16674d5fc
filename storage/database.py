"""The engine for SQLite or PostgreSQL, and how a unit of work begins on it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.domain.errors import NotSaved
from storage import postgres, sqlite
from storage.reader import Known
from storage.unit_of_work import UnitOfWork

# What runs inside an acknowledgement may wait this long for a lock: 3 s is all Slack gives.
INTERACTIVE_WAIT = 1.5
JOB_WAIT = 10.0

# A server that still speaks says itself that a lock was not had: its word comes first.
_GRACE = 0.3

_POOL_SIZE = 5
_IDLE_READERS = 2
_DISCREET = {"hide_parameters": True}  # an error's words quote them: what people wrote
_READS = "kaikaku_reads"
_WRITE_WAIT = "kaikaku_write_wait"
_NOT_SAVED = (
    "保存できませんでした。入力した文は画面に残っています。"
    "1分ほど待って、もう一度「入力を完了する」を押してください。"
)


def async_url(url: str) -> URL:
    """DATABASE_URL with the driver of our choice: our own for SQLite, or psycopg 3."""
    return _parsed(url, sqlite.DRIVER)


def sync_url(url: str) -> URL:
    """The same database for migrations, which run outside the event loop."""
    return _parsed(url, "sqlite")


class Database:
    """One engine. ``wait`` is how many seconds a statement may wait for another's lock."""

    def __init__(self, url: str, *, wait: float = JOB_WAIT) -> None:
        """Nothing connects until the first unit of work."""
        parsed = async_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._engine = create_async_engine(parsed, **_options(is_sqlite=self.is_sqlite, wait=wait))
        # A reader's transaction begins with its first statement.
        self._reads = self._engine.execution_options(**{_READS: True})
        self._wait = wait
        self._known: Known = {}  # statements in this engine's dialect
        # Readers of SQLite leave theirs to the next: to fetch one takes as long as most reads.
        self._idle: list[AsyncConnection] = []
        # Writers of one process queue here instead of polling SQLite's lock: a fifth of the p99.
        self._writers = asyncio.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            _prepare_sqlite(self._engine.sync_engine)
        elif _is_bound(wait):
            postgres.bound(self._engine.sync_engine, INTERACTIVE_WAIT + _GRACE)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that may write; it rolls back unless ``commit()`` was called.

        Raises NotSaved when the database is down or its lock is not had in time.
        """
        async with self._turn() as left, self._connected(self._engine) as connection:
            await connection.execution_options(**{_WRITE_WAIT: left})
            await connection.begin()
            yield UnitOfWork(connection, self._known)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that only reads; it never waits for a writer on SQLite."""
        async with self._connected(self._reads, idle=self._idle) as connection:
            yield UnitOfWork(connection, self._known)

    async def dispose(self) -> None:
        """Close every connection."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[float]:
        """A writer's turn in this process; yields the seconds left to wait for other processes."""
        if self._writers is None:
            yield self._wait
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait
        try:
            async with asyncio.timeout_at(until):
                await self._writers.acquire()
        except TimeoutError as error:
            raise NotSaved(_NOT_SAVED) from error
        try:
            yield max(until - loop.time(), 0.0)
        finally:
            self._writers.release()

    @asynccontextmanager
    async def _connected(
        self, engine: AsyncEngine, *, idle: list[AsyncConnection] | None = None
    ) -> AsyncIterator[AsyncConnection]:
        try:
            connection = idle.pop() if idle else await engine.connect()
            keeps = False
            try:
                yield connection
                keeps = self.is_sqlite and idle is not None and len(idle) < _IDLE_READERS
            finally:
                # What is not committed by now is rolled back, also for a task that is called off.
                if idle is not None and keeps:
                    await _roll_back(connection)
                    idle.append(connection)
                else:
                    await self._give_back(connection)
        except (OperationalError, PoolTimeoutError, sqlite3.OperationalError) as error:
            raise NotSaved(_NOT_SAVED) from error

    async def _give_back(self, connection: AsyncConnection) -> None:
        if self.is_sqlite:  # nothing in it waits, so nothing can call it off half-way
            await connection.close()
        else:
            await asyncio.shield(asyncio.create_task(connection.close()))


async def _roll_back(connection: AsyncConnection) -> None:
    """End a reader's transaction, whether its session began it or its first statement."""
    if connection.in_transaction():
        await connection.rollback()
        return
    ours: Any = connection.sync_connection
    ours.connection.driver_connection.rollback()


def _is_bound(wait: float) -> bool:
    """Inside an acknowledgement all of it has a limit; a job's unit of work may take its time."""
    return wait <= INTERACTIVE_WAIT


def _parsed(url: str, sqlite: str) -> URL:
    if url.startswith("sqlite"):
        return make_url(url).set(drivername=sqlite)
    # Hosting services still hand out the old name postgres://.
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(
        drivername="postgresql+psycopg"
    )


def _options(*, is_sqlite: bool, wait: float) -> dict[str, Any]:
    milliseconds = int(wait * 1000)
    if is_sqlite:
        return {
            **_DISCREET,
            # Waits are the dialect's, which are awaited; a COMMIT runs in a thread.
            "connect_args": {
                "timeout": 0,
                "check_same_thread": False,
                "factory": sqlite.InlineConnection,
            },
            "wait": wait,
            "poolclass": AsyncAdaptedQueuePool,
            "pool_size": _POOL_SIZE,
            "pool_use_lifo": True,  # the connection used last has its statements at hand
            "pool_timeout": wait,
        }
    limits = f"-c lock_timeout={milliseconds} -c statement_timeout={milliseconds}"
    return {
        **_DISCREET,
        "connect_args": {
            "options": limits,
            "connect_timeout": max(2, int(wait)),
            # A server that is gone answers no statement: the limits above are its own to keep.
            "tcp_user_timeout": milliseconds,
        },
        "pool_size": _POOL_SIZE,
        "max_overflow": _POOL_SIZE,
        "pool_timeout": wait,
        "pool_pre_ping": not _is_bound(wait),  # there it is part of what is bound
    }


def _prepare_sqlite(engine: Any) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions send no BEGIN before a SELECT: a read-modify-write of two
        # tasks would lose one. We begin by hand, IMMEDIATE for writers.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        # What is said to be saved survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        raw: Any = connection.connection.driver_connection
        if options.get(_READS):
            if not raw.in_transaction:  # the unit's reader may have begun it
                raw.execute("BEGIN")
        else:
            # What the queue in front of us took is no longer ours to wait.
            sqlite.lock(raw, options[_WRITE_WAIT])
