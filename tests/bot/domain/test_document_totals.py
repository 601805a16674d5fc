"""What stands on the cover of the form, in the summary across wards, and in the 正誤表."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.checkins import State
from bot.domain.document_totals import Correction, correction_list, remarks, summary, tallies
from bot.domain.documents import DocumentItem, FormDocument, form_of_mark
from bot.domain.plans import SheetAnswers
from tests.bot.sheets.form_documents import a_document, an_item


def answered(number: int, **values: str) -> DocumentItem:
    return an_item(number, answers={"year-end": SheetAnswers(values)})


def year_end(*items: DocumentItem, state: State = State.CONFIRMED) -> FormDocument:
    found = tuple(replace(each, states={"year-end": state}) for each in items)
    return a_document(*found, stage="year-end")


def counts(document: FormDocument) -> dict[str, dict[str, int]]:
    return {tally.label: dict(tally.counts) for tally in tallies(document)}


def words(document: FormDocument) -> list[tuple[str, str]]:
    return [(remark.item, remark.words) for remark in remarks(document)]


def test_the_cover_counts_the_marks_of_each_question() -> None:
    document = a_document(
        an_item(1),
        an_item(2, answers={"mid-year": SheetAnswers({"implementation": "na"})}),
        an_item(3, answers={"mid-year": SheetAnswers({"implementation": "i", "attainment": "1"})}),
    )

    assert counts(document)["取組内容の実施見込み"] == {
        "(i) 実施見込み": 2,
        "(ii) 実施できない見込み": 0,
        "対象外(年度途中から実施)": 1,
    }
    assert counts(document)["目標の達成見込み"] == {"① 達成見込み": 1, "② 達成できない見込み": 1}


def test_what_is_provisional_or_undetermined_is_counted_and_named() -> None:
    document = year_end(
        answered(1, attainment="1", provisional="yes"),
        answered(2, attainment="undetermined", provisional="yes"),
        answered(3, attainment="1"),
    )

    states = counts(document)["取組項目の状況"]
    assert (states["確認済"], states["うち暫定"], states["うち未確定"]) == (3, 2, 1)
    assert words(document) == [
        ("取組項目1", "暫定の数値"),
        ("取組項目2", "未確定(数値の確定待ち)"),
    ]


def test_whatever_is_not_confirmed_is_named() -> None:
    item = answered(4, attainment="1")

    assert words(year_end(item, state=State.SUBMITTED)) == [("取組項目4", "入力済(確認前)")]
    assert words(year_end(item, state=State.SENT_BACK)) == [("取組項目4", "差し戻し")]
    assert words(year_end(item, state=State.OUTSTANDING)) == [("取組項目4", "未入力")]
    assert words(year_end(item, state=State.CONFIRMED)) == []


def test_an_unreadable_mark_is_named_and_counted_as_no_mark() -> None:
    lost = SheetAnswers({"results": "開催した。"}, frozenset({"attainment"}))
    document = year_end(an_item(1, answers={"year-end": lost}))

    assert words(document) == [("取組項目1", "判読できない箇所：目標の達成状況")]
    assert counts(document)["目標の達成状況"] == {
        "① 目標達成": 0,
        "② 目標未達成": 0,
        "判読できない印": 1,
    }


def test_a_mark_that_is_unreadable_in_an_earlier_review_of_the_form_is_named_too() -> None:
    lost = SheetAnswers({"attainment": "1"}, frozenset({"implementation"}))
    year_ends = SheetAnswers({"results": "開催した。", "attainment": "1"})
    document = year_end(an_item(1, answers={"mid-year": lost, "year-end": year_ends}))

    assert words(document) == [
        ("取組項目1", "中間振り返りの判読できない箇所：取組内容の実施見込み")
    ]
    assert words(replace(document, stages=("year-end",))) == []


def test_marks_that_may_not_be_seen_are_not_counted() -> None:
    document = a_document(an_item(1), an_item(2, withheld=True))

    assert counts(document)["目標の達成見込み"]["② 達成できない見込み"] == 1
    assert counts(document)["目標の達成見込み"]["確認前(非表示)"] == 1


def test_a_summary_keeps_the_order_given_and_says_where_there_is_no_plan() -> None:
    table = summary([("北区", a_document()), ("西区", None)], title="全区の状況")

    assert [row[:2] for row in table.rows] == [("北区", "1"), ("西区", "計画なし")]
    assert {len(row) for row in table.rows} == {len(table.headers)} == {len(table.widths)}
    assert "目標の達成見込み\n② 達成できない見込み" in table.headers


def test_the_correction_list_has_the_columns_of_the_office() -> None:
    change = Correction("取組項目7　課題と改善策", "誤", "正", date(2026, 10, 9), "転記の誤り")

    table = correction_list([change], heading="令和8年度　あおぞら区　中間振り返り")

    assert table.title.endswith("公表後の修正一覧(正誤表)")
    assert table.headers == ("取組項目", "修正前", "修正後", "修正日", "理由")
    assert table.rows == (("取組項目7　課題と改善策", "誤", "正", "令和8年10月9日", "転記の誤り"),)


def test_a_heading_says_year_and_ward_once() -> None:
    assert a_document().heading == "令和8年度　あおぞら区　「あおぞら改革プラン5.0」に基づく取組等"
    stated = replace(a_document(), plan="令和8年度 あおぞら区運営方針")
    assert stated.heading == "「令和8年度 あおぞら区運営方針」に基づく取組等"


def test_a_file_says_whose_form_it_is() -> None:
    assert form_of_mark(a_document().mark) == "youshiki3"
    assert form_of_mark("budget, 2026") is None
