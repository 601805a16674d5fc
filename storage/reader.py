"""Statements that were put together once, run past the session: for what is read on every click.

The session has nothing to add to plain rows but its own time, which is most of the time they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession


class Reader:
    """Reads rows in a unit of work, as its session has changed them."""

    def __init__(self, connection: AsyncConnection, session: AsyncSession) -> None:
        """Both are the unit of work's own."""
        self._connection = connection
        self._session = session.sync_session

    async def rows(self, query: Any, asked: dict[str, Any]) -> Sequence[Any]:
        """All rows; ``asked`` holds what the statement binds, by name."""
        return await self._connection.run_sync(self._fetch, query, asked)

    def _fetch(self, connection: Connection, query: Any, asked: dict[str, Any]) -> Sequence[Any]:
        self._session.flush()
        return connection.execute(query, asked).fetchall()
