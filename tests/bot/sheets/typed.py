"""The text of a sheet as offices type it: a workbook or a Word document with the same cells."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from docx import Document
from docx.table import Table
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.sheets.item_lines import is_item_line
from bot.sheets.rows import Row, rows_of

SPREAD = 3  # columns of squared paper that one column of the form takes


def typed_workbook(text: str, *, sheet_per_item: bool = False, squared: bool = False) -> bytes:
    """A workbook: merged cells where ``squared``, one sheet or one an item."""
    book = Workbook()
    sheet = book.worksheets[0]
    for part in _parts(rows_of(text)) if sheet_per_item else [rows_of(text)]:
        if sheet.max_row > 1:
            sheet = book.create_sheet()
        _fill(sheet, part, spread=SPREAD if squared else 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed_document(text: str, *, merged: bool = False) -> bytes:
    """A Word document: lines are paragraphs, rows tables; each blank line ends a table."""
    document = Document()
    table: Table | None = None
    for row in rows_of(text):
        if row.after_blank or not row.in_table:
            table = None
        if row.after_blank:
            document.add_paragraph("")
        if not row.in_table:
            document.add_paragraph(row.text)
            continue
        if table is None:
            table = document.add_table(rows=0, cols=8, style="Table Grid")
        cells = table.add_row().cells
        for column, written in enumerate(row.cells):
            cells[column].text = written
        if merged:
            cells[len(row.cells) - 1].merge(cells[7])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The heading with the first item, then item by item."""
    part: list[Row] = []
    items = 0
    for row in rows:
        if is_item_line(row):
            items += 1
            if items > 1:
                yield part
                part = []
        part.append(row)
    yield part


def _fill(sheet: Worksheet, rows: Iterable[Row], *, spread: int) -> None:
    number = 0
    for row in rows:
        number += 2 if row.after_blank else 1
        for place, written in enumerate(row.cells):
            column = 2 + place * spread
            cell = sheet.cell(number, column, written)
            cell.data_type = "s"
            if spread > 1 and row.in_table:
                sheet.merge_cells(
                    start_row=number,
                    end_row=number,
                    start_column=column,
                    end_column=column + spread - 1,
                )
