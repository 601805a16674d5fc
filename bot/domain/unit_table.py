"""What a file says of units: contact, extension, sections and closures, one row a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.plans import Fault


@dataclass(frozen=True)
class UnitRow:
    """One row; ``number`` is its row in the file. What it leaves empty stays as it is stored."""

    number: int
    ward: str
    contact: str | None = None
    extension: str | None = None
    sections: tuple[str, ...] = ()  # to be added
    closures: tuple[date, ...] = ()  # to be added


@dataclass(frozen=True)
class UnitTable:
    """The rows of a file, its faults so far, and what the file calls each column."""

    rows: tuple[UnitRow, ...]
    faults: tuple[Fault, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def fault(self, row: UnitRow, column: str, message: str) -> Fault:
        """A fault in a column, by the name that the file gives it."""
        return Fault(row.number, self.titles.get(column, column), message)
