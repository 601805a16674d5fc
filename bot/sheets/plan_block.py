"""The plan block of an item: purpose, outline, target and activities, in the layouts L1 to L4.

L1 has label and text in one cell, L2 a header row above the texts, L3 a header row without 計画,
and L4 計画 on the row of the texts. Labels may have cells of their own, and the columns may stand
below each other or change places.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.sheets.folding import fold, fold_words
from bot.sheets.labels import ACTIVITIES_HEAD, FIELD_LABEL, PLAN_HEAD, is_section
from bot.sheets.rows import Row

_PURPOSES = ("趣旨・目的", "戦略")
_OUTLINES = ("取組の概要", "取組概要")
_TARGET = "目標"
_ACTIVITIES = ("取組の内容", "取組内容")
_LONGEST_LABEL = 30  # with the spaces that sheets print between characters


@dataclass(frozen=True)
class PlanBlock:
    """The texts of 計画, each as written."""

    purpose: str | None = None
    purpose_label: str | None = None
    outline: str | None = None
    target: str | None = None
    unlabelled: str | None = None
    activities: str | None = None
    activities_target: str | None = None


def read_plan_block(rows: Sequence[Row]) -> PlanBlock:
    """Read the rows from the header 取組の方針・目標内容 to the end of the table."""
    plan, activities = _columns(rows)
    said = _labelled(plan)
    done = _labelled(activities)
    label = next((each for each in _PURPOSES if each in said), None)
    text = _joined(done.get(""), *(done.get(each) for each in _ACTIVITIES))
    return PlanBlock(
        purpose=said.get(label) if label else None,
        purpose_label=label,
        outline=_joined(*(said.get(each) for each in _OUTLINES)),
        target=said.get(_TARGET),
        unlabelled=said.get(""),
        activities=text,
        activities_target=done.get(_TARGET),
    )


def _columns(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """The cells of the two columns, in their order, header words taken out."""
    left: list[str] = []
    right: list[str] = []
    for index, row in enumerate(rows):
        of_activities = _activities_columns(rows, index)
        for column, cell in enumerate(row.cells):
            text, head = _without_head(cell)
            if not text or is_section(text):
                continue
            belongs = head is ACTIVITIES_HEAD or (head is None and column in of_activities)
            (right if belongs else left).append(text)
    return left, right


def _activities_columns(rows: Sequence[Row], index: int) -> range:
    """Which columns of a row belong to the activities."""
    plan, activities = (_place(rows, head) for head in (PLAN_HEAD, ACTIVITIES_HEAD))
    every = len(rows[index].cells)
    if plan is None or activities is None:
        return range(0)
    if plan[0] < activities[0]:  # one below the other
        return range(every if index >= activities[0] else 0)
    if plan[0] > activities[0]:
        return range(every if index < plan[0] else 0)
    if plan[1] > activities[1]:  # the other way round
        return range(plan[1])
    return range(_boundary(rows, activities[1]), every)


def _boundary(rows: Sequence[Row], header: int) -> int:
    """The first column of the activities: where a full row has its last text, else the header."""
    if any(_bare_label(cell) for row in rows for cell in row.cells):
        return header  # a full row has four texts then
    for row in rows[1:]:
        written = [n for n, cell in enumerate(row.cells) if cell and not is_section(cell)]
        if len(written) > 1:
            return written[-1]
    return header


def _place(rows: Sequence[Row], head: object) -> tuple[int, int] | None:
    """Row and column of a header."""
    places = (
        (index, column)
        for index, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if _without_head(cell)[1] is head
    )
    return next(places, None)


def _without_head(cell: str) -> tuple[str, object]:
    folded = fold(cell)
    for head in (PLAN_HEAD, ACTIVITIES_HEAD):
        match = head.match(folded.text)
        if match:
            return folded.cut(match.end()), head
    return cell, None


def _labelled(cells: Sequence[str]) -> dict[str, str]:
    """The texts of a column by their label; what stands before the first has the label "".

    A label with a cell of its own is not looked for within the texts, and one that is said again
    is text.
    """
    seen = {""}
    parts: dict[str, list[str]] = {"": []}
    own = {label for cell in cells if (label := _bare_label(cell))}
    current = ""
    for cell in cells:
        label = _bare_label(cell)
        if label and label not in seen:
            seen.add(label)
            current = label
            parts[current] = []
            continue
        for label, text in _parts_of(cell, current, own | seen):
            seen.add(label)
            current = label
            parts.setdefault(label, []).append(text)
    texts = {label: "\n".join(filter(None, written)) for label, written in parts.items()}
    return {label: text for label, text in texts.items() if text}


def _parts_of(cell: str, current: str, known: Container[str]) -> list[tuple[str, str]]:
    """A cell cut at the labels printed in it; its beginning belongs to ``current``."""
    folded = fold(cell)
    starts: list[tuple[str, int, int]] = [(current, 0, 0)]
    for match in FIELD_LABEL.finditer(folded.text):
        label = _label(match[1])
        if label not in known and label not in {seen for seen, _, _ in starts}:
            starts.append((label, match.start(), match.end()))
    ends = [start for _, start, _ in starts[1:]] + [len(folded.text)]
    return [
        (label, folded.cut(after, end)) for (label, _, after), end in zip(starts, ends, strict=True)
    ]


def _bare_label(cell: str) -> str | None:
    """The label that is all a cell says, in brackets or without."""
    if len(cell) > _LONGEST_LABEL:
        return None
    match = FIELD_LABEL.fullmatch(f"({fold(cell).text.strip(' ()')})")
    return _label(match[1]) if match else None


def _label(folded: str) -> str:
    known = (*_PURPOSES, *_OUTLINES, _TARGET, *_ACTIVITIES)
    return next(label for label in known if fold_words(label) == fold_words(folded))


def _joined(*parts: str | None) -> str | None:
    return "\n".join(part for part in parts if part) or None
