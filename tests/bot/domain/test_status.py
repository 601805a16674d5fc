"""Status: how a unit stands in numbers, and which items are to be explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.answers import Answers
from bot.domain.checkins import Review, State
from bot.domain.status import ItemStatus, count, unfavourable
from bot.domain.youshiki3 import YOUSHIKI3
from tests.sample_forms import INDICATORS


def item(number: int, state: State, answers: Answers | None = None, **changes: Any) -> ItemStatus:
    return ItemStatus(number, str(number), "取組", state, answers=answers or {}, **changes)


WARD = [
    item(1, State.SUBMITTED, {"implementation": "i", "attainment": "1"}),
    item(2, State.CONFIRMED, {"implementation": "i", "attainment": "2", "issues": "周知する。"}),
    item(3, State.NOT_APPLICABLE, {"implementation": "na"}),
    item(4, State.SENT_BACK, {"implementation": "ii", "attainment": "2", "issues": "検討する。"}),
    item(5, State.OUTSTANDING),
    item(6, State.OUTSTANDING, {"implementation": "i", "attainment": "2"}),
]


def test_the_total_is_what_is_in_and_what_is_not_and_not_applicable_is_in() -> None:
    counts = count(WARD, YOUSHIKI3, overdue=False)

    assert (counts.total, counts.submitted, counts.outstanding) == (6, 3, 3)
    assert (counts.confirmed, counts.sent_back) == (1, 1)


def test_what_is_not_in_is_overdue_once_the_due_day_is_over_and_what_was_sent_back_is_not() -> None:
    assert count(WARD, YOUSHIKI3, overdue=False).overdue == 0
    late = count(WARD, YOUSHIKI3, overdue=True)
    assert (late.overdue, late.unanswered, late.sent_back, late.outstanding) == (2, 2, 1, 3)


def test_what_was_sent_back_is_asked_for_by_the_round_only_after_its_own_day() -> None:
    back = replace(WARD[0], state=State.SENT_BACK, review=Review(1, 0, date(2026, 9, 15)))

    assert not back.is_asked(date(2026, 9, 15))
    assert back.is_asked(date(2026, 9, 16))
    assert [back.is_mended_late(date(2026, 9, day)) for day in (15, 16)] == [False, True]


def test_what_is_in_waits_for_the_next_level_until_it_is_confirmed() -> None:
    answered = replace(WARD[0], state=State.SUBMITTED)

    def waits(levels: int, done: int) -> int | None:
        return replace(answered, review=Review(levels, done)).waits_for

    assert [waits(0, 0), waits(1, 0), waits(2, 0), waits(2, 1)] == [None, 1, 1, 2]
    exempt = replace(answered, state=State.NOT_APPLICABLE, review=Review(1))
    assert exempt.waits_for is None


def test_marks_of_answers_that_do_not_count_are_not_counted() -> None:
    assert count(WARD, YOUSHIKI3, overdue=True).marks == {
        "implementation": {"i": 2, "ii": 0, "na": 1},
        "attainment": {"1": 1, "2": 1},
    }


def test_marks_have_the_same_shape_before_anything_is_in() -> None:
    counts = count([], YOUSHIKI3, overdue=True)

    assert counts.marks == {
        "implementation": {"i": 0, "ii": 0, "na": 0},
        "attainment": {"1": 0, "2": 0},
    }
    assert (counts.total, counts.percent) == (0, 0)


def test_provisional_is_part_of_what_is_in_and_undetermined_of_that() -> None:
    answers = {"results": "12回", "attainment": "undetermined", "provisional": "yes"}
    items = [
        item(1, State.SUBMITTED, answers, provisional=True, undetermined=True),
        item(2, State.SUBMITTED, {"results": "3回", "attainment": "1"}, provisional=True),
        item(3, State.SENT_BACK, answers, provisional=True, undetermined=True),
    ]

    counts = count(items, YOUSHIKI3, overdue=False)

    assert (counts.submitted, counts.provisional, counts.undetermined) == (2, 2, 1)
    assert counts.marks["attainment"] == {"1": 1, "2": 0}


def test_a_percentage_is_cut_so_that_100_means_all() -> None:
    items = [item(n, State.SUBMITTED) for n in range(199)]

    assert count([*items, item(200, State.OUTSTANDING)], YOUSHIKI3, overdue=False).percent == 99
    assert count(items, YOUSHIKI3, overdue=False).percent == 100


def test_each_indicator_counts_with_its_own_mark() -> None:
    answers = {"mark@12": "A", "mark@13": "B", "result@12": "A"}

    counts = count([item(1, State.SUBMITTED, answers)], INDICATORS, overdue=False)

    assert counts.marks == {"mark": {"A": 1, "B": 1}}


def test_what_is_to_be_explained_is_each_2_that_counts_and_no_ii() -> None:
    late_start = item(7, State.SUBMITTED, {"implementation": "ii", "attainment": "1"})

    found = unfavourable([*WARD, late_start], YOUSHIKI3, "mid-year")

    assert [each.initiative_id for each in found] == [2]


def test_an_item_is_to_be_explained_when_one_of_its_indicators_is() -> None:
    items = [
        item(1, State.SUBMITTED, {"mark@12": "A", "mark@13": "B"}),
        item(2, State.SUBMITTED, {"mark@14": "A", "result@14": "B"}),
    ]

    assert [each.initiative_id for each in unfavourable(items, INDICATORS, "year-end")] == [1]
