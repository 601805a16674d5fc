"""A sweep costs what the open rounds cost: what it looks for is found by index."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from storage.database import Database
from tests.bot.services.conftest import Post
from tests.databases import noting_statements

# What grows with every year; the rest stays as large as the city is.
GROWING = frozenset(
    {"letter", "letter_line", "ownership", "initiative", "check_in", "revision", "audit_entry"}
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Of SQLite: it tells how it looks for rows without having counted them."""
    return sqlite_url


async def test_nothing_that_grows_is_read_from_end_to_end(
    post: Post, database: Database, database_url: str
) -> None:
    asked: list[str] = []
    with noting_statements(database, asked):
        await post.sweep("2026-09-01")
        await post.sweep("2026-09-02")

    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        steps = {text: _steps(connection, text) for text in asked if _is_a_look(text)}
    assert len(steps) > 20
    assert {t: s for t, s in steps.items() if s & {f"SCAN {table}" for table in GROWING}} == {}
    # Nearly every letter ends as sent: that alone tells none from another.
    updates = [found for text, found in steps.items() if "letter.refresh_at <=" in text]
    assert updates
    assert all(any("ix_letter_state_refresh_at" in step for step in found) for found in updates)


def _is_a_look(text: str) -> bool:
    return text.startswith(("SELECT", "UPDATE", "DELETE"))


def _steps(connection: sqlite3.Connection, text: str) -> set[str]:
    return {step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {text}")}
