"""Answers: what must be answered, what need not be, and what is said of it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.answers import (
    YES,
    Answers,
    check,
    final_date,
    is_asked,
    is_provisional,
    is_required,
    is_undetermined,
    prompts,
    repeats,
    says_nothing,
    settle,
)
from bot.domain.checkins import State, state_of
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import MAX_TEXT, Scope
from bot.domain.youshiki3 import MID_YEAR, YEAR_END
from tests.sample_forms import INDICATORS, TEXT_ONLY, THREE_VALUED

MID = fields_of(MID_YEAR)
END = fields_of(YEAR_END)

CHOOSE = "いずれかを選んでください。"
EITHER = "どちらかを選んでください。"
WITHOUT_TEXT = "②を選んだ場合は、課題と改善策を入力してください。"
HOLLOW = "②の場合は、課題と改善策を文章で入力してください(「なし」「—」だけでは完了できません)。"
NO_RESULTS = "実績を入力してください。実績がない場合は、その理由を書いてください。"
NO_DATE = "確定する見込みの日を選んでください。"

PLAN_B = "参加が計画の6割。10月から周知の方法を見直す。"


def field(fields: tuple[Field, ...], key: str) -> Field:
    (found,) = [each for each in fields if each.key == key]
    return found


# --- mid-year -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "faults"),
    [
        ({}, {"implementation": CHOOSE, "attainment": EITHER}),
        ({"implementation": "i"}, {"attainment": EITHER}),
        ({"attainment": "1"}, {"implementation": CHOOSE}),
        ({"implementation": "i", "attainment": "1"}, {}),
        ({"implementation": "ii", "attainment": "1"}, {}),
        ({"implementation": "i", "attainment": "2"}, {"issues": WITHOUT_TEXT}),
        ({"implementation": "ii", "attainment": "2"}, {"issues": WITHOUT_TEXT}),
        ({"implementation": "i", "attainment": "2", "issues": " \n　"}, {"issues": WITHOUT_TEXT}),
        ({"implementation": "i", "attainment": "2", "issues": "—"}, {"issues": HOLLOW}),
        ({"implementation": "i", "attainment": "2", "issues": "なし"}, {"issues": HOLLOW}),
        ({"implementation": "i", "attainment": "2", "issues": "特になし。"}, {"issues": HOLLOW}),
        ({"implementation": "i", "attainment": "2", "issues": PLAN_B}, {}),
        ({"implementation": "i", "attainment": "1", "issues": "なし"}, {}),
        ({"implementation": "na"}, {}),
        ({"implementation": "na", "attainment": "2"}, {}),
        ({"implementation": "iii", "attainment": "1"}, {"implementation": CHOOSE}),
        ({"implementation": "i", "attainment": "undetermined"}, {"attainment": EITHER}),
    ],
)
def test_mid_year_needs_both_outlooks_and_a_2_needs_its_text(
    draft: Answers, faults: dict[str, str]
) -> None:
    assert check(MID, draft) == faults


def test_a_ii_is_asked_softly_for_its_reason_and_never_refused() -> None:
    issues = field(MID, "issues")
    draft = {"implementation": "ii", "attainment": "1"}

    assert check(MID, draft) == {}
    assert len(prompts(issues, draft)) == 1
    assert prompts(issues, {**draft, "issues": PLAN_B}) == ()
    assert prompts(issues, {"implementation": "i", "attainment": "1"}) == ()


def test_issues_are_required_as_soon_as_2_is_chosen_and_stay_on_the_screen_always() -> None:
    issues = field(MID, "issues")

    for attainment, required in (("", False), ("1", False), ("2", True)):
        draft = {"implementation": "i", "attainment": attainment}
        assert is_required(issues, MID, draft) is required
        assert is_asked(issues, MID, draft)


def test_under_not_applicable_nothing_else_is_asked_and_nothing_typed_is_taken_away() -> None:
    draft = {"implementation": "na", "attainment": "2", "issues": PLAN_B}

    assert not is_asked(field(MID, "attainment"), MID, draft)
    assert is_asked(field(MID, "issues"), MID, draft)
    assert is_required(field(MID, "implementation"), MID, draft)
    assert not is_required(field(MID, "attainment"), MID, draft)
    assert not is_required(field(MID, "issues"), MID, draft)
    assert settle(MID, draft) == {"implementation": "na", "issues": PLAN_B}
    assert len(prompts(field(MID, "implementation"), draft)) == 1


# --- year-end -----------------------------------------------------------------------------------

RESULTS = "研修を12回開催した。"


@pytest.mark.parametrize(
    ("draft", "faults"),
    [
        ({}, {"results": NO_RESULTS, "attainment": CHOOSE}),
        ({"results": "　", "attainment": "1"}, {"results": NO_RESULTS}),
        ({"results": RESULTS, "attainment": "1"}, {}),
        ({"results": RESULTS, "attainment": "2"}, {"issues": WITHOUT_TEXT}),
        ({"results": RESULTS, "attainment": "2", "issues": "ありません"}, {"issues": HOLLOW}),
        ({"results": RESULTS, "attainment": "2", "issues": PLAN_B}, {}),
        ({"results": RESULTS, "attainment": "1", "provisional": YES}, {}),
        ({"results": RESULTS, "attainment": "undetermined"}, {"final_on": NO_DATE}),
        ({"results": RESULTS, "attainment": "undetermined", "final_on": "2027-05-31"}, {}),
        (
            {"results": RESULTS, "attainment": "undetermined", "final_on": "5月末"},
            {"final_on": NO_DATE},
        ),
        ({"results": "なし", "attainment": "1"}, {}),
    ],
)
def test_year_end_needs_results_and_attainment_and_an_undetermined_one_its_date(
    draft: Answers, faults: dict[str, str]
) -> None:
    assert check(END, draft) == faults


def test_undetermined_ticks_provisional_whatever_was_ticked() -> None:
    draft = {"results": RESULTS, "attainment": "undetermined", "final_on": "2027-05-31"}

    assert is_provisional(END, draft)
    assert is_undetermined(END, draft)
    assert settle(END, draft)["provisional"] == YES
    assert final_date(END, draft) == date(2027, 5, 31)


def test_provisional_alone_is_not_undetermined_and_may_have_a_date() -> None:
    draft = {"results": RESULTS, "attainment": "1", "provisional": YES}

    assert is_provisional(END, draft)
    assert not is_undetermined(END, draft)
    assert is_asked(field(END, "final_on"), END, draft)
    assert not is_required(field(END, "final_on"), END, draft)
    assert final_date(END, draft) is None


def test_a_date_is_asked_for_only_while_figures_are_provisional() -> None:
    draft = {"results": RESULTS, "attainment": "1", "final_on": "2027-05-31"}

    assert not is_asked(field(END, "final_on"), END, draft)
    assert settle(END, draft) == {"results": RESULTS, "attainment": "1"}


def test_figures_that_become_known_on_several_days_are_known_on_the_last() -> None:
    per_indicator = [Field(YEAR_END.question("final_on"), about) for about in ("12", "13")]
    answers = {"final_on@12": "2027-06-30", "final_on@13": "2027-05-31"}

    assert final_date(per_indicator, answers) == date(2027, 6, 30)


def test_issues_that_only_repeat_the_results_are_warned_of_and_not_refused() -> None:
    same = {"results": RESULTS, "attainment": "2", "issues": f" {RESULTS}\n"}

    assert set(repeats(END, same)) == {"issues"}
    assert check(END, same) == {}
    assert repeats(END, {**same, "issues": PLAN_B}) == {}
    assert repeats(END, {"results": "", "issues": ""}) == {}


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "　\n", "—", "－", "―", "ー", "-", "・", "…", "なし", "無し", "無", "特になし"),
        *(
            "特になし。",
            "「なし」",
            "な し",
            "ナシ",
            "ﾅｼ",
            "特に無し",
            "とくになし",
            "該当なし",
            "同上",
        ),
        *("特にありません。", "（特になし）", "－なし－", "👍"),
    ],
)
def test_a_text_that_says_nothing_is_known(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["周知する。", "なしの実を配布した。", "特になしとした理由は次のとおり", "未定", "12回"]
)
def test_a_text_that_says_something_is_left_alone(text: str) -> None:
    assert not says_nothing(text)


def test_a_text_longer_than_slack_takes_is_refused_with_its_length() -> None:
    draft = {"implementation": "i", "attainment": "1"}

    assert check(MID, {**draft, "issues": "あ" * MAX_TEXT}) == {}
    assert check(MID, {**draft, "issues": "あ" * 3120}) == {
        "issues": "3,000字以内にしてください(いま3,120字です)。"
    }


def test_texts_are_stored_as_typed_but_for_the_space_around_them() -> None:
    typed = "  <!channel> *太字* & 100％\n①参加者の減少 🎌  "
    settled = settle(MID, {"implementation": "i", "attainment": "2", "issues": typed, "x": "y"})

    assert settled == {"implementation": "i", "attainment": "2", "issues": typed.strip()}


# --- forms of other makes, with no code changed ---------------------------------------------------

INDICATOR_STAGE = INDICATORS.stage("year-end")
TWO = (Indicator("12", "参加した人の割合"), Indicator("13", "満足した人の割合"))
PER_INDICATOR = fields_of(INDICATOR_STAGE, indicators=TWO)
WHOLE_UNIT = fields_of(INDICATOR_STAGE, Scope.UNIT)


def test_each_indicator_has_a_mark_and_a_reason_of_its_own() -> None:
    draft = {"result@12": "62%", "mark@12": "B", "result@13": "80%", "mark@13": "A"}

    assert set(check(PER_INDICATOR, draft)) == {"reason@12"}
    assert set(check(PER_INDICATOR, {**draft, "reason@13": "雨天"})) == {"reason@12"}
    complete = {**draft, "reason@12": "雨天が続いたため。"}
    assert check(PER_INDICATOR, complete) == {}
    assert settle(PER_INDICATOR, complete) == complete
    assert state_of(PER_INDICATOR, complete) is State.SUBMITTED
    assert state_of(PER_INDICATOR, draft) is State.OUTSTANDING


def test_the_unit_answers_two_texts_once() -> None:
    assert set(check(WHOLE_UNIT, {"overall": "おおむね達成した。"})) == {"next"}
    both = {"overall": "おおむね達成した。", "next": "続ける。"}
    assert state_of(WHOLE_UNIT, both) is State.SUBMITTED


@pytest.mark.parametrize(("mark", "needs_text"), [("full", False), ("part", True), ("none", True)])
def test_a_scale_may_have_three_values_two_of_which_need_a_text(
    mark: str, needs_text: bool
) -> None:
    fields = fields_of(THREE_VALUED.stage("mid-year"))

    assert ("issues" in check(fields, {"implementation": mark})) is needs_text
    assert check(fields, {"implementation": mark, "issues": PLAN_B}) == {}
    state = state_of(fields, {"implementation": mark})
    assert state is (State.OUTSTANDING if needs_text else State.SUBMITTED)


def test_a_review_may_be_a_text_and_nothing_else() -> None:
    fields = fields_of(TEXT_ONLY.stage("year-end"))

    assert set(check(fields, {})) == {"review"}
    assert settle(fields, {"review": " よくできた。 "}) == {"review": "よくできた。"}
    assert state_of(fields, {"review": "よくできた。"}) is State.SUBMITTED
    assert not is_provisional(fields, {"review": "よくできた。"})


@pytest.mark.parametrize("text", ["20270531", "2027-W21-5", "2027-05-31T00:00", "2027-02-30", "x"])
def test_a_date_is_taken_only_as_a_date_picker_gives_it(text: str) -> None:
    answers = {"results": "実績。", "attainment": "undetermined"}

    assert "final_on" in check(END, {**answers, "final_on": text})
    assert "final_on" not in check(END, {**answers, "final_on": "2027-05-31"})


def test_a_box_is_ticked_or_not_and_holds_no_text() -> None:
    answers = {"results": RESULTS, "attainment": "1"}

    assert set(check(END, {**answers, "provisional": "相談の経過"})) == {"provisional"}
    assert not check(END, {**answers, "provisional": ""})
    assert not check(END, {**answers, "provisional": YES})
