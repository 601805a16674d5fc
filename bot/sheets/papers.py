"""A paper as rows, whatever file it came in: which form it is of, and the plan in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.domain.form import Form
from bot.domain.forms.form_files import built_in
from bot.domain.plans import SheetPlan, SheetRefused
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.committee_text import is_committee, read_committee
from bot.sheets.outcome_text import is_outcome, read_outcome
from bot.sheets.own_words import in_our_words
from bot.sheets.page_marks import without_page_marks
from bot.sheets.plan_text import has_item_rows, read_plan_rows
from bot.sheets.policy_text import is_policy, read_policy
from bot.sheets.refusals import other_paper, refusal, refused
from bot.sheets.rows import Row
from bot.sheets.vision_text import is_vision, read_vision

IsOne = Callable[[Sequence[Row], Form], bool]
Reader = Callable[[Sequence[Row], Form], SheetPlan]

# Each form but 様式3 by what its own papers alone have.
_READERS: Mapping[str, tuple[IsOne, Reader]] = {
    "vision": (is_vision, read_vision),
    "committee": (is_committee, read_committee),
    "outcome": (is_outcome, read_outcome),
    "policy": (is_policy, read_policy),
}


def is_paper(rows: Sequence[Row], forms: Mapping[str, Form] | None = None) -> bool:
    """Whether rows are a paper of a form, ours or another's, and so no register.

    ``forms`` are the office's; without them the built-in ones.
    """
    if other_paper(rows) is not None or has_item_rows(rows):
        return True
    return any(is_one(rows, form) for is_one, _, form in _known(forms))


def read_paper(rows: Sequence[Row], forms: Mapping[str, Form] | None = None) -> SheetPlan:
    """The plan in a paper, with every fault in it.

    Raises SheetRefused, by the name of what it is, where it is of no form that can be read.
    """
    paper = other_paper(rows)
    if paper is not None:
        raise SheetRefused((), refused(paper))
    if has_item_rows(rows):  # first, for its texts may quote the other forms
        return read_plan_rows(in_our_words(rows, forms.get(YOUSHIKI3.key) if forms else None))
    for is_one, reader, form in _known(forms):
        if is_one(rows, form):
            return reader(without_page_marks(rows), form)
    raise SheetRefused((), refusal(rows))


def _known(forms: Mapping[str, Form] | None) -> Iterator[tuple[IsOne, Reader, Form]]:
    for key, (is_one, reader) in _READERS.items():
        form = built_in(key) if forms is None else forms.get(key)
        if form is not None:
            yield is_one, reader, form
