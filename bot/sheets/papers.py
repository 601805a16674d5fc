"""A paper as rows, whatever file it came in: which form it is of, and the plan in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.committee_text import is_committee, read_committee
from bot.sheets.outcome_text import is_outcome, read_outcome
from bot.sheets.page_marks import without_page_marks
from bot.sheets.plan_text import has_item_rows, read_plan_rows
from bot.sheets.policy_text import is_policy, read_policy
from bot.sheets.refusals import other_paper, refusal, refused
from bot.sheets.rows import Row
from bot.sheets.vision_text import is_vision, read_vision

Reader = Callable[[Sequence[Row]], SheetPlan]

# Each form by what its own papers alone have; 様式3 comes first, for it may quote the others.
_READERS: tuple[tuple[Callable[[Sequence[Row]], bool], Reader], ...] = (
    (has_item_rows, read_plan_rows),
    (is_vision, read_vision),
    (is_committee, read_committee),
    (is_outcome, read_outcome),
    (is_policy, read_policy),
)


def is_paper(rows: Sequence[Row]) -> bool:
    """Whether rows are a paper of a form, ours or another's, and so no register."""
    return other_paper(rows) is not None or any(is_one(rows) for is_one, _ in _READERS)


def read_paper(rows: Sequence[Row]) -> SheetPlan:
    """The plan in a paper, with every fault in it.

    Raises SheetRefused, by the name of what it is, where it is of no form that can be read.
    """
    paper = other_paper(rows)
    if paper is not None:
        raise SheetRefused((), refused(paper))
    for is_one, reader in _READERS:
        if is_one(rows):
            return reader(rows if reader is read_plan_rows else without_page_marks(rows))
    raise SheetRefused((), refusal(rows))
