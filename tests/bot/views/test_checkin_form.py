"""The check-in's modal: what it asks, that nothing typed is lost, and what is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import check, is_required
from bot.domain.calendar import at_tokyo
from bot.domain.errors import Refused
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import ALWAYS, Form, Kind, Option, Question, Scope, Stage, Timing, When
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.checkin_form import Entry, Keep, Rival, Typed, build, errors, read, whole_fault_block
from tests.bot.views.samples import END, END_FIELDS, ISSUES, MID, MID_FIELDS, entry
from tests.bot.views.slack import Screen, assert_modal, said

OUTLOOK = "目標の達成見込み"
IMPLEMENTATION = "取組内容の実施見込み"
ISSUES_LABEL = "課題と改善策"


def year_end(**changes: Any) -> Entry:
    return entry(END_FIELDS, round=END, **changes)


def typed_again(screen: Screen, opened: Entry) -> Typed:
    """The screen is built again with what was typed, as after a choice."""
    typed = read(screen.payload())
    screen.update(build(replace(opened, answers=typed.answers)))
    return typed


def test_the_mid_year_form_asks_three_things_and_ends_with_the_issues() -> None:
    screen = Screen(build(entry()))
    assert screen.labels() == [IMPLEMENTATION, OUTLOOK, "課題と改善策(②の場合は必須)"]
    assert screen.view["title"]["text"] == "中間振り返り 取組項目7(1/2)"
    assert screen.view["submit"]["text"] == "入力を完了する"
    assert screen.view["close"]["text"] == "閉じる"


@pytest.mark.parametrize("attainment", ["1", "2", "undetermined"])
def test_what_slack_calls_optional_is_what_the_form_does_not_require(attainment: str) -> None:
    shown = year_end(answers={"attainment": attainment})
    optional = {
        block["element"]["action_id"].partition(":")[2]: block["optional"]
        for block in build(shown)["blocks"]
        if block["type"] == "input"
    }
    fields = {field.key: field for field in shown.fields}
    assert optional == {
        key: not is_required(fields[key], shown.fields, shown.answers) for key in optional
    }


def test_choosing_two_marks_the_issues_as_required_and_keeps_what_was_typed() -> None:
    opened = entry()
    screen = Screen(build(opened))
    screen.enter(ISSUES_LABEL, "書きかけ")
    screen.enter(OUTLOOK, "② 達成できない見込み")
    typed_again(screen, opened)
    assert screen.labels()[-1] == "課題と改善策(必須)"
    assert read(screen.payload()).answers == {
        "implementation": "",
        "attainment": "2",
        "issues": "書きかけ",
    }


def test_every_choice_that_changes_what_is_asked_reports_at_once() -> None:
    for opened in (entry(), year_end()):
        for block in build(opened)["blocks"]:
            if block["type"] == "input" and block["element"]["type"] == "radio_buttons":
                assert block["dispatch_action"] is True


def test_not_applicable_takes_the_outlook_away_and_gives_it_back() -> None:
    opened = entry()
    screen = Screen(build(opened))
    screen.enter(OUTLOOK, "② 達成できない見込み")
    screen.enter(IMPLEMENTATION, "対象外(年度途中から実施)")
    typed_again(screen, opened)
    assert screen.labels() == [IMPLEMENTATION, "課題と改善策(②の場合は必須)"]
    assert "対象外を選んだ場合、ほかの入力は要りません。" in said(screen.view["blocks"])
    screen.enter(IMPLEMENTATION, "(i) 実施見込み")
    typed_again(screen, opened)
    assert read(screen.payload()).answers["attainment"] == "2"


def test_undetermined_ticks_and_locks_provisional() -> None:
    opened = year_end()
    screen = Screen(build(opened))
    screen.enter("目標の達成状況", "未確定(数値の確定待ち)")
    typed_again(screen, opened)
    assert "数値の確定" not in screen.labels()
    assert "✓ 暫定の数値です(確定後に入力し直します)" in said(screen.view["blocks"])
    assert screen.labels()[-1] == "確定する見込みの日"


def test_a_date_given_for_undetermined_survives_a_change_of_mind() -> None:
    opened = year_end()
    screen = Screen(build(opened))
    screen.enter("目標の達成状況", "未確定(数値の確定待ち)")
    typed_again(screen, opened)
    screen.enter("確定する見込みの日", "2027-05-31")
    screen.enter("目標の達成状況", "① 目標達成")
    typed_again(screen, opened)
    assert "確定する見込みの日" not in screen.labels()
    screen.enter("目標の達成状況", "未確定(数値の確定待ち)")
    typed_again(screen, opened)
    assert read(screen.payload()).answers["final_on"] == "2027-05-31"


def test_ii_without_a_text_gets_a_prompt_and_no_refusal() -> None:
    shown = said(build(entry(answers={"implementation": "ii"}))["blocks"])
    assert "実施できない理由を「課題と改善策」に書いておくと" in shown
    assert check(MID_FIELDS, {"implementation": "ii", "attainment": "1"}) == {}


def test_a_cleared_text_is_read_as_cleared_and_a_missing_one_as_it_was_shown() -> None:
    screen = Screen(build(entry(answers={"issues": ISSUES, "attainment": "2"})))
    screen.enter(ISSUES_LABEL, "")
    assert read(screen.payload()).answers["issues"] == ""
    payload = screen.payload()
    del payload["state"]["values"]["mid-year:7:issues"]
    read_back = read(payload)
    assert read_back.answers["issues"] == ISSUES
    assert not read_back.complete_state


def test_a_key_that_slack_left_out_and_that_was_shown_empty_is_unchanged() -> None:
    payload = {**build(entry()), "state": {"values": {}}}
    assert read(payload).answers == {}


# NUL and lone surrogates are no part of a text (bot.views.text.storable).
TYPED = st.characters(codec="utf-8", exclude_characters="\0")

ANSWERS = st.fixed_dictionaries(
    {
        "implementation": st.sampled_from(["i", "ii", "na"]),
        "attainment": st.sampled_from(["1", "2"]),
        "issues": st.text(alphabet=TYPED, min_size=1),
    }
)


@given(ANSWERS)
def test_what_is_shown_is_read_back_to_the_letter(answers: dict[str, str]) -> None:
    assert read(Screen(build(entry(answers=answers))).payload()).answers == answers


def test_three_thousand_emoji_are_given_back_whole() -> None:
    text = "😀" * 3000
    screen = Screen(build(entry(answers={"issues": text, "attainment": "2"})))
    assert read(screen.payload()).answers["issues"] == text


def test_the_next_item_is_never_shown_this_items_text() -> None:
    opened = entry()
    screen = Screen(build(opened))
    screen.enter(ISSUES_LABEL, "7の課題")
    screen.update(build(replace(opened, initiative_id=9, code="9")))
    assert read(screen.payload()).answers["issues"] == ""
    late = screen.payload()
    late["state"]["values"]["mid-year:7:issues"] = {
        "field:issues": {"type": "plain_text_input", "value": "7の課題"}
    }
    assert read(late).answers["issues"] == ""


def test_what_the_modal_carries_comes_back() -> None:
    opened = entry(revision=3, correcting=True, warned=frozenset({"issues"}))
    typed = read(Screen(build(opened)).payload())
    assert (typed.round_id, typed.initiative_id, typed.revision) == (12, 7, 3)
    assert typed.position == (1, 2)
    assert typed.warned == {"issues"}
    assert typed.correcting
    assert typed.complete_state


GOOD = json.loads(build(entry())["private_metadata"])


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        "",
        "[]",
        "12",
        "{",
        json.dumps({**GOOD, "r": "12"}),
        json.dumps({**GOOD, "i": -1}),
        json.dumps({**GOOD, "v": True}),
        json.dumps({**GOOD, "p": [1]}),
        json.dumps({**GOOD, "w": [1]}),
        json.dumps({**GOOD, "h": {"a": 1}}),
        json.dumps({key: value for key, value in GOOD.items() if key != "s"}),
    ],
)
def test_forged_metadata_is_refused(metadata: str | None) -> None:
    view = {**build(entry()), "private_metadata": metadata, "state": {"values": {}}}
    with pytest.raises(Refused):
        read(view)


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), st.lists, max_leaves=8))
def test_a_state_of_any_shape_is_read_without_harm(state: Any) -> None:
    values = {"mid-year:7:issues": state, "mid-year:7:attainment": {"a": state}}
    typed = read({**build(entry()), "state": {"values": values}})
    assert all(isinstance(text, str) for text in typed.answers.values())


def test_faults_stand_under_their_fields_and_others_under_the_issues() -> None:
    view = build(entry())
    assert errors(view, {"attainment": "選択。", "round": "終わり。", "issues": "必須。"}) == {
        "mid-year:7:attainment": "選択。",
        "mid-year:7:issues": "終わり。必須。",
    }


@pytest.mark.parametrize("opened", [entry(), entry(reason_required=True), year_end()])
def test_a_refusal_of_the_whole_stands_under_the_issues(opened: Entry) -> None:
    assert whole_fault_block(build(opened)).endswith(":7:issues")


def test_a_correction_after_the_round_asks_for_its_reason() -> None:
    screen = Screen(build(entry(reason_required=True, correcting=True)))
    assert screen.view["submit"]["text"] == "修正を完了する"
    screen.enter("修正の理由", " 数値の誤り ")
    assert read(screen.payload()).reason == "数値の誤り"
    assert errors(screen.view, {"reason": "理由。"}) == {"mid-year:7:!reason": "理由。"}


RIVAL = Rival(
    "佐藤", at_tokyo(date(2026, 9, 10), time(10, 42)), {"attainment": "1", "issues": "別の文"}, 4
)


def test_two_peoples_answers_stand_side_by_side_to_choose_from() -> None:
    screen = Screen(build(entry(answers={"issues": "自分の文"}, rival=RIVAL)))
    shown = said(screen.view["blocks"])
    assert "佐藤さんがこの項目を更新しました(10:42)。" in shown
    assert "別の文" in shown
    assert "① 達成見込み" in shown
    assert read(screen.payload()).keep is None
    screen.enter("残す内容", "佐藤さんの内容のままにする")
    typed = read(screen.payload())
    assert typed.keep is Keep.THEIRS
    assert typed.rival_revision == 4
    assert typed.answers["issues"] == "自分の文"
    [block] = errors(screen.view, {"keep": "選択。"})
    assert block == "mid-year:7:4:!keep"


def test_a_choice_made_against_one_revision_is_not_taken_for_the_next() -> None:
    screen = Screen(build(entry(rival=RIVAL)))
    screen.enter("残す内容", "自分の内容にする")
    screen.update(build(entry(rival=replace(RIVAL, revision=5))))
    assert read(screen.payload()).keep is None


def test_a_soft_warning_is_shown_under_its_field_and_carried_along() -> None:
    answers = {"results": "同じ文", "attainment": "2", "issues": "同じ文"}
    opened = year_end(answers=answers, warned=frozenset({"issues"}), correcting=True)
    screen = Screen(build(opened))
    assert "実績と同じ文です。" in said(screen.view["blocks"])
    assert "もう一度「修正を完了する」を押してください。" in said(screen.view["blocks"])
    assert read(screen.payload()).warned == {"issues"}


def test_the_target_of_the_plan_stands_in_where_the_year_has_none() -> None:
    texts = {"target": "年1,200世帯", "activities_target": None}
    shown = said(build(entry(plan=YOUSHIKI3.shown_texts(texts)))["blocks"])
    assert "*目標*　年1,200世帯" in shown


def test_the_target_of_an_indicator_stands_under_its_name() -> None:
    mark = Question("mark", Kind.CHOICE, "達成状況", options=(Option("A", "A", "達成"),))
    shown = said(build(entry((Field(mark, "12", "参加者", "年200人"),)))["blocks"])
    assert "*参加者*\n目標：年200人" in shown


def test_what_is_not_published_is_not_said_to_be() -> None:
    inside = replace(MID, stage=replace(MID.stage, published=False))
    shown = said(build(entry(round=inside))["blocks"])
    assert "会議の資料になります。" in shown
    assert "公表されます" not in shown


def test_who_answers_for_somebody_is_told_so() -> None:
    shown = said(build(entry(entered_for="保健福祉課 山田さん"))["blocks"])
    assert "保健福祉課 山田さんの担当項目を、代わりに入力します。" in shown


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("145", "中間振り返り 取組項目145(10/12)"),
        ("1-1-1-(2)-イ-②", "中間振り返り 取組項目1-1-1-(2)-イ-②"),
        ("経営課題1", "中間振り返り 経営課題1(10/12)"),
        ("1" * 40, "中間振り返り 取組項目111111111111…"),
    ],
)
def test_the_title_fits_into_24_characters(code: str, title: str) -> None:
    assert build(entry(code=code, position=(10, 12)))["title"]["text"] == title


# --- forms that are not ours, with no code of their own -------------------------------------------

GRADE = Question(
    key="grade",
    kind=Kind.CHOICE,
    label="アウトカム指標の達成状況(定量評価)",
    scope=Scope.INDICATOR,
    required=ALWAYS,
    options=(Option("a", "A", "達成"), Option("b", "B", "未達成", unfavourable=True)),
)
WHY = Question(
    key="why",
    kind=Kind.TEXT,
    label="未達成の理由",
    scope=Scope.INDICATOR,
    asked=When("grade", frozenset({"b"})),
    required=When("grade", frozenset({"b"})),
)
OVERALL = Question(
    key="overall", kind=Kind.TEXT, label="今後の方針", scope=Scope.UNIT, required=ALWAYS
)
YEAR = Stage(
    key="year-end",
    title="アウトカム指標",
    questions=(GRADE, WHY, OVERALL),
    timing=Timing((12, 1), (13, 14), (14, 7)),
    request="実績と達成状況を入力してください。",
)
INDICATOR_FORM = Form("outcomes", "運営方針", (YEAR,))
INDICATORS = (Indicator("31", "来庁者の満足度"), Indicator("32", "待ち時間"))
INDICATOR_ROUND = replace(MID, form=INDICATOR_FORM, stage=YEAR)


def indicator_entry(**changes: Any) -> Entry:
    fields: tuple[Field, ...] = fields_of(YEAR, indicators=INDICATORS)
    return entry(fields, round=INDICATOR_ROUND, code="経営課題1", position=None, **changes)


def test_a_form_with_indicators_asks_of_each_and_only_where_it_applies() -> None:
    opened = indicator_entry()
    screen = Screen(build(opened))
    assert screen.view["title"]["text"] == "アウトカム指標 経営課題1"
    assert "*来庁者の満足度*" in said(screen.view["blocks"])
    assert screen.labels() == [GRADE.label, GRADE.label]
    block, element = screen.find(GRADE.label)
    assert block["block_id"] == "year-end:7:grade@31"
    assert block["dispatch_action"] is True
    screen.enter(GRADE.label, "B 未達成")
    typed_again(screen, opened)
    assert screen.labels() == [GRADE.label, "未達成の理由", GRADE.label]
    assert element["action_id"] == "field:grade@31"
    assert read(screen.payload()).answers == {"grade@31": "b", "why@31": "", "grade@32": ""}


@given(st.text(alphabet=TYPED, min_size=1, max_size=600))
def test_a_text_that_a_choice_hides_comes_back_with_it(text: str) -> None:
    opened = indicator_entry(answers={"grade@31": "b", "why@31": text})
    screen = Screen(build(opened))
    screen.enter(GRADE.label, "A 達成")
    typed_again(screen, opened)
    assert "未達成の理由" not in screen.labels()
    screen.enter(GRADE.label, "B 未達成")
    typed_again(screen, opened)
    assert read(screen.payload()).answers["why@31"] == text


def test_what_is_hidden_never_makes_the_modal_too_large() -> None:
    answers = {f"why@{each}": "&\n" * 1500 for each in ("31", "32")}
    assert_modal(build(indicator_entry(answers=answers)))


def test_a_form_of_unit_wide_texts_needs_no_code_of_its_own() -> None:
    opened = replace(indicator_entry(), fields=fields_of(YEAR, Scope.UNIT), code="")
    screen = Screen(build(opened))
    assert screen.labels() == ["今後の方針"]
    assert whole_fault_block(screen.view) == "year-end:7:overall"


def test_more_options_than_radio_buttons_take_become_a_list() -> None:
    many = tuple(Option(str(number), str(number), "段階") for number in range(12))
    question = replace(GRADE, scope=Scope.INITIATIVE, options=many)
    view = build(entry((Field(question),), answers={"grade": "11"}))
    assert_modal(view)
    [block] = [block for block in view["blocks"] if block["type"] == "input"]
    assert block["element"]["type"] == "static_select"
    assert read({**view, "state": {"values": {}}}).answers == {"grade": "11"}
