"""Files that kaikaku wrote: their grids brought onto the form's own seven columns, and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from bot.domain.documents import form_of_mark
from bot.domain.form import Form
from bot.domain.forms.form_files import load_forms
from bot.domain.plans import SheetPlan
from bot.sheets.form_layout import COLUMN_WIDTHS, SECTION
from bot.sheets.grids import Grid, GridCell
from bot.sheets.paper_flow import COLUMN
from bot.sheets.printed_form import read_printed

_POINTS = 72 / 25.4  # in a millimetre
_EDGES = tuple(edge * _POINTS for edge in accumulate((0, *COLUMN_WIDTHS[:-1])))


def read_own(
    grids: Sequence[Grid],
    keywords: str,
    forms: Mapping[str, Form] | None = None,
    *,
    on_paper: bool = False,
) -> SheetPlan | None:
    """The plan in a file whose keywords say that kaikaku wrote it; None for any other file.

    ``forms`` are the office's, without them the built-in ones.
    """
    key = form_of_mark(keywords)
    form = (load_forms() if forms is None else forms).get(key) if key else None
    if form is None:
        return None
    return read_printed(paper_cells(grids) if on_paper else printed_cells(grids), form)


def printed_cells(grids: Iterable[Grid]) -> list[dict[int, str]]:
    """The rows of a workbook or a Word document, whose columns are those of the form."""
    return [{cell.column: cell.text for cell in row.cells} for grid in grids for row in grid.rows]


def paper_cells(grids: Sequence[Grid]) -> list[dict[int, str]]:
    """The rows of a PDF: lines as they are, cells in the column whose edge is nearest."""
    columns = [cell.column for each in grids if each.is_table for cell in _cells(each)]
    left = min(columns, default=0)
    rows: list[dict[int, str]] = []
    for grid in grids:
        for row in grid.rows:
            if not grid.is_table:
                rows.append({SECTION: row.cells[0].text})
                continue
            rows.append({_column(cell.column - left): cell.text for cell in row.cells})
    return rows


def _cells(grid: Grid) -> Iterable[GridCell]:
    return (cell for row in grid.rows for cell in row.cells)


def _column(steps: int) -> int:
    place = steps * COLUMN
    return min(range(len(_EDGES)), key=lambda column: abs(_EDGES[column] - place))
