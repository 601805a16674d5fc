"""How a unit stands: each item's state, and the counts over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.checkins import NOT_REVIEWED, Review, State, is_submitted
from bot.domain.form import Answers, Form, Kind


@dataclass(frozen=True)
class ItemStatus:
    """One initiative in one round, as letters, status and exports show it."""

    initiative_id: int
    code: str  # as printed: 「7」
    title: str
    state: State
    sections: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()  # names; empty when nobody owns it
    answers: Answers = field(default_factory=dict)
    provisional: bool = False
    undetermined: bool = False
    saved_at: datetime | None = None
    entered_by: str = ""
    review: Review = NOT_REVIEWED

    @property
    def outstanding(self) -> bool:
        """Whether an answer is still asked for."""
        return not is_submitted(self.state)


@dataclass(frozen=True)
class Counts:
    """A unit's numbers. total = submitted + outstanding; overdue is part of outstanding,
    provisional of submitted, undetermined of provisional (未確定 ticks 暫定). ``marks``: question
    key -> option key -> count.
    """

    total: int
    submitted: int
    outstanding: int
    overdue: int
    provisional: int
    undetermined: int
    confirmed: int
    sent_back: int
    marks: Mapping[str, Mapping[str, int]]

    @property
    def percent(self) -> int:
        """Cut, not rounded: 100 only when all are in."""
        return self.submitted * 100 // self.total if self.total else 0


def count(items: Iterable[ItemStatus], form: Form, *, overdue: bool) -> Counts:
    """Count items; marks of incomplete answers do not count."""
    listed = list(items)
    submitted = [item for item in listed if not item.outstanding]
    outstanding = len(listed) - len(submitted)
    return Counts(
        total=len(listed),
        submitted=len(submitted),
        outstanding=outstanding,
        overdue=outstanding if overdue else 0,
        provisional=sum(item.provisional for item in submitted),
        undetermined=sum(item.undetermined for item in submitted),
        confirmed=sum(item.state is State.CONFIRMED for item in listed),
        sent_back=sum(item.state is State.SENT_BACK for item in listed),
        marks=_marks(submitted, form),
    )


def unfavourable(items: Iterable[ItemStatus], form: Form, stage_key: str) -> list[ItemStatus]:
    """The items whose mark is to be explained: ② (not (ii), which the form never names)."""
    keys = {
        (question.key, option.key)
        for question in form.stage(stage_key).questions
        for option in question.options
        if option.unfavourable
    }
    return [
        item
        for item in items
        if not item.outstanding
        and any((key.partition("@")[0], value) in keys for key, value in item.answers.items())
    ]


def _marks(items: list[ItemStatus], form: Form) -> dict[str, dict[str, int]]:
    """Every choice question of the form, so that each stage reports the same shape."""
    marks: dict[str, dict[str, int]] = {}
    for stage in form.stages:
        for question in stage.questions:
            if question.kind is Kind.CHOICE:
                row = marks.setdefault(question.key, {})
                row.update({option.key: 0 for option in question.options if not option.pending})
    for item in items:
        for key, value in item.answers.items():
            row = marks.get(key.partition("@")[0], {})
            if value in row:
                row[value] += 1
    return marks
