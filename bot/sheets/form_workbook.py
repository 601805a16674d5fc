"""The official form as a workbook (.xlsx): the rows of each visible sheet, with empty ones counted.

What cells show is read, never what formulas would fetch or compute.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, cast

from bot.domain.plans import Fault, SheetRefused
from bot.sheets.grids import Grid, GridRow, grid_row
from bot.sheets.packages import check_package
from bot.sheets.workbooks import cell_faults, cell_text

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_ROWS = 20_000  # blank rows included
_MAX_COLUMNS = 256  # some draw the form on squared paper of narrow columns
_BROKEN = "Excelファイルとして読めません。Excelで開いて保存し直してください。"


def workbook_grids(data: bytes) -> list[Grid]:
    """The visible sheets. Raises SheetRefused for what is unsafe or broken."""
    check_package(data)
    try:
        return _opened(data)
    except SheetRefused:
        raise
    except Exception as error:  # a damaged package fails in any of a dozen ways
        raise SheetRefused((), _BROKEN) from error


def _opened(data: bytes) -> list[Grid]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drawings and validations that are not read
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = cast("list[ReadOnlyWorksheet]", book.worksheets)
        return [_grid(each) for each in sheets if each.sheet_state == "visible"]


def _grid(sheet: ReadOnlyWorksheet) -> Grid:
    faults: list[Fault] = []
    return Grid(tuple(_rows(sheet, faults)), faults=tuple(faults))


def _rows(sheet: ReadOnlyWorksheet, faults: list[Fault]) -> Iterator[GridRow]:
    """The rows; cells that hold an error are added to ``faults``."""
    sheet.reset_dimensions()  # the size a file claims is not to be trusted
    every_row = cast(
        "Iterator[tuple[ReadOnlyCell | EmptyCell, ...]]",
        cast("Worksheet", sheet).iter_rows(max_col=_MAX_COLUMNS),
    )
    after_blank = True
    for number, cells in enumerate(islice(every_row, _MAX_ROWS), start=1):
        faults += cell_faults(number, cells)
        row = grid_row(number, enumerate(map(cell_text, cells)), after_blank=after_blank)
        after_blank = row is None
        if row:
            yield row
