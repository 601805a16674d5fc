"""The harness works: a tiny round of what `make bench` measures, with no word on how fast."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection

from tests.bench.bench import TINY, opened
from tests.bench.city import store, wards
from tests.bench.databases import change
from tests.bench.past import Past, store_past
from tests.bench.rows.interactions import measure_answer
from tests.bench.table import MET, MISSED, Measured, Row, render


async def test_a_tiny_round_commits_its_answers_and_says_what_they_cost() -> None:
    async with opened(TINY) as bench:
        [measured] = await measure_answer(bench)

    assert measured.ratio > 1  # the bot does what bare Bolt does, and more
    assert "answer" in render([measured])


def test_a_row_is_judged_by_the_median_of_its_pairs() -> None:
    row = Row("open", "a click", "bare Bolt", "ms", must=9, goal=6)

    assert Measured(row, (1, 1, 2), (9, 80, 4)).verdict == MET
    assert Measured(row, (1, 1, 1), (9.1, 9.1, 1)).verdict == MISSED


def test_more_is_better_where_a_row_says_at_least() -> None:
    row = Row("letters", "letters", "slack_sdk", "/s", must=0.25, at_least=True)

    assert Measured(row, (1000,), (250,)).verdict == MET
    assert Measured(row, (1000,), (249,)).verdict == MISSED


def test_a_past_holds_as_many_check_ins_as_it_says(sqlite_url: str) -> None:
    city = wards(2)
    past = Past((city[1].id, 1), years=2, first=1000, forms=("youshiki3", "past-1"), items=3)

    def fill(connection: Connection) -> None:
        store(connection, city, answered=20)
        store_past(connection, past)

    change(sqlite_url, fill)

    assert past.check_ins == 2 * 2 * 2 * 3 * 2
    assert _count(sqlite_url, "check_in") == 20 + past.check_ins
    assert _count(sqlite_url, "revision") == 20 + past.check_ins * 4 // 3
    assert _orphans(sqlite_url) == 0


def _count(url: str, table: str) -> int:
    return _ask(url, f"SELECT count(*) FROM {table}")


def _orphans(url: str) -> int:
    """Rows that name one which is not there."""
    return _ask(url, "SELECT count(*) FROM pragma_foreign_key_check")


def _ask(url: str, question: str) -> int:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return int(connection.execute(question).fetchone()[0])
