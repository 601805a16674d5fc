"""The official form as a workbook: a cover, and a page or more for each item, ready for print.

Every row has its height and every page its end, so that nothing depends on who opens the file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from bot.domain.documents import Document
from bot.sheets.cells import printable
from bot.sheets.form_layout import SECTION, Look, Piece
from bot.sheets.form_pages import Row, height_of_titles, rows_of
from bot.sheets.form_sheets import Sheet, sheets_of
from bot.sheets.form_styles import FONT, Styles
from bot.sheets.workbooks import fill_text, settled, sheet_name

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_PIXELS_A_MILLIMETRE = 96 / 25.4
# Widths are counted in digits of the workbook's own font. Excel takes whole pixels for one.
_COUNTING_FONT, _COUNTING_SIZE = "Arial", 10
_DIGIT_IN_EXCEL, _DIGIT_IN_NOTO, _CELL_PADDING = 7.0, 7.4, 5
_HEADING_HEIGHT = 22.0
_SIDE_MARGIN, _TOP_MARGIN, _FOOT_MARGIN, _EDGE = 0.4, 0.67, 0.55, 0.3  # inches


def write_form_workbook(document: Document, *, font: str = "") -> bytes:
    """The bytes of the .xlsx; equal documents are equal bytes. Imports openpyxl for good.

    ``font`` is one that the machine has, where the workbook is only to be printed by it.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    named: Any = book._named_styles  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
    named["Normal"].font = Font(name=font or _COUNTING_FONT, size=_COUNTING_SIZE)
    book.properties.keywords = document.mark
    book.properties.title = printable(document.heading)
    book.properties.creator = "kaikaku"
    book.remove(book.worksheets[0])
    styles: Styles | None = None
    for each in sheets_of(document):
        sheet = book.create_sheet(sheet_name(each.name))
        styles = styles or Styles(sheet, font or FONT)
        _Drawing(sheet, each, styles, _DIGIT_IN_NOTO if font else _DIGIT_IN_EXCEL).draw()
        _set_page(sheet, document, each)
    packed = io.BytesIO()
    book.save(packed)
    return settled(packed.getvalue())


class _Drawing:
    """One sheet, from its first row down."""

    def __init__(self, sheet: Worksheet, content: Sheet, styles: Styles, digit: float) -> None:
        self._sheet = sheet
        self._content = content
        self._styles = styles
        self._digit = digit
        self._last = len(content.widths) - 1
        self._at = 0

    def draw(self) -> None:
        self._columns()
        self._heading()
        content = self._content
        repeated = height_of_titles(content.titles, content.widths)
        rows = list(rows_of(content.blocks, content.widths, repeated=repeated))
        for place in range(len(rows)):
            self._row(rows, place)
        self._sections(rows)

    def _columns(self) -> None:
        from openpyxl.utils import get_column_letter

        for number, width in enumerate(self._content.widths, start=1):
            pixels = width * _PIXELS_A_MILLIMETRE - _CELL_PADDING
            letter = get_column_letter(number)
            self._sheet.column_dimensions[letter].width = round(pixels / self._digit, 2)

    def _heading(self) -> None:
        """The rows that each page repeats."""
        self._at += 1
        self._sheet.row_dimensions[1].height = _HEADING_HEIGHT
        end = self._last - 1 if self._content.form else self._last
        self._put(Piece(Look.TEXT, self._content.heading, 0, end), "head")
        if self._content.form:
            self._put(Piece(Look.TEXT, self._content.form, self._last, self._last), "form")
        if self._content.titles:
            self._at += 1
            for number, title in enumerate(self._content.titles):
                self._put(Piece(Look.HEADING, title, number, number), "heading", "lrtb")
            height = height_of_titles(self._content.titles, self._content.widths)
            self._sheet.row_dimensions[2].height = round(height, 1)
        self._sheet.print_title_rows = f"1:{self._at}"

    def _row(self, rows: Sequence[Row], place: int) -> None:
        row = rows[place]
        self._at += 1
        self._sheet.row_dimensions[self._at].height = round(row.height, 1)
        if row.breaks:
            self._break_above()
        if row.kind != "cells":
            self._put(replace(row.pieces[0], last=self._last), row.kind)
            return
        new = _begins(rows, place)
        for piece, opens in zip(row.pieces, row.opens, strict=True):
            ends = _begins(rows, place + piece.rows)
            sides = "lr" + ("t" if opens or new else "") + ("b" if ends else "")
            self._put(piece, piece.look.value, sides)

    def _sections(self, rows: Sequence[Row]) -> None:
        """The label of each section beside its rows, once a page."""
        first = self._at - len(rows) + 1
        begins = 0
        for place in range(1, len(rows) + 1):
            row = rows[begins]
            if place < len(rows) and rows[place].section == row.section and not rows[place].breaks:
                continue
            if row.section:
                self._merge(first + begins, first + place - 1, row.section)
            begins = place

    def _merge(self, first: int, last: int, section: str) -> None:
        self._unite(first, last, SECTION, SECTION)
        for row in range(first, last + 1):
            self._styles.set(self._cell(row, SECTION), "section", "lrtb")
        fill_text(self._cell(first, SECTION), section)
        self._styles.set(self._cell(first, SECTION), "section", "lrtb")

    def _put(self, piece: Piece, look: str, sides: str = "") -> None:
        """Write a piece at the present row, with lines at its sides (some of 「lrtb」)."""
        top, bottom = self._at, self._at + piece.rows - 1
        if (top, piece.first) != (bottom, piece.last):
            self._unite(top, bottom, piece.first, piece.last)
        cell = self._cell(top, piece.first)
        if printable(piece.text):
            fill_text(cell, piece.text)
        quoted = cell.quotePrefix
        for row in range(top, bottom + 1):
            for column in range(piece.first, piece.last + 1):
                at = {"l": column == piece.first, "r": column == piece.last}
                at |= {"t": row == top, "b": row == bottom}
                inner = "".join(side for side in sides if at[side])
                self._styles.set(self._cell(row, column), look, inner)
        if quoted:
            cell.quotePrefix = True

    def _unite(self, top: int, bottom: int, first: int, last: int) -> None:
        """Merge cells. merge_cells compares with all merged before: 145 items would take 40 s."""
        from openpyxl.worksheet.cell_range import CellRange

        united: Any = self._sheet.merged_cells.ranges
        united.add(CellRange(min_row=top, max_row=bottom, min_col=first + 1, max_col=last + 1))

    def _cell(self, row: int, column: int) -> Cell:
        return cast("Cell", self._sheet.cell(row, column + 1))

    def _break_above(self) -> None:
        from openpyxl.worksheet.pagebreak import Break

        self._sheet.row_breaks.append(Break(id=self._at - 1))


def _begins(rows: Sequence[Row], place: int) -> bool:
    """Whether a section, a table or a page begins there; the end counts as such."""
    if place in (0, len(rows)):
        return True
    before, row = rows[place - 1], rows[place]
    return row.breaks or (before.kind, before.section) != (row.kind, row.section)


def _set_page(sheet: Worksheet, document: Document, content: Sheet) -> None:
    """A4 landscape; the mark of what is unpublished at the head of each page."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem

    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_margins.left = sheet.page_margins.right = _SIDE_MARGIN
    sheet.page_margins.top, sheet.page_margins.bottom = _TOP_MARGIN, _FOOT_MARGIN
    sheet.page_margins.header = sheet.page_margins.footer = _EDGE
    sheet.print_options.horizontalCentered = True
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.right.text = _page_text(document.unpublished or "")
    footer.left.text = _page_text(document.footer)
    footer.right.text = f"{_page_text(content.name) or ''}　&P／&N"
    sheet.oddHeader, sheet.oddFooter = header, footer
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = "A3" if content.titles else "A2"


def _page_text(text: str) -> str | None:
    return printable(text).replace("&", "&&") or None
