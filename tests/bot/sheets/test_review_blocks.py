"""Every shape in which the marks of a review are printed, and what may be read from it."""

from __future__ import annotations

import pytest

from bot.domain.plans import MarkReading, SheetAnswers
from tests.bot.sheets import aozora
from tests.bot.sheets.aozora import (
    ATTAINED,
    IMPLEMENTATION,
    ISSUES,
    OUTLOOK,
    mid_year_of,
    year_end_of,
)

LOST_IMPLEMENTATION = "()実施見込み ()実施できない見込み"
LOST_OUTLOOK = ":達成見込み :達成できない見込み"
WIDE_OUTLOOK = "①： 達成見込み ②： 達成できない見込み"
NOTHING = SheetAnswers()
BOTH_LOST = SheetAnswers({}, frozenset({"implementation", "attainment"}))


def rows(*lines: str) -> str:
    return "\n".join(lines)


def mid_year(implementation: str, outlook: str, issues: str = "", below: str = "") -> str:
    return rows(
        f"中間振り返り\t取組内容の実施見込み\t{implementation}\t{ISSUES} {issues}",
        f"\t目標の達成見込み\t{outlook}\t{below}",
    )


def year_end(results: str, *, mark: str = "", issues: str = "", below: str = "") -> str:
    return rows(
        f"自己評価\t当年度の取組実績及び目標の達成状況\t\t{ISSUES}",
        f"\t{results}\t{mark}\t{issues}{below}",
    )


@pytest.mark.parametrize(
    ("implementation", "outlook", "expected"),
    [
        (f"(i)\t{IMPLEMENTATION}", f"②\t{OUTLOOK}", {"implementation": "i", "attainment": "2"}),
        (f"(ii)\t{IMPLEMENTATION}", f"①\t{OUTLOOK}", {"implementation": "ii", "attainment": "1"}),
        ("（ⅱ）\t（ⅰ）実施見込み （ⅱ）実施できない見込み", f"①\t{WIDE_OUTLOOK}",
         {"implementation": "ii", "attainment": "1"}),
        ("(Ⅰ)\t(Ⅰ) 実施見込み (Ⅱ) 実施できない見込み", f"②\t{OUTLOOK}",
         {"implementation": "i", "attainment": "2"}),
        (f"(i) {IMPLEMENTATION}", f"② {OUTLOOK}", {"implementation": "i", "attainment": "2"}),
        (f"(i)実施見込み\t{IMPLEMENTATION}", f"② 達成できない見込み\t{OUTLOOK}",
         {"implementation": "i", "attainment": "2"}),
        (f"対象外\t{IMPLEMENTATION}", f"①\t{OUTLOOK}", {"implementation": "na", "attainment": "1"}),
    ],
    ids=["cell", "independent", "wide", "capital", "in-the-legend", "with-words", "exempt"],
)  # fmt: skip
def test_a_mark_that_stands_by_itself_is_given(
    implementation: str, outlook: str, expected: dict[str, str]
) -> None:
    assert mid_year_of(mid_year(implementation, outlook)) == SheetAnswers(expected)


@pytest.mark.parametrize(
    "block",
    [
        aozora.BLANK_MID_YEAR,
        mid_year(LOST_IMPLEMENTATION, LOST_OUTLOOK),
        mid_year(
            '<input type="checkbox"/> 実施見込み <input type="checkbox"/> 実施できない見込み',
            "：達成見込み ：達成できない見込み",
        ),
        aozora.BLANK_MID_YEAR.replace("中間振り返り", "中間 振り返り").replace("※", ""),
        aozora.BLANK_MID_YEAR.replace("「②」", "「 」"),
        rows(
            f"中間振り返り\t取組内容の実施見込み 目標の達成見込み\t{ISSUES}",
            f"\t{IMPLEMENTATION} {OUTLOOK}\t",
        ),
        rows(
            "中間振り返り\t取組内容の実施見込み\t課題と改善策",
            f"\t<p>{LOST_IMPLEMENTATION}</p>\t<p>左記が「」の場合は必須</p>",
            f"\t<p>{LOST_OUTLOOK}</p>\t",
        ),
        rows(
            "中間振り返り\t課題と改善策\t",
            "\t左記が「」の場合は必須\t",
            f"取組内容の実施見込み\t{IMPLEMENTATION}\t",
            f"目標の達成見込み\t{OUTLOOK}\t",
        ),
        rows(
            "中間振り返り\t取組内容の実施見込み\t課題と改善策",
            f"目標の達成見込み\t{LOST_IMPLEMENTATION} {LOST_OUTLOOK}\t左記が「」の場合は必須",
        ),
        rows(
            f"中間振り返り\t取組内容の実施見込み {LOST_IMPLEMENTATION}\t{ISSUES}",
            f"\t目標の達成見込み {LOST_OUTLOOK}\t",
        ),
    ],
)
def test_a_legend_alone_is_blank(block: str) -> None:
    answers = mid_year_of(block)
    assert answers == NOTHING
    assert answers.reading("attainment") is MarkReading.BLANK


@pytest.mark.parametrize(
    "block",
    [
        mid_year(f"() {LOST_IMPLEMENTATION}", LOST_OUTLOOK),
        mid_year(f"() () {LOST_IMPLEMENTATION}", LOST_OUTLOOK),
        mid_year(f"()\t{IMPLEMENTATION}", OUTLOOK),
        mid_year(f"(i) {LOST_IMPLEMENTATION}", LOST_OUTLOOK),
        mid_year("(i)実施見込み ()実施できない見込み", LOST_OUTLOOK),
        mid_year(f"(i) (ii)\t{IMPLEMENTATION}", OUTLOOK),
        mid_year(f"検討中\t{IMPLEMENTATION}", OUTLOOK),
        mid_year(f"☑ {LOST_IMPLEMENTATION}", LOST_OUTLOOK),
    ],
    ids=["extra", "extras", "own-cell", "damaged", "one-numeral", "two-marks", "words", "tick"],
)
def test_a_trace_that_cannot_be_told_is_unreadable_and_never_guessed(block: str) -> None:
    answers = mid_year_of(block)
    assert answers == BOTH_LOST
    assert answers.reading("implementation") is MarkReading.UNREADABLE


def test_beside_a_mark_that_is_given_a_legend_alone_was_lost() -> None:
    implementation_lost = mid_year_of(mid_year(IMPLEMENTATION, f"①\t{OUTLOOK}"))
    assert implementation_lost == SheetAnswers({"attainment": "1"}, frozenset({"implementation"}))
    outlook_lost = mid_year_of(mid_year(f"(ii)\t{IMPLEMENTATION}", OUTLOOK))
    assert outlook_lost == SheetAnswers({"implementation": "ii"}, frozenset({"attainment"}))


def test_marks_are_lost_where_only_their_issues_are_left() -> None:
    answers = mid_year_of(mid_year(IMPLEMENTATION, OUTLOOK, issues="人が集まらない。"))
    assert answers == SheetAnswers({"issues": "人が集まらない。"}, BOTH_LOST.unreadable)


@pytest.mark.parametrize(("issues", "below"), [("人が集まらない。", ""), ("", "人が集まらない。")])
def test_issues_stand_in_the_header_cell_or_below_it(issues: str, below: str) -> None:
    block = mid_year(f"(i)\t{IMPLEMENTATION}", f"②\t{OUTLOOK}", issues)
    assert mid_year_of(f"{block}{below}").values["issues"] == "人が集まらない。"


@pytest.mark.parametrize(
    "words", ["目標の達成見込みは厳しい。", "課題と改善策を館長会で検討する。"]
)
def test_a_sentence_may_begin_with_the_words_of_a_header(words: str) -> None:
    block = mid_year(f"(i)\t{IMPLEMENTATION}", f"②\t{OUTLOOK}", below=words)
    assert mid_year_of(block).values["issues"] == words
    assert year_end_of(year_end("310人", mark="②", issues=words)).values["issues"] == words


@pytest.mark.parametrize("dash", ["—", "－", "-", "―", "ー"])
def test_a_lone_dash_says_that_there_is_nothing_to_write(dash: str) -> None:
    block = mid_year(f"(i)\t{IMPLEMENTATION}", f"①\t{OUTLOOK}", dash)
    assert mid_year_of(block) == SheetAnswers({"implementation": "i", "attainment": "1"})


RESULTS = "①開放日 40回 ②参加者 310人(目標300人)"


@pytest.mark.parametrize(
    "block",
    [
        year_end(RESULTS, mark="②", issues="雨の日が少なかった。", below=f"\n{ATTAINED}\t\t\t"),
        year_end(f"{RESULTS} {ATTAINED}", mark="②", issues="雨の日が少なかった。"),
        year_end(RESULTS, mark="② 目標未達成", issues="雨の日が少なかった。"),
        year_end(RESULTS, mark=f"② {ATTAINED}", issues="雨の日が少なかった。"),
        year_end(RESULTS, mark="②", issues="雨の日が少なかった。").replace("自己評価", "計画 評価"),
        year_end(RESULTS, mark="②", issues="雨の日が少なかった。").replace("自己評価", "直前評価"),
        rows(
            f"自己評価\t当年度の取組実績及び目標の達成状況 {RESULTS}\t\t{ISSUES}\t",
            "\t\t\t②\t雨の日が少なかった。",
            f"\t\t\t{ATTAINED}\t",
        ),
        rows(
            f"当年度の取組実績及び目標の達成状況\t{ISSUES}",
            f"自己評価\t{RESULTS}\t雨の日が少なかった。",
            "②\t",
            f"{ATTAINED}\t",
        ),
        rows(
            "自己評価\t課題と改善策\t",
            "\t左記が「②」の場合は必須\t",
            f"<p>当年度の取組実績及び目標の達成状況</p> <p>{RESULTS}</p>\t②\t雨の日が少なかった。",
        ),
    ],
)
def test_year_end_answers_are_read_in_every_layout(block: str) -> None:
    assert year_end_of(block) == SheetAnswers(
        {"results": RESULTS, "attainment": "2", "issues": "雨の日が少なかった。"}
    )


@pytest.mark.parametrize(
    "block",
    [
        aozora.BLANK_YEAR_END,
        f"自己評価\t当年度の取組実績及び目標の達成状況\t{ISSUES}\n\n{ATTAINED}",
        f"当年度の取組実績及び目標の達成状況\t{ISSUES}\n<p>{ATTAINED}</p>\t",
        f"評価\t当年度の取組実績及び目標の達成状況\t{ISSUES}\n\t:目標達成 目標未達成\t",
    ],
)
def test_a_year_end_that_was_not_filled_in_is_blank(block: str) -> None:
    assert year_end_of(block) == NOTHING


@pytest.mark.parametrize(
    "legend",
    [
        ":目標達成 :目標未達成",
        ":目標達成 目標未達成",
        "：目標達成 ：目標未達成",
        "① :目標達成 :目標未達成",
        ATTAINED,
    ],
)
def test_results_without_a_mark_mean_that_the_mark_was_lost(legend: str) -> None:
    block = f"自己評価\t当年度の取組実績及び目標の達成状況\t{ISSUES}\n\t参加者 310人 {legend}\t"
    assert year_end_of(block) == SheetAnswers(
        {"results": "参加者 310人"}, frozenset({"attainment"})
    )


def test_a_legend_in_its_own_cell_or_paragraph_is_no_part_of_the_results() -> None:
    own_cell = year_end("参加者 310人", mark=":目標達成 :目標未達成")
    paragraph = year_end(
        '<p>参加者 310人</p> <p style="text-align: right;">:目標達成 目標未達成</p>'
    )
    assert year_end_of(own_cell).values == {"results": "参加者 310人"}
    assert year_end_of(paragraph).values == {"results": "参加者 310人"}


def test_an_undetermined_attainment_is_read() -> None:
    assert year_end_of(year_end("3月末 95%", mark="未確定")).values["attainment"] == "undetermined"


def test_a_text_in_the_place_of_the_mark_is_not_taken_for_issues() -> None:
    block = year_end("参加者 310人", mark="参加者 310人")
    assert year_end_of(block) == SheetAnswers(
        {"results": "参加者 310人"}, frozenset({"attainment", "issues"})
    )
