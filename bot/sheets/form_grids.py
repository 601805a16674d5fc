"""Plans from the grids of a workbook, a Word document or a PDF that hold the official form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.plans import Fault, SheetPlan
from bot.sheets.grids import Grid, text_rows
from bot.sheets.plan_text import has_item_rows, read_plan_rows

# Rows of several sheets or pages have no number that a person could look up.
_PLACE = re.compile(r"^\d+行目(?:：|\s)")


def is_form(grids: Sequence[Grid]) -> bool:
    """Whether one of the grids has a line 「取組項目1」."""
    return any(has_item_rows(text_rows([grid])) for grid in grids)


def read_form_sheets(sheets: Sequence[Grid]) -> SheetPlan:
    """Read a workbook: the sheets with items, whatever else it has. Raises SheetRefused."""
    found = [each for each in sheets if is_form([each])]
    return read_form_grids(found, numbered=len(found) == 1)


def read_form_grids(grids: Sequence[Grid], *, numbered: bool = False) -> SheetPlan:
    """Read the form in whatever layout it is. Raises SheetRefused when there is none.

    Row numbers are told only where they are those of the one sheet there is (``numbered``).
    """
    rows = [replace(row, number=number) for number, row in enumerate(text_rows(grids), start=1)]
    plan = read_plan_rows(rows)
    if numbered:
        return plan
    return replace(
        plan,
        faults=tuple(Fault(0, fault.column, fault.message) for fault in plan.faults),
        warnings=tuple(_PLACE.sub("", warning) for warning in plan.warnings),
    )
