"""The official form as a workbook: every text whole and in a cell of its own, page by page."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.document_totals import Correction, correction_list
from bot.domain.documents import Document, FormDocument, Past
from bot.domain.plans import SheetAnswers
from bot.sheets.cells import printable
from bot.sheets.form_drawing import HEADING_HEIGHT
from bot.sheets.form_pages import GOES_ON, PAGE_HEIGHT
from bot.sheets.form_xlsx import write_form_workbook
from tests.bot.sheets.form_documents import DRAFT, FOOTER, ISSUES, a_document, an_item, counted

EXCEL_ROW = 409.0  # points; Excel shows no more of a row


def opened(document: Document) -> Workbook:
    return load_workbook(io.BytesIO(write_form_workbook(document)))


def form_sheet(document: FormDocument) -> Worksheet:
    sheet = opened(document)["様式3"]
    assert isinstance(sheet, Worksheet)
    return sheet


def texts(sheet: Worksheet) -> list[list[str]]:
    """The filled cells of each row."""
    rows = sheet.iter_rows(values_only=True)
    return [[str(value) for value in row if value is not None] for row in rows]


def beside(sheet: Worksheet, label: str) -> str:
    """What stands to the right of a label, with what goes on below it."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value != label:
                continue
            parts = [str(sheet.cell(cell.row, cell.column + 1).value or "")]
            for below in range(cell.row + 1, sheet.max_row + 1):
                if sheet.cell(below, cell.column).value == GOES_ON:
                    parts.append(str(sheet.cell(below, cell.column + 1).value))
                elif not str(sheet.cell(below, 1).value or "").endswith(GOES_ON):
                    break
            return "".join(parts).replace("_x005F_", "_")
    raise AssertionError(label)


def page_heights(sheet: Worksheet) -> list[float]:
    """The height of each page's rows, without those that every page repeats."""
    ends = [each.id for each in sheet.row_breaks.brk] + [sheet.max_row]
    first, heights = 2, []
    for end in ends:
        rows = range(first, end + 1)
        heights.append(sum(sheet.row_dimensions[row].height or 0 for row in rows))
        first = end + 1
    return heights


def test_a_long_heading_has_all_its_lines_on_every_page() -> None:
    short = form_sheet(a_document(an_item(outline=counted(90))))
    named = replace(a_document(an_item(outline=counted(90))), plan="あおぞら区の長い計画" * 12)
    long = form_sheet(named)

    line = short.row_dimensions[1].height
    more = (long.row_dimensions[1].height or 0) - (line or 0)
    assert line == HEADING_HEIGHT
    assert more > HEADING_HEIGHT  # three lines
    assert max(page_heights(long)) <= PAGE_HEIGHT - more


def test_every_text_of_the_plan_stands_beside_its_label() -> None:
    sheet = form_sheet(a_document())

    assert ["令和8年度　あおぞら区　「あおぞら改革プラン5.0」に基づく取組等", "様式3"] in texts(
        sheet
    )
    assert ["取組項目1"] in texts(sheet)
    assert ["【雨の日の遊び場(改革の柱3-3(4))】"] in texts(sheet)
    assert beside(sheet, "(趣旨・目的)") == "雨の日でも子どもが遊べる場所をつくる。"
    assert beside(sheet, "(取組の内容)") == "広間の開放：毎週土曜日"
    assert ["(目標)", "参加者 年300人以上", "(目標)", "今年度の参加者 300人"] in texts(sheet)


def test_a_mark_has_a_cell_between_its_question_and_the_legend() -> None:
    rows = texts(form_sheet(a_document()))

    assert [
        "目標の達成見込み",
        "②",
        "① 達成見込み\n② 達成できない見込み",
        ISSUES,
    ] in rows
    assert ["中間振り返り", "取組内容の実施見込み", "(i)"] in [row[:3] for row in rows]


def test_where_nothing_is_needed_a_dash_is_printed_and_where_it_is_missing_nothing() -> None:
    fine = {"implementation": "i", "attainment": "1"}
    unexplained = {"implementation": "i", "attainment": "2"}

    for values, printed in ((fine, "—"), (unexplained, None)):
        item = an_item(answers={"mid-year": SheetAnswers(values)})
        row = next(r for r in texts(form_sheet(a_document(item))) if "目標の達成見込み" in r)
        assert (row[3] if len(row) > 3 else None) == printed


def test_an_answer_without_a_mark_is_printed_in_words() -> None:
    item = an_item(
        answers={
            "mid-year": SheetAnswers({"implementation": "na"}),
            "year-end": SheetAnswers(
                {"attainment": "undetermined", "provisional": "yes", "final_on": "2027-05-31"},
                frozenset({"results"}),
            ),
        }
    )
    sheet = form_sheet(a_document(item))

    assert ["取組内容の実施見込み", "対象外"] in [row[1:3] for row in texts(sheet)]
    assert ["目標の達成状況", "未確定"] in [row[:2] for row in texts(sheet)]
    assert beside(sheet, "確定する見込みの日") == "2027年5月31日"


def test_an_unreadable_mark_is_printed_as_such() -> None:
    lost = SheetAnswers({"implementation": "i"}, frozenset({"attainment"}))
    sheet = form_sheet(a_document(an_item(answers={"mid-year": lost})))

    assert ["目標の達成見込み", "判読不可"] in [row[:2] for row in texts(sheet)]


def test_a_text_of_characters_that_no_file_holds_leaves_its_cell_empty() -> None:
    assert beside(form_sheet(a_document(an_item(outline="\x1b"))), "(取組の概要)") == ""


def test_what_is_withheld_is_in_no_cell_and_on_no_page() -> None:
    data = write_form_workbook(a_document(an_item(withheld=True)))

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        everything = unescape(b"".join(map(package.read, package.namelist())).decode())
    assert ISSUES not in everything
    assert "(確認前)" in everything


@pytest.mark.parametrize(
    ("pillar", "title"),
    [("3-3(4)", "雨の日の遊び場"), ("改革の柱1", "遊び場(改革の柱2)"), ("改革の柱1)", "遊び場")],
)
def test_a_pillar_that_the_title_would_not_give_back_has_a_row_of_its_own(
    pillar: str, title: str
) -> None:
    sheet = form_sheet(a_document(an_item(title=title, pillar=pillar)))

    if title == "遊び場(改革の柱2)":
        assert ["【遊び場(改革の柱2)(改革の柱1)】"] in texts(sheet)
    else:
        assert [f"【{title}】"] in texts(sheet)
        assert beside(sheet, "改革の柱") == pillar


def test_a_text_of_3000_characters_goes_on_over_pages_and_is_read_back_as_one() -> None:
    long = counted(170)[:3000]
    answers = {"year-end": SheetAnswers({"results": long, "attainment": "1"})}
    sheet = form_sheet(a_document(an_item(activities=long, answers=answers), stage="year-end"))

    assert beside(sheet, "(取組の内容)") == long
    head = next(
        c
        for row in sheet.iter_rows()
        for c in row
        if c.value == "当年度の取組実績及び目標の達成状況"
    )
    below = [sheet.cell(row, head.column).value for row in range(head.row + 1, sheet.max_row + 1)]
    assert "".join(str(each) for each in below[: below.index("目標の達成状況")] if each) == long
    assert ["取組項目1(続き)"] in texts(sheet)
    assert max(d.height or 0 for d in sheet.row_dimensions.values()) <= EXCEL_ROW


@settings(max_examples=12, deadline=None)
@given(
    st.text(
        st.sampled_from("あ漢。、AbZ01 \t\n\r=+-@＝'_x0D😀👪\x07\x0b(目標)【】") | st.characters(),
        max_size=900,
    )
)
def test_any_text_is_read_back_and_none_is_a_formula(text: str) -> None:
    text = text if printable(text).strip() else "=1+1"
    sheet = form_sheet(a_document(an_item(outline=text, activities=text * 3)))

    assert beside(sheet, "(取組の概要)") == printable(text)
    assert beside(sheet, "(取組の内容)") == printable(text * 3)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1"])
def test_what_could_start_a_formula_stays_a_text_when_it_is_edited(text: str) -> None:
    sheet = form_sheet(a_document(an_item(outline=text)))
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == text)

    assert cell.quotePrefix
    assert cell.data_type == "s"


def test_each_item_begins_a_page_and_no_page_is_too_full() -> None:
    long = counted(40)
    document = a_document(*(an_item(n, activities=long * (n % 4)) for n in range(1, 9)))
    sheet = form_sheet(document)

    begins = {1, *(each.id for each in sheet.row_breaks.brk)}
    named = [
        row
        for row in range(2, sheet.max_row + 1)
        if sheet.cell(row, 1).value in {f"取組項目{n}" for n in range(1, 9)}
    ]
    assert {row - 1 for row in named} <= begins
    assert len(named) == 8
    assert max(page_heights(sheet)) <= PAGE_HEIGHT + 3 * 13.2


def test_pages_are_a4_landscape_with_the_heading_on_each_and_nothing_beside_them() -> None:
    for sheet in opened(a_document()).worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.print_title_rows == "$1:$1"
        for digit in (9.0, 9.6):  # pixels of Verdana 11, at 100 % and, at its widest, at 125 %
            widths = sum(d.width * digit + 5 for d in sheet.column_dimensions.values())
            margins = (sheet.page_margins.left + sheet.page_margins.right) * 96
            assert widths + margins < 297 / 25.4 * 96


def test_until_it_is_published_every_page_says_so_and_then_none_does() -> None:
    for sheet in opened(a_document()).worksheets:
        assert sheet.oddHeader is not None
        assert sheet.oddHeader.right.text == DRAFT
    for sheet in opened(a_document(unpublished=None, footer=FOOTER)).worksheets:
        assert sheet.oddHeader is not None
        assert sheet.oddFooter is not None
        assert not sheet.oddHeader.right.text
        assert sheet.oddFooter.left.text == FOOTER


def test_the_cover_names_what_is_to_be_settled_only_before_publication() -> None:
    draft = texts(opened(a_document())["表紙"])
    final = texts(opened(a_document(unpublished=None))["表紙"])

    assert ["取組項目1", "入力済(確認前)", " "] in draft
    assert ["公表前に確かめること(1件)"] in draft
    assert ["公表前に確かめること(1件)"] not in final
    assert ["目標の達成見込み", "① 達成見込み", "0"] in final


def test_an_earlier_year_stands_apart_from_this_one() -> None:
    past = Past("令和7年度 自己評価", "目標の達成状況", "② 目標未達成")
    sheet = form_sheet(a_document(replace(an_item(), past=(past,))))

    assert ["前年度まで", "令和7年度 自己評価", "目標の達成状況：② 目標未達成"] in texts(sheet)


def test_equal_documents_are_equal_bytes() -> None:
    first = write_form_workbook(a_document())

    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert write_form_workbook(a_document()) == first


def test_a_list_repeats_its_headers_and_holds_long_texts_whole() -> None:
    long = counted(150)
    change = Correction("取組項目7", long, "正", date(2026, 10, 9), "転記の誤り")
    sheet = opened(correction_list([change] * 3, heading="あおぞら区")).worksheets[0]

    assert sheet.print_title_rows == "$1:$2"
    column = [sheet.cell(row, 2).value for row in range(3, sheet.max_row + 1)]
    assert "".join(str(each) for each in column if each) == long * 3


def test_a_ward_of_145_items_takes_seconds() -> None:
    document = a_document(*(an_item(n, activities=counted(90)) for n in range(1, 146)))

    started = time.process_time()
    write_form_workbook(document)
    assert time.process_time() - started < 10
