"""The table: what is measured against which floor, what must hold, and how it is printed."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

MET, MISSED, BEYOND = "met", "MISSED", "goal met"


@dataclass(frozen=True)
class Row:
    """One line. ``at_least``: more is better. Without a ``must`` it is there to be looked at."""

    name: str
    work: str
    floor: str
    unit: str
    must: float | None = None
    goal: float | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Measured:
    """Pairs of floor and ours, each pair measured one right after the other."""

    row: Row
    floors: tuple[float, ...]
    ours: tuple[float, ...]
    note: str = ""

    def with_more(self, more: Measured) -> Measured:
        """The same row with what was measured later as well."""
        return replace(self, floors=self.floors + more.floors, ours=self.ours + more.ours)

    @property
    def floor(self) -> float:
        """The median of the floor."""
        return statistics.median(self.floors)

    @property
    def mine(self) -> float:
        """The median of ours."""
        return statistics.median(self.ours)

    @property
    def ratios(self) -> list[float]:
        """Ours to the floor, pair by pair: what disturbs a machine disturbs both of a pair."""
        return [mine / floor for mine, floor in zip(self.ours, self.floors, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return statistics.median(self.ratios)

    @property
    def verdict(self) -> str:
        """Whether must and goal are met."""
        if self.row.must is None:
            return ""
        if not self._holds(self.row.must):
            return MISSED
        return BEYOND if self.row.goal is not None and self._holds(self.row.goal) else MET

    def _holds(self, limit: float) -> bool:
        return self.ratio >= limit if self.row.at_least else self.ratio <= limit

    def record(self) -> dict[str, object]:
        """As JSON."""
        return {
            "row": self.row.name,
            "work": self.row.work,
            "floor_is": self.row.floor,
            "unit": self.row.unit,
            "floor": self.floor,
            "ours": self.mine,
            "ratio": self.ratio,
            "ratios": self.ratios,
            "must": self.row.must,
            "goal": self.row.goal,
            "verdict": self.verdict,
            "note": self.note,
        }


def render(measured: Sequence[Measured]) -> str:
    """All lines, in columns; the notes below."""
    lines: list[tuple[str, ...]] = [
        ("row", "work", "floor", "ours", "ratio", "(from-to)", "must", "goal", "")
    ]
    lines += [_cells(each) for each in measured]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    table = "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        for line in lines
    )
    notes = [f"{each.row.name}: {each.note}" for each in measured if each.note]
    return "\n".join([table, *([""] if notes else []), *notes])


def _cells(each: Measured) -> tuple[str, ...]:
    row, low, high = each.row, min(each.ratios), max(each.ratios)
    return (
        row.name,
        row.work,
        f"{each.floor:.3g} {row.unit}",
        f"{each.mine:.3g} {row.unit}",
        f"{each.ratio:.2f}",
        f"({low:.2f}-{high:.2f})",
        _limit(row, row.must),
        _limit(row, row.goal),
        each.verdict,
    )


def _limit(row: Row, limit: float | None) -> str:
    if limit is None:
        return ""
    return f"{'≥' if row.at_least else '≤'} {limit:g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
