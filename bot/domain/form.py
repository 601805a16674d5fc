"""Review forms as data: what is asked, of what, with which options, and when it is required.

A form is a value; modal, validation, status, import and export all read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

MAX_TEXT = 3000  # plain_text_input takes 3,000 characters at most (Slack, input elements)


class Scope(StrEnum):
    """What one question is asked about."""

    INITIATIVE = "initiative"
    INDICATOR = "indicator"
    UNIT = "unit"


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    TEXT = "text"
    FLAG = "flag"
    DATE = "date"


@dataclass(frozen=True)
class Option:
    """One choice. ``mark`` is what the printed form shows: (i), ②, or nothing (対象外)."""

    key: str
    mark: str
    text: str
    exempts: bool = False  # 対象外: nothing else is asked
    pending: bool = False  # 未確定: counted as submitted, asked again later
    unfavourable: bool = False  # ②, (ii): listed for managers

    @property
    def label(self) -> str:
        """The official words, mark first: 「② 達成できない見込み」."""
        return f"{self.mark} {self.text}".strip()


@dataclass(frozen=True)
class When:
    """A condition: the named question is answered with one of these option keys."""

    question: str
    options: frozenset[str]


ALWAYS = When("", frozenset())
Required = When | None  # None: never required


@dataclass(frozen=True)
class Prompt:
    """Something worth saying under a field; it refuses nothing."""

    when: When
    text: str
    unless_filled: bool = True


@dataclass(frozen=True)
class Question:
    """One question of a form. Labels, hints and messages are the office's words (wording.md 2)."""

    key: str
    kind: Kind
    label: str
    missing: str = "入力してください。"
    scope: Scope = Scope.INITIATIVE
    options: tuple[Option, ...] = ()
    hint: str = ""
    placeholder: str = ""
    required: Required = None
    required_label: str = ""
    required_hint: str = ""
    hollow: str = ""  # the refusal of 「なし」; empty: any text will do
    asked: Required = ALWAYS  # when the question is on the screen at all
    forced_by: When | None = None  # a flag that an option ticks and locks
    unlike: str = ""  # a soft warning is due when the text equals that question's
    alike: str = ""  # ... and its words
    prompts: tuple[Prompt, ...] = ()
    max_length: int = MAX_TEXT

    def option(self, key: str | None) -> Option | None:
        """The option of that key, or None."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True)
class Timing:
    """Default dates of a round as (months after April of the fiscal year, day) and its notice."""

    opens: tuple[int, int]
    due: tuple[int, int]
    publishes: tuple[int, int]
    notice_business_day: int = 1  # of the opening month; transfers happen on 1 April


@dataclass(frozen=True)
class Stage:
    """One occasion on which a form is filled in: 中間振り返り or 自己評価."""

    key: str
    title: str
    questions: tuple[Question, ...]
    timing: Timing
    request: str  # 「8月31日時点の見込みを入力してください。」
    guide: str = ""  # one line that says how much work it is
    notes: tuple[str, ...] = ()  # further lines of the opening notice
    final_after: tuple[int, int] = (13, 31)  # 31 May after the year's end: 出納整理期間

    def question(self, key: str) -> Question:
        """The question of that key; KeyError when the stage has none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    @property
    def scopes(self) -> frozenset[Scope]:
        """What this stage asks about."""
        return frozenset(question.scope for question in self.questions)

    def explanation_of(self, question: Question) -> Question | None:
        """The text that an unfavourable answer to ``question`` must come with."""
        for other in self.questions:
            asks = other.required.question if other.required else ""
            if asks == question.key and other.kind is Kind.TEXT and other.scope is question.scope:
                return other
        return None


@dataclass(frozen=True)
class Form:
    """A form that a unit publishes; ``key`` is stored with the plan."""

    key: str
    name: str
    stages: tuple[Stage, ...]

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError when the form has none (no mid-year since FY2023)."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)


@dataclass(frozen=True)
class Field:
    """A question put about one thing; for an indicator ``about`` is its id, ``name`` its name."""

    question: Question
    about: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """The key of the answer: ``attainment``, or ``attainment@12`` for indicator 12."""
        return f"{self.question.key}@{self.about}" if self.about else self.question.key


@dataclass(frozen=True)
class Indicator:
    """An アウトカム指標 as a form field needs it."""

    id: str
    name: str


def fields_of(
    stage: Stage, scope: Scope = Scope.INITIATIVE, indicators: Sequence[Indicator] = ()
) -> tuple[Field, ...]:
    """What one check-in asks: about an initiative and its indicators, or about the unit."""
    own = [Field(question) for question in stage.questions if question.scope is scope]
    if scope is not Scope.INITIATIVE:
        return tuple(own)
    per_indicator = (
        Field(question, about=indicator.id, name=indicator.name)
        for indicator in indicators
        for question in stage.questions
        if question.scope is Scope.INDICATOR
    )
    return tuple(chain(own, per_indicator))
