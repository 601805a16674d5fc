"""A table as a grid, whatever file it came in: its rows, each with its written cells in place.

Cells keep the text as the file has it; ``text_rows`` makes of them what the readers of text sheets
take.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.plans import Fault
from bot.sheets.cells import printable
from bot.sheets.rows import Row


@dataclass(frozen=True)
class GridCell:
    """A written cell, or several merged into one: ``column`` is its first, from 0."""

    column: int
    text: str


@dataclass(frozen=True)
class GridRow:
    """One row; cells without text are not there. ``number`` is what a person counts it as."""

    number: int
    cells: tuple[GridCell, ...]
    after_blank: bool = False


@dataclass(frozen=True)
class Grid:
    """A table, or a sheet of a workbook; ``is_table`` is False for lines of running text.

    ``faults`` are of the file itself: cells that hold an error in place of a value.
    """

    rows: tuple[GridRow, ...]
    is_table: bool = True
    faults: tuple[Fault, ...] = ()


def text_rows(grids: Iterable[Grid]) -> list[Row]:
    """The rows of all grids, empty columns left out, cells trimmed and in their columns."""
    return [row for grid in grids for row in _rows(grid)]


def grid_row(
    number: int, cells: Iterable[tuple[int, str]], *, after_blank: bool = False
) -> GridRow | None:
    """A row of the cells that say something, by column; None when none does."""
    written = tuple(
        GridCell(column, printable(text)) for column, text in cells if text.strip(" \t\r\n　")
    )
    return GridRow(number, written, after_blank) if written else None


def _rows(grid: Grid) -> Iterable[Row]:
    used = sorted({cell.column for row in grid.rows for cell in row.cells})
    place = {column: index for index, column in enumerate(used)}
    for row in grid.rows:
        yield Row(row.number, _cells(row, place), row.after_blank)


def _cells(row: GridRow, place: dict[int, int]) -> tuple[str, ...]:
    texts = [""] * (1 + max(place[cell.column] for cell in row.cells))
    for cell in row.cells:
        texts[place[cell.column]] = cell.text.strip(" \t\r\n　")
    return tuple(texts)
