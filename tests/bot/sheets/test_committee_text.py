from __future__ import annotations

import pytest

from bot.domain.forms.form_files import built_in
from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.committee_text import read_committee, read_committee_text
from bot.sheets.rows import Row
from tests.bot.sheets.samples import sample

HEAD = "意見\t反映の有無\t理由\n"


def committee(*changes: tuple[str, str]) -> SheetPlan:
    text = sample("committee")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_committee_text(text)


def test_each_opinion_is_an_item_of_the_wards_committee() -> None:
    plan = committee()

    assert (plan.form, plan.ward, plan.fiscal_year) == ("committee", "あおぞら区", 2026)
    assert plan.plan == "あおぞら区区政会議 委員からの意見と区の対応"
    assert [each.code for each in plan.initiatives] == ["1-1", "1-2", "1-3", "1-4", "1-5"]
    assert plan.initiatives[0].title == "公園の明かりが暗い"
    assert plan.initiatives[0].details["opinion"] == "公園の明かりが暗い。夜に歩けない。"
    assert not plan.faults


def test_the_second_meeting_of_a_year_leaves_the_opinions_of_the_first_alone() -> None:
    first, second = committee(), committee(("第1回", "第２回"))

    assert second.plan == first.plan
    assert [each.code for each in second.initiatives] == ["2-1", "2-2", "2-3", "2-4", "2-5"]
    assert second.initiatives[0].details["meeting"] == "第2回"


def test_what_became_of_an_opinion_is_read_in_each_way_it_is_written() -> None:
    answers = [dict(each.answers["response"].values) for each in committee().initiatives]

    assert answers == [
        {"reflected": "yes", "action": "明かりを4基増やす。"},
        {"reflected": "partly", "action": "印刷の日を2日早めた。"},
        {"reflected": "no", "reason": "川の管理者との協議に時間がかかるため。"},
        {"reflected": "no", "reason": "委員の半数が昼を希望しているため"},
        {"reflected": "yes", "action": "2か月前に知らせる。"},
    ]


def test_the_title_of_an_opinion_is_its_first_sentence_however_lines_break() -> None:
    long = "長" * 50
    for opinion, title in (
        ("公園の明かりが暗\nい。夜に歩けない。", "公園の明かりが暗い"),
        ("なぜですか？ 教えてほしい。", "なぜですか？"),
        (long, f"{long[:39]}…"),
    ):
        row = Row(2, (opinion, "有", ""), after_blank=False)
        head = Row(1, ("意見", "反映の有無", "理由"), after_blank=False)
        assert read_committee([head, row], built_in("committee")).initiatives[0].title == title


def test_members_are_not_taken_by_name() -> None:
    plan = committee()

    assert "見本" not in repr(plan)
    assert "委員の名前の列は取り込みません。" in plan.warnings


def test_the_committees_marks_are_counts_of_each_grade() -> None:
    assert committee().answers["response"].values["rating"] == "3;5;1;0"


def test_marks_of_several_items_are_added_and_kept_item_by_item() -> None:
    plan = committee(("平均3.2", "窓口\t1\t2\t－\t1"))

    assert plan.answers["response"].values["rating"] == "4;7;1;1"
    assert plan.answers["response"].values["rating_comments"].splitlines() == [
        "令和7年度の区政運営：4 3人、3 5人、2 1人、1 0人",
        "窓口：4 1人、3 2人、2 0人、1 1人",
    ]
    assert any("2項目の人数を合わせて" in words for words in plan.warnings)


def test_an_average_that_the_counts_do_not_give_is_told() -> None:
    plan = committee(("平均3.2", "平均3.9"))
    assert any("平均3.9とありますが、人数から求めると3.2です" in each for each in plan.warnings)


def test_grades_may_stand_in_another_order_and_in_words() -> None:
    heads = "できていない\tあまりできていない\tおおむねできている\tよくできている"
    plan = committee(("4\t3\t2\t1", heads))
    assert plan.answers["response"].values["rating"] == "0;1;5;3"


def test_an_opinion_not_reflected_without_a_reason_is_told_by_its_line() -> None:
    plan = committee(("川の管理者との協議に時間がかかるため。", ""))
    assert "8行目：反映していない場合は、その理由を入力してください。" in plan.warnings


@pytest.mark.parametrize("written", ["検討", "？", "○×"])
def test_a_word_for_no_option_is_a_fault_and_never_guessed(written: str) -> None:
    plan = read_committee_text(f"{HEAD}道を直してほしい\t{written}\t")

    assert f"「{written}」が読めません" in str(plan.faults[0])
    assert plan.initiatives[0].answers["response"].unreadable == {"reflected"}


def test_an_answer_not_yet_given_is_blank() -> None:
    plan = read_committee_text(f"{HEAD}道を直してほしい\t－\t")
    assert plan.initiatives[0].answers["response"].is_blank


def test_two_opinions_of_one_number_and_an_empty_one_are_faults() -> None:
    plan = committee(("\n2\t", "\n1\t"), ("会議を夜に開いてほしい。", ""))
    assert [(fault.row, fault.column) for fault in plan.faults] == [
        (7, "番号"),
        (9, "意見の内容"),
    ]


def test_an_opinion_without_a_number_among_numbered_ones_is_a_fault() -> None:
    plan = committee(("\n2\t", "\n\t"))
    assert [(fault.row, fault.column) for fault in plan.faults] == [(7, "番号")]


def test_opinions_that_have_no_numbers_at_all_are_counted() -> None:
    plan = read_committee_text(f"{HEAD}道\t有\t\n橋\t無\t遠い")
    assert [each.code for each in plan.initiatives] == ["1", "2"]


def test_minutes_without_a_table_are_no_list_of_opinions() -> None:
    with pytest.raises(SheetRefused, match="「意見」と「反映の有無」の列"):
        read_committee_text("あおぞら区区政会議 議事録\n発言が続いた。")
