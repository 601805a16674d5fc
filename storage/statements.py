"""Statements that SQLite and PostgreSQL spell alike but SQLAlchemy keeps per dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def insert_if_absent(
    session: AsyncSession, table: type[SQLModel], values: Mapping[str, Any]
) -> bool:
    """Insert a row unless a unique key is taken; whether this call wrote it.

    On PostgreSQL it waits for a rival transaction that holds the key, then does nothing.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    # The count of rows is not known on PostgreSQL, where SQLAlchemy asks for the new key.
    result = await session.exec(statement.returning(literal_column("1")))
    return result.first() is not None


async def insert_absent(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Mapping[str, Any]], key: str
) -> set[Any]:
    """Insert those rows whose unique keys are not taken; the values of a column of those.

    Give them in the same order everywhere: two who write the same rows wait for each other once.
    """
    if not rows:
        return set()
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    target = inspect(table).local_table
    statement = dialect.insert(target).on_conflict_do_nothing().returning(target.c[key])
    return {row[0] for row in await session.exec(statement, params=list(rows))}
