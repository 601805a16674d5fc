"""The rows of one item divided into 計画, 中間振り返り and 自己評価.

Blocks are recognised by their headers and not by the row labels, which sheets damage or omit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sheets.folding import fold, fold_words
from bot.sheets.labels import (
    ACTIVITIES_HEAD,
    ATTAINMENT_LEGEND,
    IMPLEMENTATION_HEAD,
    IMPLEMENTATION_LEGEND,
    ISSUES_HEAD,
    MID_YEAR_SECTION,
    OUTLOOK_HEAD,
    OUTLOOK_LEGEND,
    PLAN_HEAD,
    REQUIRED_NOTE,
    RESULTS_HEAD,
    is_section,
)
from bot.sheets.rows import Row

_HEADS = (
    PLAN_HEAD,
    ACTIVITIES_HEAD,
    IMPLEMENTATION_HEAD,
    OUTLOOK_HEAD,
    RESULTS_HEAD,
    ISSUES_HEAD,
    REQUIRED_NOTE,
)
_HEAD_LENGTH = 200  # a header stands at the start of its cell
_LEGENDS = (IMPLEMENTATION_LEGEND, OUTLOOK_LEGEND, ATTAINMENT_LEGEND)


@dataclass(frozen=True)
class ItemBlocks:
    """The rows of each block; a block that the sheet does not have is empty.

    ``stray`` are lines of running text that belong to no table; ``misplaced`` is the line of a
    second block of the same kind, 0 when there is none.
    """

    plan: tuple[Row, ...]
    mid_year: tuple[Row, ...]
    year_end: tuple[Row, ...]
    stray: tuple[Row, ...]
    misplaced: int


def split_blocks(rows: Sequence[Row]) -> ItemBlocks:
    """Divide the rows below an item's title; the blocks may stand in any order."""
    stray = _stray(rows)
    body = [row for row in rows if row not in stray]
    starts = (_plan_start(body), _mid_year_start(body), _year_end_start(body))
    stops = sorted({*(start for start in starts if start is not None), len(body)})
    plan, mid_year, year_end = (_block(body, start, stops) for start in starts)
    return ItemBlocks(
        plan=plan, mid_year=mid_year, year_end=year_end, stray=stray, misplaced=_misplaced(body)
    )


def _block(rows: Sequence[Row], start: int | None, stops: Sequence[int]) -> tuple[Row, ...]:
    if start is None:
        return ()
    return tuple(rows[start : next(stop for stop in stops if stop > start)])


def _plan_start(rows: Sequence[Row]) -> int | None:
    plan = _first(rows, PLAN_HEAD)
    activities = _first(rows, ACTIVITIES_HEAD)
    return plan if plan is None or activities is None else min(plan, activities)


def _mid_year_start(rows: Sequence[Row]) -> int | None:
    for index, row in enumerate(rows):
        labels = {fold_words(cell) for cell in row.cells if is_section(cell)}
        if row.in_table and (MID_YEAR_SECTION in labels or _has(row, IMPLEMENTATION_HEAD)):
            # 目標の達成見込み is printed first in some.
            above = index > 0 and not row.after_blank and _has(rows[index - 1], OUTLOOK_HEAD)
            return index - 1 if above else index
    return None


def _year_end_start(rows: Sequence[Row]) -> int | None:
    start = _first(rows, RESULTS_HEAD)
    if start is None:
        return None
    # 「自己評価⇥課題と改善策」 may stand in rows of its own above the results.
    while start > 0 and not rows[start].after_blank and _is_scaffold(rows[start - 1]):
        start -= 1
    return start


def _first(rows: Sequence[Row], head: re.Pattern[str]) -> int | None:
    return next((n for n, row in enumerate(rows) if _has(row, head)), None)


def _has(row: Row, head: re.Pattern[str]) -> bool:
    return any(head.match(fold(cell[:_HEAD_LENGTH]).text) for cell in row.cells)


def _is_scaffold(row: Row) -> bool:
    """True for a row that holds only a row label, the issues header and its note."""
    return all(
        not cell or is_section(cell) or ISSUES_HEAD.match(text) or REQUIRED_NOTE.fullmatch(text)
        for cell, text in ((cell, fold(cell).text) for cell in row.cells)
    )


def _stray(rows: Sequence[Row]) -> tuple[Row, ...]:
    stray: list[Row] = []
    for row in rows:
        follows = bool(stray) and stray[-1].number == row.number - 1
        if not row.in_table and not is_printed(row.text) and (row.after_blank or follows):
            stray.append(row)
    return tuple(stray)


def is_printed(text: str) -> bool:
    """Whether a text is, or begins with, words that the form prints: a label, header or legend."""
    folded = fold(text).text
    return (
        is_section(text)
        or any(head.match(folded) for head in _HEADS)
        or any(legend.pattern.search(folded) for legend in _LEGENDS)
    )


def _misplaced(rows: Sequence[Row]) -> int:
    for head in (PLAN_HEAD, RESULTS_HEAD, IMPLEMENTATION_HEAD):
        found = [row for row in rows if _has(row, head)]
        if len(found) > 1:
            return found[1].number
    return 0
