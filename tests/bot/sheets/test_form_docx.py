"""The official form for Word: a table for each item, each text whole in its cell."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.documents import Document, Listing
from bot.domain.plans import SheetAnswers
from bot.sheets.cells import printable
from bot.sheets.form_docx import write_form_word
from tests.bot.sheets.form_documents import DRAFT, FOOTER, ISSUES, a_document, an_item, counted


def opened(document: Document) -> Any:
    return docx.Document(io.BytesIO(write_form_word(document)))


def item_table(document: Document) -> Table:
    """The last table: of the last item."""
    table = opened(document).tables[-1]
    assert isinstance(table, Table)
    return table


def texts(table: Table) -> list[list[str]]:
    """The filled cells of each row."""
    return [[text for element in row._tr.tc_lst if (text := _text(element))] for row in table.rows]


def _text(element: Any) -> str:
    return "\n".join(paragraph.text for paragraph in element.p_lst)


def beside(document: Document, label: str) -> str:
    for row in texts(item_table(document)):
        if label in row:
            return row[row.index(label) + 1]
    raise AssertionError(label)


def test_every_text_and_mark_stands_in_a_cell_of_its_own() -> None:
    rows = texts(item_table(a_document()))

    assert rows[:2] == [["取組項目1"], ["【雨の日の遊び場(改革の柱3-3(4))】"]]
    assert ["(目標)", "参加者 年300人以上", "(目標)", "今年度の参加者 300人"] in rows
    assert ["目標の達成見込み", "②", "① 達成見込み\n② 達成できない見込み", ISSUES] in rows


def test_name_and_title_of_an_item_are_repeated_on_each_of_its_pages() -> None:
    rows = item_table(a_document()).rows

    repeated = [row._tr.xpath("w:trPr/w:tblHeader") for row in rows]
    assert [bool(each) for each in repeated] == [True, True] + [False] * (len(rows) - 2)


def test_only_a_row_with_a_long_text_is_divided_between_pages() -> None:
    document = a_document(an_item(activities=counted(100)))
    divisible = [
        row for row in item_table(document).rows if not row._tr.xpath("w:trPr/w:cantSplit")
    ]

    assert len(divisible) == 1
    assert "(取組の内容)" in [_text(element) for element in divisible[0]._tr.tc_lst]


def test_each_item_begins_a_page() -> None:
    word = opened(a_document(an_item(1), an_item(2), an_item(3)))

    assert len(word.tables) == 3 + 2  # and on the cover two
    breaks = word.element.body.xpath("w:p/w:pPr/w:pageBreakBefore")
    assert len(breaks) == 3


def test_rows_fill_the_grid_of_their_table() -> None:
    past = a_document(an_item(answers={"year-end": SheetAnswers({"results": "開催"})}))
    for document in (past, Listing("一覧", ("区", "件数"), (("北区", "1"),), (3, 2))):
        for table in opened(document).tables:
            for row in table.rows:
                spans = [element.grid_span for element in row._tr.tc_lst]
                assert sum(spans) == len(table.columns)


@settings(max_examples=12, deadline=None)
@given(st.text(st.sampled_from("あ漢。 \t\n\r=@<&>'😀\x07\x0b") | st.characters(), max_size=400))
def test_any_text_is_read_back(text: str) -> None:
    text = printable(text).strip() or "=1+1"

    assert beside(a_document(an_item(outline=text)), "(取組の概要)") == text


def test_until_it_is_published_every_page_says_so_and_then_none_does() -> None:
    section = opened(a_document()).sections[0]
    for header in (section.header, section.first_page_header):
        assert DRAFT in header.paragraphs[0].text
    final = opened(a_document(unpublished=None, footer=FOOTER)).sections[0]
    for header in (final.header, final.first_page_header):
        assert "未公表" not in header.paragraphs[0].text
    for footer in (final.footer, final.first_page_footer):
        assert FOOTER in footer.paragraphs[0].text


def test_what_is_withheld_is_nowhere_in_the_file() -> None:
    data = write_form_word(a_document(an_item(withheld=True)))

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        everything = b"".join(map(package.read, package.namelist())).decode("utf-8", "replace")
    assert ISSUES not in everything


def test_equal_documents_are_equal_bytes() -> None:
    first = write_form_word(a_document())

    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert write_form_word(a_document()) == first
