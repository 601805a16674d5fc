"""How a unit stands: each item's state, and the counts over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.answers import Answers
from bot.domain.checkins import NOT_REVIEWED, Review, State, is_submitted
from bot.domain.form import Form, Kind


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
    away: bool = False  # all its owners are: it is not late
    deputies: tuple[str, ...] = ()  # names of those who are asked in place of who is away

    @property
    def outstanding(self) -> bool:
        """Whether an answer is still asked for."""
        return not is_submitted(self.state)

    @property
    def waits_for(self) -> int | None:
        """The level whose manager is to confirm it next; None when nobody's turn it is."""
        return self.review.next_level if self.state is State.SUBMITTED else None

    @property
    def mend_by(self) -> date | None:
        """Until when it is to be mended; None unless it was sent back."""
        return self.review.sent_back_due if self.state is State.SENT_BACK else None

    def is_asked(self, today: date) -> bool:
        """Whether the round's own notices ask for it.

        What was sent back has a letter and a date of its own, and is late only after that.
        """
        return self.outstanding and (self.mend_by is None or self.mend_by < today)

    def is_mended_late(self, today: date) -> bool:
        """Whether it was sent back and the day by which to mend it has passed."""
        return self.mend_by is not None and self.mend_by < today


@dataclass(frozen=True)
class Counts:
    """A unit's numbers. total = submitted + outstanding; sent_back is part of outstanding, overdue
    of the rest of it (not what its owners are away for); provisional, confirmed and waiting (to be
    confirmed) of submitted, undetermined of provisional (未確定 ticks 暫定). ``marks``: question
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
    waiting: int = 0

    @property
    def unanswered(self) -> int:
        """未入力: nothing is in yet, while 差し戻し is to be mended."""
        return self.outstanding - self.sent_back

    @property
    def percent(self) -> int:
        """Cut, not rounded: 100 only when all are in."""
        return self.submitted * 100 // self.total if self.total else 0


def count(items: Iterable[ItemStatus], form: Form, *, overdue: bool) -> Counts:
    """Count items; marks of incomplete answers do not count."""
    listed = list(items)
    submitted = [item for item in listed if not item.outstanding]
    outstanding = len(listed) - len(submitted)
    late = sum(item.state is State.OUTSTANDING and not item.away for item in listed)
    return Counts(
        total=len(listed),
        submitted=len(submitted),
        outstanding=outstanding,
        overdue=late if overdue else 0,
        provisional=sum(item.provisional for item in submitted),
        undetermined=sum(item.undetermined for item in submitted),
        confirmed=sum(item.state is State.CONFIRMED for item in listed),
        sent_back=sum(item.state is State.SENT_BACK for item in listed),
        marks=_marks(submitted, form),
        waiting=sum(item.waits_for is not None for item in listed),
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
