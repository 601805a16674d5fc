"""Pages one after the other: a table that goes on over a page is one table again.

What each page repeats is left out: its head and foot, and the head of a table that goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.sheets.blocks import is_printed
from bot.sheets.folding import fold_words
from bot.sheets.grids import Grid, grid_row
from bot.sheets.item_lines import is_item_line, item_rows
from bot.sheets.paper_lines import PaperLine, joined
from bot.sheets.rows import Row

_NUMBERS = re.compile(r"\d+")
_MOST_HEADS = 4  # lines of a head or foot
_SAME_PLACE = 4.0  # points: what is printed there on one page and the next
COLUMN = 3.0  # points: edges nearer than that are one column

Cells = tuple[tuple[float, str], ...]  # the written cells of a row by their left edge


@dataclass(frozen=True)
class Table:
    """A ruled table of one page."""

    top: float
    left: float
    right: float
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Sheet:
    """One page: its lines outside of tables, and its tables, each in the order of the page."""

    lines: tuple[PaperLine, ...]
    tables: tuple[Table, ...]

    @property
    def parts(self) -> list[PaperLine | Table]:
        """Lines and tables from the top."""
        parts: list[PaperLine | Table] = [*self.lines, *self.tables]
        return sorted(parts, key=lambda part: part.top)


def grids_of(sheets: Sequence[Sheet], *, ours: bool = False) -> list[Grid]:
    """All pages as lines and tables in their order.

    A row that a page breaks in two is put together where the paper is ``ours`` or a 様式3. Other
    papers have a row for each item: two of them made one would not be noticed, half of one is.
    """
    flow = _Flow(joins_rows=ours or any(map(_has_items, sheets)))
    for sheet in _without_repeated(sheets):
        for place, part in enumerate(sheet.parts):
            if isinstance(part, PaperLine):
                flow.add_line(part, opens_page=place == 0)
            else:
                flow.add_table(part, opens_page=place == 0)
    return flow.finished()


class _Flow:
    """What has been read so far, and the table that may go on below."""

    def __init__(self, *, joins_rows: bool) -> None:
        self._joins_rows = joins_rows
        self._grids: list[Grid] = []
        self._first: Table | None = None
        self._rows: list[Cells] = []
        self._number = 0

    def add_line(self, line: PaperLine, *, opens_page: bool) -> None:
        self._close()
        self._first = None
        below_a_line = bool(self._grids) and not self._grids[-1].is_table
        gap = not below_a_line or (line.after_gap and not opens_page)
        self._add([((0.0, line.text),)], after_blank=gap, is_table=False)

    def add_table(self, table: Table, *, opens_page: bool) -> None:
        if self._first is None or not _is_as_broad(self._first, table):
            self._close()
            self._first = table
            self._rows = list(table.rows)
            return
        rest = table.rows[_repeated_heads(table, self._first) :]
        may_go_on = self._joins_rows and opens_page and self._rows and rest
        if may_go_on and _goes_on(self._rows[-1], rest[0]):
            self._rows[-1] = _joined(self._rows[-1], rest[0])
            rest = rest[1:]
        self._rows.extend(rest)

    def finished(self) -> list[Grid]:
        self._close()
        return self._grids

    def _close(self) -> None:
        self._add(self._rows, after_blank=False, is_table=True)
        self._rows = []

    def _add(self, rows: Sequence[Cells], *, after_blank: bool, is_table: bool) -> None:
        found = []
        for cells in rows:
            self._number += 1
            places = [(round(x / COLUMN), text) for x, text in cells]
            row = grid_row(self._number, places, after_blank=after_blank)
            found += [row] if row else []
        if found:
            self._grids.append(Grid(tuple(found), is_table))


def _has_items(sheet: Sheet) -> bool:
    """Whether a page has a line 「取組項目1」, in a table or outside."""
    cells = (text for table in sheet.tables for row in table.rows for _, text in row)
    texts = (*(line.text for line in sheet.lines), *cells)
    rows = [Row(0, (text,), after_blank=True) for text in texts]
    return any(map(is_item_line, item_rows(rows)))


def _without_repeated(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without heads and feet that stand on several; the first head of its kind stays."""
    heads = [_head(sheet.parts) for sheet in sheets]
    feet = [_head(sheet.parts[::-1]) for sheet in sheets]
    kept: list[Sheet] = []
    for number, sheet in enumerate(sheets):
        others = [*feet[:number], *feet[number + 1 :]]
        idle = [line for line in heads[number] if _stands_on(line, heads[:number])]
        idle += [line for line in feet[number] if _stands_on(line, others, numbered=True)]
        lines = tuple(line for line in sheet.lines if line not in idle)
        kept.append(Sheet(lines, sheet.tables))
    return kept


def _head(parts: Sequence[PaperLine | Table]) -> list[PaperLine]:
    """The lines at one end of a page that are neither the form's own nor a table."""
    found: list[PaperLine] = []
    for part in parts[:_MOST_HEADS]:
        if not isinstance(part, PaperLine) or _is_of_item(part.text):
            break
        found.append(part)
    return found


def _is_of_item(text: str) -> bool:
    line = Row(0, (text,), after_blank=True)
    return text.startswith("【") or any(map(is_item_line, item_rows([line])))


def _stands_on(
    line: PaperLine, pages: Sequence[Sequence[PaperLine]], *, numbered: bool = False
) -> bool:
    """Whether a line is on one of the pages at the same place, but for a page's number."""
    words = _NUMBERS.sub("#", line.text) if numbered else line.text
    return any(
        abs(line.top - other.top) < _SAME_PLACE
        and words == (_NUMBERS.sub("#", other.text) if numbered else other.text)
        for page in pages
        for other in page
    )


def _is_as_broad(before: Table, table: Table) -> bool:
    """Whether a table may be the rest of the one before it."""
    return (
        abs(before.left - table.left) < _SAME_PLACE
        and abs(before.right - table.right) < _SAME_PLACE
    )


def _repeated_heads(table: Table, first: Table) -> int:
    """How many rows at the head of a table's rest are those of its beginning, printed again."""
    pairs = zip(table.rows, first.rows, strict=False)
    same = (_words(again) == _words(printed) != [] for again, printed in pairs)
    return len(list(takewhile(bool, same)))


def _words(row: Cells) -> list[str]:
    return [fold_words(text) for _, text in row]


def _goes_on(row: Cells, below: Cells) -> bool:
    """Whether a row at the head of a page is what was left of the last row of the page before.

    Then each of its texts has its beginning above, and none is a label or a mark of its own.
    """
    above = [x for x, _ in row]
    return bool(below) and all(
        any(abs(x - other) < _SAME_PLACE for other in above) and not is_printed(text)
        for x, text in below
    )


def _joined(row: Cells, below: Cells) -> Cells:
    rest = list(below)
    cells = []
    for x, text in row:
        found = next((each for each in rest if abs(each[0] - x) < _SAME_PLACE), None)
        if found:
            rest.remove(found)
        ended = text.endswith(("。", "\n"))
        cells.append((x, joined(text, found[1], goes_on=not ended) if found else text))
    return tuple(cells)
