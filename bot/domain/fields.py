"""What one check-in asks: a form's questions, each put about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.domain.form import Question, Scope, Stage


@dataclass(frozen=True)
class Field:
    """A question put about one thing; for an indicator ``about`` is its id, ``name`` its name."""

    question: Question
    about: str = ""
    name: str = ""
    target: str = ""  # of the indicator

    @property
    def key(self) -> str:
        """The key of the answer: ``attainment``, or ``attainment@12`` for indicator 12."""
        return f"{self.question.key}@{self.about}" if self.about else self.question.key


@dataclass(frozen=True)
class Indicator:
    """An アウトカム指標 as a form field needs it."""

    id: str
    name: str
    target: str = ""


def fields_of(
    stage: Stage, scope: Scope = Scope.INITIATIVE, indicators: Sequence[Indicator] = ()
) -> tuple[Field, ...]:
    """What one check-in asks: about an initiative and its indicators, or about the unit.

    The indicators come one by one, in the place of the first question about any of them.
    """
    own = [question for question in stage.questions if question.scope is scope]
    if scope is not Scope.INITIATIVE:
        return tuple(map(Field, own))
    asked = [question for question in stage.questions if question.scope is Scope.INDICATOR]
    first = stage.questions.index(asked[0]) if asked else len(stage.questions)
    before = [question for question in own if stage.questions.index(question) < first]
    per_indicator = (
        Field(question, indicator.id, indicator.name, indicator.target)
        for indicator in indicators
        for question in asked
    )
    return tuple(chain(map(Field, before), per_indicator, map(Field, own[len(before) :])))
