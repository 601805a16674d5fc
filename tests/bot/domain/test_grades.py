"""A committee's marks: so many members a grade, and the average of what the grades stand for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.answers import check, settle
from bot.domain.fields import Field
from bot.domain.form import ALWAYS, Kind, Option, Question
from bot.domain.grades import average, grades_words, read_grades

RATING = Question(
    "rating",
    Kind.GRADES,
    "委員による評価",
    required=ALWAYS,
    options=tuple(
        Option(str(n), str(n), words, points=n)
        for n, words in ((4, "よい"), (3, "まあよい"), (2, "いま一つ"), (1, "よくない"))
    ),
)
FIELDS = (Field(RATING),)


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        ("3、5、1、0", (3, 5, 1, 0)),
        ("３人，５人，１人，０人", (3, 5, 1, 0)),
        ("3 5 1 0", (3, 5, 1, 0)),
        ("3;5;1;0", (3, 5, 1, 0)),
        ("3、5、1", None),
        ("3、5、1、0、2", None),
        ("0、0、0、0", None),
        ("3、5、1、-1", None),
        ("3、5、1、99999", None),
        ("三、五、一、〇", None),
        ("", None),
    ],
)
def test_there_is_one_count_for_each_grade(typed: str, counts: tuple[int, ...] | None) -> None:
    assert read_grades(RATING, typed) == counts
    assert (check(FIELDS, {"rating": typed}) == {}) is (counts is not None)


def test_the_average_is_of_points_to_one_decimal_halves_up() -> None:
    assert average(RATING, (3, 5, 1, 0)) == Decimal("3.2")
    assert average(RATING, (9, 10, 1, 0)) == Decimal("3.4")
    assert average(RATING, (13, 7, 0, 0)) == Decimal("3.7")  # 3.65


def test_grades_are_stored_in_one_way_and_shown_with_their_average() -> None:
    stored = settle(FIELDS, {"rating": "３、５ 1，0"})

    assert stored == {"rating": "3;5;1;0"}
    assert settle(FIELDS, stored) == stored
    words = "平均3.2(9人：4 3人、3 5人、2 1人、1 0人)"
    assert grades_words(RATING, stored["rating"]) == words


def test_a_fault_names_the_grades_in_their_order() -> None:
    said = check(FIELDS, {"rating": "3"})["rating"]

    assert "4 よい、3 まあよい、2 いま一つ、1 よくない の順" in said.replace("の順", " の順")
