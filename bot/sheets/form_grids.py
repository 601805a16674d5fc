"""Plans from the grids of a workbook, a Word document or a PDF that hold a form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.form import Form
from bot.domain.plans import Fault, SheetPlan
from bot.sheets.grids import Grid, text_rows
from bot.sheets.papers import is_paper, read_paper
from bot.sheets.plan_text import has_item_rows

# Rows of several sheets or pages have no number that a person could look up.
_PLACE = re.compile(r"^\d+行目(?:：|\s)")


def has_items(grids: Sequence[Grid]) -> bool:
    """Whether one of the grids has a line 「取組項目1」."""
    return any(has_item_rows(text_rows([grid])) for grid in grids)


def is_form(grids: Sequence[Grid], forms: Mapping[str, Form] | None = None) -> bool:
    """Whether one of the grids is a paper of a form, and no register."""
    return any(is_paper(text_rows([grid]), forms) for grid in grids)


def read_form_sheets(sheets: Sequence[Grid], forms: Mapping[str, Form] | None = None) -> SheetPlan:
    """Read a workbook: the sheets with items, else all of them. Raises SheetRefused."""
    with_items = [each for each in sheets if has_item_rows(text_rows([each]))]
    found = with_items or sheets
    plan = read_form_grids(found, forms, numbered=len(found) == 1)
    return with_faults(plan, found)


def with_faults(plan: SheetPlan, grids: Sequence[Grid]) -> SheetPlan:
    """The plan with the faults of the file that it was read from."""
    return replace(plan, faults=(*plan.faults, *(each for grid in grids for each in grid.faults)))


def read_form_grids(
    grids: Sequence[Grid], forms: Mapping[str, Form] | None = None, *, numbered: bool = False
) -> SheetPlan:
    """Read a form in whatever layout it is. Raises SheetRefused when there is none.

    ``forms`` are the office's, without them the built-in ones. Row numbers are told only where
    they are those of the one sheet there is (``numbered``).
    """
    rows = [replace(row, number=number) for number, row in enumerate(text_rows(grids), start=1)]
    plan = read_paper(rows, forms)
    if numbered:
        return plan
    return replace(
        plan,
        faults=tuple(Fault(0, fault.column, fault.message) for fault in plan.faults),
        warnings=tuple(_PLACE.sub("", warning) for warning in plan.warnings),
    )
