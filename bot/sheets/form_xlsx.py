"""The official form as a workbook: a cover, and a page or more for each item, ready for print.

Every row has its height and every page its end, so that nothing depends on who opens the file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

from bot.domain.documents import Document
from bot.sheets.cells import printable
from bot.sheets.form_drawing import Box, DrawnRow, drawn_rows
from bot.sheets.form_sheets import Sheet, sheets_of
from bot.sheets.form_styles import Styles
from bot.sheets.workbooks import fill_text, settled, sheet_name

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_PIXELS_A_MILLIMETRE = 96 / 25.4
# Widths are counted in digits of the workbook's own font: 9 pixels each, and 5 around them. With
# another scaling of the screen, or with DejaVu in LibreOffice, a digit of Verdana is up to 7% wider
# and never narrower: rows are as high as their texts need, and the page has room for it.
_COUNTING_FONT, _COUNTING_SIZE = "Verdana", 11
_DIGIT, _CELL_PADDING = 9.0, 5.0
_SIDE_MARGIN, _TOP_MARGIN, _FOOT_MARGIN, _EDGE = 0.31, 0.67, 0.55, 0.3  # inches


def write_form_workbook(document: Document) -> bytes:
    """The bytes of the .xlsx; equal documents are equal bytes. Imports openpyxl for good."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    named: Any = book._named_styles  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
    named["Normal"].font = Font(name=_COUNTING_FONT, size=_COUNTING_SIZE)
    book.properties.keywords = document.mark
    book.properties.title = printable(document.heading)
    book.properties.creator = "kaikaku"
    book.remove(book.worksheets[0])
    styles: Styles | None = None
    for each in sheets_of(document):
        sheet = book.create_sheet(sheet_name(each.name))
        styles = styles or Styles(sheet)
        _draw(sheet, each, styles)
        _set_page(sheet, document, each)
    packed = io.BytesIO()
    book.save(packed)
    return settled(packed.getvalue())


def _draw(sheet: Worksheet, content: Sheet, styles: Styles) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(content.widths, start=1):
        digits = (width * _PIXELS_A_MILLIMETRE - _CELL_PADDING) / _DIGIT
        sheet.column_dimensions[get_column_letter(number)].width = round(digits, 2)
    rows = drawn_rows(content)
    sheet.print_title_rows = f"1:{sum(row.repeated for row in rows)}"
    for number, row in enumerate(rows, start=1):
        _draw_row(sheet, number, row, styles)


def _draw_row(sheet: Worksheet, number: int, row: DrawnRow, styles: Styles) -> None:
    from openpyxl.worksheet.pagebreak import Break

    sheet.row_dimensions[number].height = round(row.height, 1)
    if row.breaks:
        sheet.row_breaks.append(Break(id=number - 1))
    for box in row.boxes:
        _unite(sheet, number, box)
        for below in range(box.rows):
            for column in range(box.first, box.last + 1):
                cell = sheet.cell(number + below, column + 1)
                styles.set(cell, box.face(below, column))
        if printable(box.text):  # after the style, which says as well that a text is quoted
            fill_text(cast("Cell", sheet.cell(number, box.first + 1)), box.text)


def _unite(sheet: Worksheet, number: int, box: Box) -> None:
    """Merge cells. merge_cells compares with all merged before: 145 items would take 40 s."""
    from openpyxl.worksheet.cell_range import CellRange

    if (box.rows, box.first) != (1, box.last):
        united: Any = sheet.merged_cells.ranges
        first, last, end = box.first + 1, box.last + 1, number + box.rows - 1
        united.add(CellRange(min_row=number, max_row=end, min_col=first, max_col=last))


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
