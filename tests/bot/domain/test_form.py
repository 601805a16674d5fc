"""A form is data: its marks, questions and stages, and what it asks about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.fields import Indicator, fields_of
from bot.domain.form import Kind, Question, Scope, stage_called
from bot.domain.forms.form_files import load_forms
from bot.domain.youshiki3 import FORMS, MID_YEAR, YOUSHIKI3
from tests.sample_forms import INDICATORS, TEXT_ONLY, THREE_VALUED

INDICATOR_STAGE = INDICATORS.stage("year-end")
TWO = (Indicator("12", "参加した人の割合"), Indicator("13", "満足した人の割合"))
PER_INDICATOR = fields_of(INDICATOR_STAGE, indicators=TWO)
WHOLE_UNIT = fields_of(INDICATOR_STAGE, Scope.UNIT)


def test_the_official_marks_stand_before_the_official_words() -> None:
    labels = [
        option.label
        for stage in YOUSHIKI3.stages
        for question in stage.questions
        if question.kind is Kind.CHOICE
        for option in question.options
    ]

    assert labels == [
        *("(i) 実施見込み", "(ii) 実施できない見込み", "対象外(年度途中から実施)"),
        *("① 達成見込み", "② 達成できない見込み"),
        *("① 目標達成", "② 目標未達成", "未確定(数値の確定待ち)"),
    ]


def test_the_text_that_explains_a_mark_is_found() -> None:
    for stage in YOUSHIKI3.stages:
        explanation = stage.explanation_of(stage.question("attainment"))
        assert explanation is not None
        assert explanation.key == "issues"
    assert MID_YEAR.explanation_of(MID_YEAR.question("implementation")) is None


def test_an_explanation_is_the_text_that_the_unfavourable_answer_asks_for() -> None:
    (response,) = load_forms()["committee"].stages
    reason = response.explanation_of(response.question("reflected"))

    assert reason is response.question("reason")  # and not 対応の内容, which ○ and △ ask for


def test_a_form_is_known_by_the_key_that_is_stored_with_a_plan() -> None:
    assert FORMS["youshiki3"] is YOUSHIKI3
    with pytest.raises(KeyError):
        INDICATORS.stage("mid-year")
    with pytest.raises(KeyError):
        MID_YEAR.question("results")


def test_every_required_question_says_what_is_missing_and_fits_slack() -> None:
    for form in (YOUSHIKI3, INDICATORS, THREE_VALUED, TEXT_ONLY):
        for stage in form.stages:
            for question in stage.questions:
                assert question.missing
                assert len(question.label) <= 2000
                assert all(len(option.label) <= 75 for option in question.options)


def test_indicators_are_asked_about_one_by_one_and_the_unit_once() -> None:
    assert [each.key for each in PER_INDICATOR] == [
        *("result@12", "mark@12", "reason@12"),
        *("result@13", "mark@13", "reason@13"),
    ]
    assert [each.name for each in PER_INDICATOR[:3]] == ["参加した人の割合"] * 3
    assert [each.key for each in WHOLE_UNIT] == ["overall", "next"]


def test_what_is_asked_of_indicators_stands_where_the_form_asks_it() -> None:
    mark = Question("mark", Kind.TEXT, "達成状況", scope=Scope.INDICATOR)
    around = [Question(key, Kind.TEXT, key) for key in ("before", "after")]
    stage = replace(INDICATOR_STAGE, questions=(around[0], mark, around[1]))

    keys = [each.key for each in fields_of(stage, indicators=TWO)]

    assert keys == ["before", "mark@12", "mark@13", "after"]


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("中間", "mid-year"),
        ("中間振り返り", "mid-year"),
        ("ＭＩＤ－ＹＥＡＲ", "mid-year"),
        ("midyear", "mid-year"),
        ("期末", "year-end"),
        ("自己評価", "year-end"),
        ("pdca2", "pdca-2"),
        ("庁内PDCA会議第2回", "pdca-2"),
        ("意見への対応", "response"),
        ("来年", None),
        ("", None),
    ],
)
def test_a_stage_is_known_by_every_word_that_its_form_has_for_it(
    word: str, stage: str | None
) -> None:
    assert stage_called(word, load_forms().values()) == stage
