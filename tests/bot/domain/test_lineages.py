"""What a year promised, and the year in which it was to be kept."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checkins import State
from bot.domain.fields import fields_of
from bot.domain.lineages import ItemYear, YearReview, promises
from bot.domain.youshiki3 import YEAR_END, YOUSHIKI3

ISSUES = "周知が足りない。広報紙に載せる。"


def review(stage_key: str = "year-end", **answers: str) -> YearReview:
    stage = YOUSHIKI3.stage(stage_key)
    return YearReview(stage, fields_of(stage), answers, State.SUBMITTED)


def year(number: int, *reviews: YearReview) -> ItemYear:
    return ItemYear(number, number, "市政改革プラン", YOUSHIKI3, "7", "見守り", "", reviews)


def test_last_years_improvements_stand_beside_the_year_that_followed() -> None:
    before = year(2025, review(attainment="2", results="8回", issues=ISSUES))
    after = year(2026, review("mid-year", implementation="i", attainment="1"))

    [promise] = promises((after, before))

    assert (promise.promised.year, promise.kept.year) == (2025, 2026)
    assert [promise.review.text(field) for field in promise.review.promised] == [ISSUES]


def test_what_was_promised_last_counts_not_what_was_said_at_mid_year() -> None:
    mid = review("mid-year", attainment="2", issues="途中の策")
    end = review(attainment="2", results="8回", issues="年度末の策")

    [promise] = promises((year(2026), year(2025, mid, end)))

    assert [promise.review.text(field) for field in promise.review.promised] == ["年度末の策"]


def test_a_year_that_promised_nothing_has_nothing_to_keep() -> None:
    assert promises((year(2026), year(2025, review(attainment="1", results="12回")))) == ()
    assert promises((year(2026),)) == ()
    assert promises((year(2026), year(2025))) == ()


def test_results_are_the_texts_that_promise_nothing() -> None:
    said = review(attainment="2", results="8回", issues=ISSUES)

    assert [said.text(field) for field in said.results] == ["8回"]
    assert [field.question.key for field in said.choices] == ["attainment"]


def test_where_no_text_explains_a_mark_the_last_one_is_what_is_to_be_done() -> None:
    questions = tuple(replace(each, required=None) for each in YEAR_END.questions)
    stage = replace(YEAR_END, questions=questions)
    said = YearReview(
        stage, fields_of(stage), {"results": "8回", "issues": ISSUES}, State.SUBMITTED
    )

    assert [said.text(field) for field in said.promised] == [ISSUES]
