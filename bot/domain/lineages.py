"""One undertaking over the years: what each year said, and what became of what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.answers import Answers
from bot.domain.checkins import State
from bot.domain.fields import Field
from bot.domain.form import Form, Kind, Stage


@dataclass(frozen=True)
class YearReview:
    """What was answered about an item at one stage of one year."""

    stage: Stage
    fields: tuple[Field, ...]
    answers: Answers
    state: State

    @property
    def answered(self) -> tuple[Field, ...]:
        """The questions that were answered, in the form's order."""
        return tuple(field for field in self.fields if self.answers.get(field.key, "").strip())

    @property
    def choices(self) -> tuple[Field, ...]:
        """Those of them that have a mark."""
        return tuple(field for field in self.answered if field.question.kind is Kind.CHOICE)

    @property
    def promised(self) -> tuple[Field, ...]:
        """The texts that say what is to be done: 課題と改善策."""
        wanted = promising(self.stage, self.fields)
        return tuple(field for field in self.answered if field.question.key in wanted)

    @property
    def results(self) -> tuple[Field, ...]:
        """The other texts: what was done."""
        wanted = promising(self.stage, self.fields)
        texts = (field for field in self.answered if field.question.kind is Kind.TEXT)
        return tuple(field for field in texts if field.question.key not in wanted)

    def text(self, field: Field) -> str:
        """What was answered to a question: a text, or an option's key."""
        return self.answers.get(field.key, "").strip()


@dataclass(frozen=True)
class ItemYear:
    """An item in one plan, with what was answered about it; ``year`` is the plan's last one.

    ``reviews`` are those that were answered, in the form's order.
    """

    item_id: int
    year: int
    plan_name: str
    form: Form
    code: str
    title: str
    target: str
    reviews: tuple[YearReview, ...] = ()

    @property
    def last(self) -> YearReview | None:
        """The review at the latest stage."""
        return self.reviews[-1] if self.reviews else None

    def review(self, stage_key: str) -> YearReview | None:
        """The review at a stage, None where it was not answered."""
        return next((each for each in self.reviews if each.stage.key == stage_key), None)


@dataclass(frozen=True)
class Promise:
    """What one year's latest review promised, and the year after that."""

    promised: ItemYear
    review: YearReview
    kept: ItemYear


def promising(stage: Stage, fields: Sequence[Field]) -> frozenset[str]:
    """The keys of the questions that ask what is to be done.

    Those that explain a mark; where the form has none, its last text (「今後の改善方向」).
    """
    asked = dict.fromkeys(field.question for field in fields)
    found = (stage.explanation_of(each) for each in asked if each.kind is Kind.CHOICE)
    explaining = frozenset(each.key for each in found if each is not None)
    texts = [each.key for each in asked if each.kind is Kind.TEXT]
    return explaining or frozenset(texts[-1:] if len(texts) > 1 else ())


def promises(years: Sequence[ItemYear]) -> tuple[Promise, ...]:
    """What each year promised beside the year that followed; years and promises newest first."""
    found = []
    for after, before in pairwise(years):
        review = before.last
        if review is not None and review.promised:
            found.append(Promise(before, review, after))
    return tuple(found)
