"""The blocks 中間振り返り and 自己評価 of an item: the answers printed in them, in every shape.

Blocks are known by their headers, columns by where those stand. Where a block was answered in
part, a mark that shows only its legend has been lost; where nothing was, it is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.plans import SheetAnswers
from bot.domain.youshiki3 import ATTAINMENT, ATTAINMENT_OUTLOOK, IMPLEMENTATION
from bot.sheets.folding import fold, fold_words
from bot.sheets.labels import (
    ATTAINMENT_LEGEND,
    IMPLEMENTATION_HEAD,
    IMPLEMENTATION_LEGEND,
    ISSUES_HEAD,
    OUTLOOK_HEAD,
    OUTLOOK_LEGEND,
    REQUIRED_NOTE,
    RESULTS_HEAD,
    Legend,
    is_section,
)
from bot.sheets.marks import MarkSign, decide, lost, weigh
from bot.sheets.rows import Row

RESULTS = "results"
ISSUES = "issues"

_NOTHING_WRITTEN = re.compile(r"[-—–―‐ー－]+")  # 「—」 is printed where nothing is required
_ATTAINMENT_LABEL = fold_words(ATTAINMENT.label)
_LONGEST_LABEL = 30
_HEADS = (IMPLEMENTATION_HEAD, OUTLOOK_HEAD, RESULTS_HEAD, ISSUES_HEAD)


@dataclass(frozen=True)
class _Cell:
    column: int
    text: str
    heads: tuple[re.Pattern[str], ...]


def read_mid_year(rows: Sequence[Row]) -> SheetAnswers:
    """The answers of the block 中間振り返り."""
    issues_from = _column_of(rows, ISSUES_HEAD)
    signs: list[MarkSign] = []
    issues: list[str] = []
    for row in rows:
        legends = _legends_of(row)
        for cell in _cells(row):
            weighed = weigh(cell.text, legends)
            signs.extend(weighed.signs)
            if not weighed.text:
                continue
            if issues_from is not None and cell.column >= issues_from:
                issues.append(weighed.text)
            else:  # words where only a mark belongs
                signs.extend(lost(legend.question.key) for legend in legends)
    questions = (IMPLEMENTATION.key, ATTAINMENT_OUTLOOK.key)
    return _answers(questions, signs, {ISSUES: issues}, stray=False)


def read_year_end(rows: Sequence[Row]) -> SheetAnswers:
    """The answers of the block 自己評価."""
    rows = _aligned(rows)
    issues_from = _column_of(rows, ISSUES_HEAD)
    results_at = _column_of(rows, RESULTS_HEAD) or 0
    signs: list[MarkSign] = []
    texts: dict[str, list[str]] = {RESULTS: [], ISSUES: []}
    beside: dict[int, str] = {}
    stray = False
    for row in rows:
        beside |= _beside(row)
        for cell in _cells(row):
            weighed = weigh(cell.text, (ATTAINMENT_LEGEND,))
            signs.extend(weighed.signs)
            if not weighed.text:
                continue
            if cell.column in beside:
                texts[beside[cell.column]].append(weighed.text)
            elif (
                issues_from is not None and cell.column >= issues_from and cell.column != results_at
            ):
                texts[ISSUES].append(weighed.text)
            elif cell.column <= results_at:
                texts[RESULTS].append(weighed.text)
            else:  # a text where only the mark belongs: what stood there is not known
                stray = True
    return _answers((ATTAINMENT.key,), signs, texts, stray=stray)


def _answers(
    questions: Sequence[str], signs: Iterable[MarkSign], texts: dict[str, list[str]], *, stray: bool
) -> SheetAnswers:
    signs = list(signs)
    written = {key: "\n".join(parts) for key, parts in texts.items() if parts}
    touched = bool(signs or written)
    values = {k: text for k, text in written.items() if not _NOTHING_WRITTEN.fullmatch(text)}
    unreadable = {ISSUES} if stray and ISSUES not in values else set()
    for question in questions:
        option, unclear = decide(question, signs)
        if option is not None:
            values[question] = option
        elif unclear or touched:
            unreadable.add(question)
    return SheetAnswers(values, frozenset(unreadable))


def _cells(row: Row) -> Iterator[_Cell]:
    """The cells of a row that hold more than headers, row labels and the printed note."""
    for column, cell in enumerate(row.cells):
        if is_section(cell) or _is_attainment_label(cell):
            continue
        text, heads = _without_heads(cell)
        if text or heads:
            yield _Cell(column, text, heads)


def _is_attainment_label(cell: str) -> bool:
    return len(cell) <= _LONGEST_LABEL and fold_words(cell) == _ATTAINMENT_LABEL


def _without_heads(cell: str) -> tuple[str, tuple[re.Pattern[str], ...]]:
    text = _without_note(cell)
    heads: list[re.Pattern[str]] = []
    for head in _HEADS:
        folded = fold(text)
        match = head.match(folded.text)
        if match:
            heads.append(head)
            text = folded.cut(match.end())
    return _without_note(text), tuple(heads)


def _without_note(text: str) -> str:
    folded = fold(text)
    match = REQUIRED_NOTE.search(folded.text)
    if match is None:
        return text
    return "\n".join(
        part for part in (folded.cut(0, match.start()), folded.cut(match.end())) if part
    )


def _beside(row: Row) -> dict[int, str]:
    """The column of a text that stands right beside its own header, where those have cells."""
    keys = {RESULTS_HEAD: RESULTS, ISSUES_HEAD: ISSUES}
    found: dict[int, str] = {}
    for cell, after in pairwise(_cells(row)):
        key = keys.get(cell.heads[0]) if len(cell.heads) == 1 and not cell.text else None
        if key and not after.heads and weigh(after.text, (ATTAINMENT_LEGEND,)).text:
            found[after.column] = key
    return found


def _column_of(rows: Sequence[Row], head: re.Pattern[str]) -> int | None:
    for row in rows:
        for cell in _cells(row):
            if head in cell.heads:
                return cell.column
    return None


def _legends_of(row: Row) -> tuple[Legend, ...]:
    """The legends a mark in this row can belong to, by the row's header or its own legend."""
    heads = {head for cell in _cells(row) for head in cell.heads}
    text = fold(row.text).text
    both = (IMPLEMENTATION_LEGEND, OUTLOOK_LEGEND)
    own = tuple(
        legend
        for legend, head in zip(both, (IMPLEMENTATION_HEAD, OUTLOOK_HEAD), strict=True)
        if head in heads or legend.pattern.search(text)
    )
    return own or both


def _aligned(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows whose label stands beside the text though the header has none, moved to the left."""
    first = next((row for row in rows if row.in_table), None)
    if first is None or not first.cells[0] or is_section(first.cells[0]):
        return rows
    return [_moved(row) if row.in_table and is_section(row.cells[0]) else row for row in rows]


def _moved(row: Row) -> Row:
    return Row(row.number, row.cells[1:], row.after_blank)
