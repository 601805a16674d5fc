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
    """Divide the rows below an item's title."""
    stray = _stray(rows)
    body = [row for row in rows if row not in stray]
    plan = _first(body, PLAN_HEAD, 0)
    mid = _mid_year_start(body)
    end = _year_end_start(body, mid if mid is not None else 0)
    stops = sorted(start for start in (mid, end, len(body)) if start is not None)
    return ItemBlocks(
        plan=tuple(body[plan : stops[0]]) if plan is not None and plan < stops[0] else (),
        mid_year=tuple(body[mid : _next(stops, mid)]) if mid is not None else (),
        year_end=tuple(body[end : _next(stops, end)]) if end is not None else (),
        stray=stray,
        misplaced=_misplaced(body),
    )


def _mid_year_start(rows: Sequence[Row]) -> int | None:
    for index, row in enumerate(rows):
        labels = {fold_words(cell) for cell in row.cells if is_section(cell)}
        if row.in_table and (MID_YEAR_SECTION in labels or _has(row, IMPLEMENTATION_HEAD)):
            return index
    return None


def _year_end_start(rows: Sequence[Row], after: int) -> int | None:
    start = _first(rows, RESULTS_HEAD, after)
    if start is None:
        return None
    # 「自己評価⇥課題と改善策」 may stand in rows of its own above the results.
    while start > after + 1 and not rows[start].after_blank and _is_scaffold(rows[start - 1]):
        start -= 1
    return start


def _first(rows: Sequence[Row], head: re.Pattern[str], after: int) -> int | None:
    return next((n for n, row in enumerate(rows) if n >= after and _has(row, head)), None)


def _next(stops: Sequence[int], start: int) -> int:
    return next(stop for stop in stops if stop > start)


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
        if not row.in_table and not _is_printed(row) and (row.after_blank or follows):
            stray.append(row)
    return tuple(stray)


def _is_printed(row: Row) -> bool:
    text = fold(row.text).text
    return (
        is_section(row.text)
        or any(head.match(text) for head in _HEADS)
        or any(legend.pattern.search(text) for legend in _LEGENDS)
    )


def _misplaced(rows: Sequence[Row]) -> int:
    for head in (PLAN_HEAD, RESULTS_HEAD, IMPLEMENTATION_HEAD):
        found = [row for row in rows if _has(row, head)]
        if len(found) > 1:
            return found[1].number
    return 0
