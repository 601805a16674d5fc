"""The plan block of an item: purpose, outline, target and activities, in the layouts L1 to L4.

L1 has label and text in one cell, L2 a header row above the texts, L3 a header row without 計画,
and L4 計画 on the row of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sheets.folding import fold, fold_words
from bot.sheets.labels import ACTIVITIES_HEAD, FIELD_LABEL, PLAN_HEAD, is_section
from bot.sheets.rows import Row

_PURPOSES = ("趣旨・目的", "戦略")
_OUTLINES = ("取組の概要", "取組概要")
_TARGET = "目標"
_ACTIVITIES = ("取組の内容", "取組内容")


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
    said = dict(_labelled(plan))
    done = dict(_labelled(activities))
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


def _columns(rows: Sequence[Row]) -> tuple[str, str]:
    """The whole text of the two columns, label and header words taken out."""
    left: list[str] = []
    right: list[str] = []
    boundary = _boundary(rows)
    for row in rows:
        for column, cell in enumerate(row.cells):
            text, head = _without_head(cell)
            if not text or is_section(text):
                continue
            is_activities = head is ACTIVITIES_HEAD or (head is None and column >= boundary)
            (right if is_activities else left).append(text)
    return "\n".join(left), "\n".join(right)


def _boundary(rows: Sequence[Row]) -> int:
    """The first column of the activities: where a full row has its last text, else the header."""
    for row in rows[1:]:
        written = [n for n, cell in enumerate(row.cells) if cell and not is_section(cell)]
        if len(written) > 1:
            return written[-1]
    heads = (n for n, cell in enumerate(rows[0].cells) if _without_head(cell)[1] is ACTIVITIES_HEAD)
    return next(heads, len(rows[0].cells))


def _without_head(cell: str) -> tuple[str, object]:
    folded = fold(cell)
    for head in (PLAN_HEAD, ACTIVITIES_HEAD):
        match = head.match(folded.text)
        if match:
            return folded.cut(match.end()), head
    return cell, None


def _labelled(text: str) -> list[tuple[str, str]]:
    """The parts of a cell by their label; what stands before the first has the label ""."""
    folded = fold(text)
    starts: list[tuple[str, int, int]] = [("", 0, 0)]
    for match in FIELD_LABEL.finditer(folded.text):
        label = _label(match[1])
        if label not in {seen for seen, _, _ in starts}:  # said again, it is text
            starts.append((label, match.start(), match.end()))
    ends = [start for _, start, _ in starts[1:]] + [len(folded.text)]
    parts = [
        (label, folded.cut(after, end)) for (label, _, after), end in zip(starts, ends, strict=True)
    ]
    return [(label, part) for label, part in parts if part]


def _label(folded: str) -> str:
    known = (*_PURPOSES, *_OUTLINES, _TARGET, *_ACTIVITIES)
    return next(label for label in known if fold_words(label) == fold_words(folded))


def _joined(*parts: str | None) -> str | None:
    return "\n".join(part for part in parts if part) or None
