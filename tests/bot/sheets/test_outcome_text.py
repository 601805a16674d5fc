from __future__ import annotations

from typing import Any

import pytest

from bot.domain.forms.form_files import built_in
from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.outcome_text import read_outcome, read_outcome_text
from bot.sheets.rows import Row, rows_of
from tests.bot.sheets.samples import sample

TITLE = "令和6年度 あおぞら区運営方針"
ISSUE = f"{TITLE}\n経営課題1 見守り\n"


def outcome(*changes: tuple[str, str]) -> SheetPlan:
    text = sample("outcome")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_outcome_text(text)


def issue_of(body: str) -> SheetInitiative:
    return read_outcome_text(ISSUE + body).initiatives[0]


def year_end(initiative: SheetInitiative) -> dict[str, Any]:
    answers = initiative.answers["year-end"]
    return {**answers.values, **dict.fromkeys(answers.unreadable, "lost")}


def test_a_policy_since_fy2023_has_an_initiative_for_each_issue() -> None:
    plan = outcome()

    assert (plan.form, plan.ward, plan.fiscal_year) == ("outcome", "あおぞら区", 2024)
    assert plan.plan == "あおぞら区運営方針"
    assert [(each.code, each.title) for each in plan.initiatives] == [
        ("1", "一人暮らしでも安心なまち"),
        ("2", "雨に強いまち"),
    ]
    assert (plan.faults, plan.warnings) == ((), ())


def test_the_texts_of_an_issue_stand_where_the_form_keeps_them() -> None:
    first, second = outcome().initiatives

    assert first.purpose == "一人で暮らす人に、週に一度は声がかかる状態"
    assert first.details["present"] == "登録はあるが、訪問が足りない。"
    assert first.activities == "【1-1 見守りの訪問】 登録した世帯を月に2回訪ねる。"
    assert second.purpose == "雨の前に、だれがどこへ行くかを\nみんなが知っている状態"


def test_indicators_come_from_a_table_with_results_and_marks() -> None:
    first = outcome().initiatives[0]

    assert [(each.name, each.target) for each in first.indicators] == [
        ("見守りの登録世帯数", "4,500世帯以上"),
        ("訪問に満足した割合", "80%以上"),
        ("訪問員の人数", "60人以上"),
    ]
    assert year_end(first) == {
        "attainment@1": "A",
        "result@1": "4,722世帯",
        "attainment@2": "B",
        "result@2": "74%",
        "attainment@3": "lost",
        "result@3": "58人",
    }


def test_indicators_come_from_lines_and_their_marks_from_lines_below() -> None:
    second = outcome().initiatives[1]

    assert [(each.name, each.target) for each in second.indicators] == [
        ("訓練に参加した町会の数", "30町会以上"),
        ("避難先を言える区民の割合", "65%以上"),
    ]
    assert year_end(second) == {
        "attainment@1": "A",
        "result@1": "31町会",
        "attainment@2": "undetermined",
        "result@2": "未集計",
    }


def test_what_is_said_of_the_whole_ward_stands_once_with_the_plan() -> None:
    plan = outcome()

    assert dict(plan.details) == {"goal": "声をかけ合えるまち"}
    assert dict(plan.answers["year-end"].values) == {
        "overall": "見守りと訓練は前に進んだ。\n訪問の質に課題が残った。",
        "next": "訪問員の研修を年4回に増やす。",
    }


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("アウトカム指標の達成状況(定量評価)\n①登録 4,722世帯 ：A", {"A": "4,722世帯"}),
        ("アウトカム指標の達成状況（定量評価）\n（１）登録　4,722世帯　　：Ｂ", {"B": "4,722世帯"}),
        ("アウトカム指標の達成状況(定量評価)\n① 4,722世帯 ：A", {"A": "4,722世帯"}),
        ("アウトカム指標の達成状況(定量評価)\n登録 実績：4,722世帯 A 達成", {"A": "4,722世帯"}),
        ("定量評価：登録 約4,700世帯 ：D", {"D": "約4,700世帯"}),
    ],
)
def test_a_mark_is_read_behind_its_result_in_each_way_it_is_printed(
    line: str, answers: dict[str, str]
) -> None:
    found = issue_of(f"アウトカム指標\n①登録(目標：4,500世帯以上)\n{line}")

    assert len(found.indicators) == 1
    ((mark, result),) = answers.items()
    assert year_end(found) == {"attainment@1": mark, "result@1": result}


@pytest.mark.parametrize("cell", ["：", "()", "□", "A B", "A・C", "優"])
def test_a_mark_that_cannot_be_told_is_unreadable_and_never_guessed(cell: str) -> None:
    found = issue_of(f"アウトカム指標\t目標\t実績\t達成状況\n登録\t4,500\t4,722\t{cell}")
    assert year_end(found)["attainment@1"] == "lost"


def test_a_table_without_results_is_a_plan_not_yet_answered() -> None:
    found = issue_of("アウトカム指標\t目標\t実績\t達成状況\n登録\t4,500世帯\t\t\n満足\t80%\t－\t－")

    assert len(found.indicators) == 2
    assert found.answers["year-end"] == SheetAnswers()


def test_columns_may_stand_in_any_order_and_a_legend_is_no_mark() -> None:
    found = issue_of(
        "達成状況\t実績\tアウトカム指標\t目標値\nC\t10人\t訪問員\t60人\nA：達成 B：おおむね"
    )
    assert year_end(found) == {"attainment@1": "C", "result@1": "10人"}
    assert found.indicators[0].target == "60人"


def test_a_table_goes_on_below_a_row_whose_empty_cells_were_cut_off() -> None:
    found = issue_of(
        "アウトカム指標\t目標\t実績\t達成状況\n登録\n満足\t80%\t74%\tB\n現状・課題\t足りない"
    )

    assert [each.name for each in found.indicators] == ["登録", "満足"]
    assert year_end(found) == {"attainment@2": "B", "result@2": "74%"}
    assert found.details["present"] == "足りない"


def test_a_result_without_its_mark_is_a_lost_mark() -> None:
    found = issue_of("アウトカム指標\t目標\t実績\t達成状況\n登録\t4,500\t4,722\t")
    assert year_end(found) == {"attainment@1": "lost", "result@1": "4,722"}


def test_a_sentence_that_begins_with_a_labels_words_opens_nothing() -> None:
    plan = outcome(("訪問員の研修", "今後の方針は会議で決めた。訪問員の研修"))
    assert plan.answers["year-end"].values["next"].startswith("今後の方針は会議")


def test_an_issue_twice_or_without_a_title_is_a_fault() -> None:
    twice = outcome(("経営課題2", "経営課題1"))
    untitled = outcome(("経営課題2 【雨に強いまち】", "経営課題2"))

    assert "経営課題1が2回あります" in str(twice.faults[0])
    assert "経営課題2の題名がありません" in str(untitled.faults[0])


def test_a_row_that_names_no_indicator_is_a_fault_of_its_line() -> None:
    plan = outcome(("②訪問に満足した割合", ""))
    assert [(fault.row, "どの指標のことか" in str(fault)) for fault in plan.faults] == [(16, True)]


def of_cells(*cells: str) -> SheetPlan:
    head = Row(3, ("アウトカム指標", "目標", "実績", "達成状況"), after_blank=False)
    above = rows_of(ISSUE)
    return read_outcome([*above, head, Row(4, cells, after_blank=False)], built_in("outcome"))


def test_rows_that_paper_has_drawn_into_one_are_told_apart_by_their_numbers() -> None:
    (issue,) = of_cells("②満足\n③人数", "80%\n60人", "74%\n58人", "B\nC").initiatives

    assert [(each.name, each.target) for each in issue.indicators] == [
        ("満足", "80%"),
        ("人数", "60人"),
    ]
    assert year_end(issue) == {
        "attainment@1": "B",
        "result@1": "74%",
        "attainment@2": "C",
        "result@2": "58人",
    }


def test_rows_drawn_into_one_that_cannot_be_told_apart_are_a_fault() -> None:
    plan = of_cells("②満足\n③人数", "80%", "74%\n58人", "B\nC")
    assert "どの指標のことか分かりません" in str(plan.faults[0])


def test_an_issue_without_indicators_or_targets_is_told() -> None:
    plan = outcome(("(目標：30町会以上)", ""))
    assert any("「訓練に参加した町会の数」：目標がありません" in each for each in plan.warnings)


def test_running_text_before_any_label_is_told_and_not_taken() -> None:
    plan = outcome(("めざす状態\n雨の前に", "ここは何の文か\nめざす状態\n雨の前に"))
    assert any("取り込みません(ここは何の文か)" in each for each in plan.warnings)


def test_what_has_no_issue_with_indicators_is_no_such_policy() -> None:
    with pytest.raises(SheetRefused, match="「経営課題1」のような見出し"):
        read_outcome_text(f"{TITLE}\n令和6年度の予定")
