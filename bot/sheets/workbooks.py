"""Workbooks (.xlsx) in and out. openpyxl is imported only when one is handled: it costs 25 MB.

What comes in is checked by the zip directory before it is opened; what goes out is the same,
byte for byte, whenever it is written.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, cast

from bot.domain.plans import Fault, SheetRefused
from bot.sheets.cells import fitting, printable, starts_formula
from bot.sheets.packages import check_package
from bot.sheets.tables import TableRow, refuse_too_many

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_SCANNED_ROWS = 20_000  # blank rows included
_MAX_COLUMNS = 60

_MIN_WIDTH, _MAX_WIDTH = 6, 60
_SHEET_NAME_LIMIT = 31
_FONT = "游ゴシック"
_PACKED_AT = (2000, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
# Excel reads 「_x0041_」 in a text as a character; the underscore is written as one instead.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# So written, or the carriage return of a line end that came into Excel with a .csv.
_ESCAPED = re.compile(r"(_)x005F_(?=x[0-9A-Fa-f]{4}_)|_x000D_\n?")

_BROKEN = "Excelファイルとして読めません。Excelで開いて保存し直してください。"


def workbook_tables(data: bytes) -> list[list[TableRow]]:
    """The rows of each visible sheet. Raises SheetRefused for what is unsafe or broken."""
    try:
        check_package(data)
        return _opened(data)
    except SheetRefused:
        raise
    except Exception as error:  # a damaged package fails in any of a dozen ways
        raise SheetRefused((), _BROKEN) from error


def write_workbook(
    headers: Sequence[str], rows: Sequence[Sequence[str | int | None]], *, title: str
) -> bytes:
    """A workbook with one sheet: bold frozen header, wrapped texts, A4 landscape, no formulas."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheet_name(title)
    for number, row in enumerate([headers, *rows], start=1):
        for column, value in enumerate(row, start=1):
            _fill(cast("Cell", sheet.cell(number, column)), value, is_header=number == 1)
    _lay_out(sheet, headers, rows)
    packed = io.BytesIO()
    book.save(packed)
    return settled(packed.getvalue())


def _opened(data: bytes) -> list[list[TableRow]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drawings and validations that are not read
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = cast("list[ReadOnlyWorksheet]", book.worksheets)
        return [_rows(sheet) for sheet in sheets if sheet.sheet_state == "visible"]


def _rows(sheet: ReadOnlyWorksheet) -> list[TableRow]:
    sheet.reset_dimensions()  # the size a file claims is not to be trusted
    rows: list[TableRow] = []
    every_row = cast(
        "Iterator[tuple[ReadOnlyCell | EmptyCell, ...]]",
        cast("Worksheet", sheet).iter_rows(max_col=_MAX_COLUMNS),
    )
    for number, cells in enumerate(islice(every_row, _MAX_SCANNED_ROWS), start=1):
        texts = tuple(cell_text(cell).strip() for cell in cells)
        if any(texts):
            rows.append(TableRow(number, texts, cell_faults(number, cells)))
            refuse_too_many(len(rows))
    return rows


def cell_faults(number: int, cells: Sequence[ReadOnlyCell | EmptyCell]) -> tuple[Fault, ...]:
    """A fault for each cell of a row that shows an error: #REF!"""
    from openpyxl.utils import get_column_letter

    return tuple(
        Fault(
            number,
            f"{get_column_letter(column)}列",
            f"セルが「{cell.value}」になっています。値を入れ直してください。",
        )
        for column, cell in enumerate(cells, start=1)
        if getattr(cell, "data_type", "") == "e"
    )


def cell_text(cell: object) -> str:
    """What a cell shows: numbers and dates as offices write them, a text as it is."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "")))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return printable(_ESCAPED.sub(lambda match: match[1] or "\n", str(value)))


def _number(value: float, number_format: str) -> str:
    """A number as the cell shows it, as far as offices use it: 3.0 is 3, 0.4 as 0% is 40%."""
    if "%" in number_format:
        return f"{round(value * 100, 6):g}%"
    return str(int(value)) if float(value).is_integer() else f"{value:.12g}"


def _fill(cell: Cell, value: str | int | None, *, is_header: bool) -> None:
    from openpyxl.styles import Alignment, Font

    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(name=_FONT, size=10, bold=is_header)
    if not isinstance(value, str):
        cell.value = value
        return
    fill_text(cell, value)


def fill_text(cell: Cell, value: str) -> None:
    """Put a text into a cell: never a formula, no character that Excel refuses or reads anew."""
    text = fitting(printable(value))
    cell.value = _ESCAPE_LIKE.sub("_x005F_", text)
    cell.data_type = "s"  # openpyxl would make a formula of 「=」
    if starts_formula(text):
        cell.quotePrefix = True  # it stays a text when somebody edits the cell


def _lay_out(
    sheet: Worksheet, headers: Sequence[str], rows: Sequence[Sequence[str | int | None]]
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, header in enumerate(headers):
        texts = [header, *(str(row[column]) for row in rows if row[column] is not None)]
        width = max((_width(line) for text in texts for line in text.split("\n")), default=0)
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = min(max(width + 2, _MIN_WIDTH), _MAX_WIDTH)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line[:_MAX_WIDTH])


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: 31 characters, and none that Excel refuses."""
    return re.sub(r"[\[\]:*?/\\']", " ", printable(title)).strip()[:_SHEET_NAME_LIMIT] or "Sheet1"


def settled(data: bytes) -> bytes:
    """The same package (.xlsx, .docx) with its stamps fixed: equal content is equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in sorted(
            source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            content = _STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", source.read(part))
            info = zipfile.ZipInfo(part, _PACKED_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return out.getvalue()
