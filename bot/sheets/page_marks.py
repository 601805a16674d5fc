"""Page marks inside a sheet, 「- 3 -」 or 「3/12ページ」, taken out: none may break a text in two.

A mark on a line of its own is one by its shape. Within a cell it is one only where all that look
like it count up page by page; otherwise it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.sheets.folding import Folded, fold
from bot.sheets.rows import Row

_DASH = "[-‐‑–—―−ー~]"
_OF = r"\s*(?:/|of)\s*\d{1,3}"
_PAGE = r"(?:ページ|頁)"
_MARKED = (
    rf"{_DASH}\s*(?P<dashed>\d{{1,3}})\s*{_DASH}"
    rf"|第?\s*(?P<counted>\d{{1,3}})(?:{_OF})?\s*{_PAGE}(?:{_OF}\s*{_PAGE}?)?"
    rf"|(?:p\s*\.|page|{_PAGE})\s*(?P<named>\d{{1,3}})(?:{_OF})?"
)
_LINE = re.compile(rf"[\[(]?\s*(?:{_MARKED})\s*[\])]?")
# Without a word beside it a number is one only where nothing stands around it.
_BARE = re.compile(r"[\[(]?\s*\d{1,3}(?:\s*/\s*\d{1,3})?\s*[\])]?")
# 「全3ページ」 and 「3ページの案内」 are text, and so are the years in 「4 - 6 - 8」.
_WITHIN = re.compile(rf"(?:(?<=\s)|^)(?:{_MARKED})(?=\s|$)")


@dataclass(frozen=True)
class _Mark:
    """A mark within a cell."""

    row: int
    column: int
    page: int
    folded: Folded
    match: re.Match[str]


def without_page_marks(rows: Sequence[Row]) -> list[Row]:
    """The rows without page marks; a table goes on below one as if there were no blank line."""
    kept: list[Row] = []
    pages: list[tuple[int, int]] = []  # the page of each mark on a line, and the row below it
    broken = False
    for index, row in enumerate(rows):
        if _is_mark(row, rows[index + 1 : index + 2]):
            pages.append((_page(fold(row.text).text), len(kept)))
            broken = True
            continue
        continued = broken and row.in_table and row.after_blank
        kept.append(replace(row, after_blank=False) if continued else row)
        broken = False
    return _without_marks_within(kept, pages)


def _is_mark(row: Row, below: Sequence[Row]) -> bool:
    if row.in_table and sum(map(bool, row.cells)) > 1:
        return False
    text = fold(row.text).text.strip()
    if _LINE.fullmatch(text):
        return True
    alone = row.after_blank and all(each.after_blank for each in below)
    return alone and not row.in_table and bool(_BARE.fullmatch(text))


def _page(text: str) -> int:
    found = re.search(r"\d{1,3}", text)
    return int(found[0]) if found else 0


def _without_marks_within(rows: Sequence[Row], pages: Sequence[tuple[int, int]]) -> list[Row]:
    marks = list(_within(rows))
    counted = sorted([*((m.row, m.page) for m in marks), *((row, page) for page, row in pages)])
    if not marks or len(counted) < 2 or not _count_up([page for _, page in counted]):
        return list(rows)
    cut = list(rows)
    for mark in reversed(marks):
        cut[mark.row] = _without(cut[mark.row], mark)
    return cut


def _within(rows: Sequence[Row]) -> Iterator[_Mark]:
    for index, row in enumerate(rows):
        for column, cell in enumerate(row.cells):
            folded = fold(cell)
            for match in _WITHIN.finditer(folded.text):
                yield _Mark(index, column, _page(match[0]), folded, match)


def _count_up(pages: Sequence[int]) -> bool:
    return all(after == before + 1 for before, after in pairwise(pages))


def _without(row: Row, mark: _Mark) -> Row:
    """The row without one mark; of several in a cell the last is taken out first."""
    cell, origin = row.cells[mark.column], mark.folded.origin
    before, after = cell[: origin[mark.match.start()]], cell[origin[mark.match.end()] :]
    text = f"{before.rstrip()} {after.lstrip()}".strip()
    return replace(row, cells=(*row.cells[: mark.column], text, *row.cells[mark.column + 1 :]))
