"""Statements that were put together once, run past the session: for what runs on every click.

The session has nothing to add to plain rows but its own time, which is most of the time they take.
On SQLite they go past the engine as well, straight to the driver.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import sqlite
from storage.prepared import Prepared

Known = dict[Any, Prepared]  # by statement


class Reader:
    """Runs statements in a unit of work, as its session has changed the rows."""

    def __init__(
        self, connection: AsyncConnection, session: Callable[[], AsyncSession | None], known: Known
    ) -> None:
        """``session`` gives the unit of work's, once there is one; ``known`` is the database's.

        What is asked for here stays known: statements of modules, not of requests.
        """
        self._connection, self._session, self._known = connection, session, known
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._count = 0

    async def rows(self, query: Any, asked: Mapping[str, Any]) -> Sequence[Any]:
        """All rows; ``asked`` holds what the statement binds, by name."""
        await self._flush()
        if not self._is_sqlite:
            return (await self._connection.execute(query, asked)).fetchall()
        prepared = self._prepared(query)
        return prepared.rows(await self._execute(prepared, asked))

    async def change(self, statement: Any, asked: Mapping[str, Any]) -> int:
        """How many rows an INSERT, UPDATE or DELETE changed; objects of the session stay as they
        are.
        """
        await self._flush()
        if not self._is_sqlite:
            return (await self._connection.execute(statement, asked)).rowcount
        return (await self._execute(self._prepared(statement), asked)).rowcount

    async def _flush(self) -> None:
        session = self._session()
        if session is not None and (session.new or session.dirty or session.deleted):
            await session.flush()

    def _prepared(self, statement: Any) -> Prepared:
        found = self._known.get(statement)
        if found is None:
            found = self._known[statement] = Prepared(statement, self._connection.dialect)
        return found

    async def _execute(self, prepared: Prepared, asked: Mapping[str, Any]) -> sqlite3.Cursor:
        if not self._driver.in_transaction:
            # A reader's, without the engine's ceremony; the pool rolls back whatever it takes back.
            self._driver.execute("BEGIN")
        self._count += 1
        if self._count % sqlite.BREATH == 0:
            await asyncio.sleep(0)
        text, values = prepared.filled(asked)
        try:
            return self._driver.execute(text, values)
        except sqlite3.OperationalError as error:
            if not sqlite.is_busy(error):
                raise
        return await self._connection.run_sync(self._ask_again, text, values)

    def _ask_again(self, connection: Connection, text: str, values: Any) -> sqlite3.Cursor:
        """A reader meets a lock only where another process has just crashed or is closing."""
        seconds = connection.dialect.wait  # type: ignore[attr-defined]  # of our dialect
        return sqlite.patiently(lambda: self._driver.execute(text, values), seconds)

    @cached_property
    def _driver(self) -> sqlite3.Connection:
        ours: Any = self._connection.sync_connection
        found: sqlite3.Connection = ours.connection.driver_connection
        return found
