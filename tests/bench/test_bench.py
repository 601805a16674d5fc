"""The harness works: a tiny round of what `make bench` measures, with no word on how fast."""

from __future__ import annotations

from tests.bench.bench import TINY, opened
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
