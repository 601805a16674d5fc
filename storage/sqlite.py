"""SQLite for the event loop: statements run on it, waits and the disk do not hold it up.

An indexed read takes microseconds and a WAL reader waits for nobody, so that handing each statement
to a thread costs ten times what it does. What may take long is awaited: another process's lock is
asked for again and again, and COMMIT, which waits for the disk, runs in a thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_

DRIVER = "sqlite+inline"

Answer = TypeVar("Answer")

# A transaction of ours is over in a few milliseconds: ask again about as often as one ends.
_ASK_AGAIN = 0.003
# The loop has others to serve: a long unit of work lets them in after so many statements.
BREATH = 20


def lock(connection: InlineConnection, seconds: float) -> None:
    """Begin a transaction that may write; sqlite3.OperationalError if that takes longer."""
    patiently(lambda: connection.execute("BEGIN IMMEDIATE"), seconds)
    connection.changes_before = connection.total_changes


class InlineConnection(sqlite3.Connection):
    """Knows whether its transaction has changed anything."""

    changes_before = 0


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """What AsyncSession awaits of a driver's cursor; this one has nothing to wait for."""


class _Context(SQLiteExecutionContext):
    def create_default_cursor(self) -> Any:
        return self._dbapi_connection.cursor(_Cursor)


class InlineDialect(SQLiteDialect_pysqlite):
    """The standard library's driver under AsyncSession; ``wait`` is in seconds, for any lock."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True
    execution_ctx_cls = _Context

    def __init__(self, wait: float = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.wait = wait
        self._statements = 0

    def do_begin(self, dbapi_connection: Any) -> None:  # noqa: ARG002
        """Nothing is begun here (the engine's event does); a unit of work's count starts."""
        self._statements = 0

    def do_execute(
        self,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any = None,  # noqa: ARG002
    ) -> None:
        """A reader meets a lock only where another process has just crashed or is closing."""
        self._statements += 1
        if self._statements > BREATH:
            await_(asyncio.sleep(0))
            self._statements = 0
        try:
            cursor.execute(statement, parameters)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            patiently(lambda: cursor.execute(statement, parameters), self.wait)

    def do_commit(self, dbapi_connection: Any) -> None:
        """In a thread; waited for even by a task that is cancelled meanwhile."""
        raw: InlineConnection = dbapi_connection.driver_connection
        if raw.total_changes == raw.changes_before:  # nothing goes to the disk
            raw.commit()
            return
        await_(_to_its_end(dbapi_connection.commit))


def patiently(ask: Callable[[], Answer], seconds: float) -> Answer:
    """Ask until no lock is in the way; sqlite3.OperationalError if that takes longer."""
    until = None
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            until = until or monotonic() + seconds
            if not is_busy(error) or monotonic() >= until:
                raise
        await_(asyncio.sleep(_ASK_AGAIN))


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether it is another's lock that was met."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


async def _to_its_end(work: Callable[[], object]) -> None:
    """A connection that is left in the middle of its COMMIT could be neither used nor closed."""
    running = asyncio.get_running_loop().run_in_executor(None, work)
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError as error:
            cancelled = error
    running.result()
    if cancelled:
        raise cancelled


registry.register("sqlite.inline", __name__, "InlineDialect")
