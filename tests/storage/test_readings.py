"""What every click reads is found by index: it costs what the ward costs, not what is stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import lineages, sqlite
from storage import reading_queries as queries
from storage.prepared import Prepared

EVERY = {
    "viewer": queries.VIEWER,
    "round": queries.ROUND,
    "rounds held": queries.ROUNDS_HELD,
    "plan": queries.PLAN,
    "items": queries.ITEMS,
    "some items": queries.SOME_ITEMS[8],
    "earlier": queries.EARLIER,
    "lineage of a plan": lineages.ANSWERS_IN_PLAN,
    "ties": lineages.TIES,
}


@pytest.mark.parametrize("query", EVERY.values(), ids=EVERY.keys())
def test_no_table_is_read_from_end_to_end(query: Any, sqlite_template: Path) -> None:
    prepared = Prepared(query, sqlite.InlineDialect(paramstyle="qmark"))
    given = "?" * prepared.text.count("?")

    with closing(sqlite3.connect(f"file:{sqlite_template}?mode=ro", uri=True)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {prepared.text}", list(given))
        scanned = [step for *_, step in plan if step.startswith("SCAN")]

    assert set(scanned) <= {"SCAN me", "SCAN chain"}  # who asks; a plan's items
