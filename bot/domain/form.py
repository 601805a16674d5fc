"""Review forms as data: what is asked, of what, with which options, and when it is required.

A form is a value; modal, validation, status, import and export all read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from bot.domain.headings import bare, distinct
from bot.domain.plan_fields import Half, PlanField, Printed, Shown

ITEM = "取組項目"  # what the items of a plan are called, unless its form says otherwise
_HEAD_BLOCKS = 30  # of a modal: the plan's texts, earlier answers, what another has saved
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
    GRADES = "grades"  # how many of a committee gave each grade


@dataclass(frozen=True)
class Option:
    """One choice. ``mark`` is what the printed form shows: (i), ②, or nothing (対象外)."""

    key: str
    mark: str
    text: str
    exempts: bool = False  # 対象外: nothing else is asked
    pending: bool = False  # 未確定: counted as submitted, asked again later
    unfavourable: bool = False  # ②, (ii): listed for managers
    points: int = 0  # of a grade: what an average is made of
    synonyms: tuple[str, ...] = ()  # other words for it in files that are imported

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
    printed: str = ""  # the label on paper, where it is another one
    note: str = ""  # what stands beside it on paper: 「※左記が「②」の場合は必須」
    synonyms: tuple[str, ...] = ()  # other words for the label in files that are imported

    @property
    def heading(self) -> str:
        """The label on the printed form."""
        return self.printed or self.label

    @property
    def headings(self) -> tuple[str, ...]:
        """Every word by which a file may call the question, the printed one first."""
        return distinct((self.heading, self.label, *self.synonyms))

    @property
    def legend(self) -> tuple[Option, ...]:
        """The options that are printed beside the answer: those with a mark."""
        return tuple(option for option in self.options if option.mark)

    def option(self, key: str | None) -> Option | None:
        """The option of that key, or None."""
        for option in self.options:  # each answer of each screen asks: no generator
            if option.key == key:
                return option
        return None


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
    published: bool = True  # False: papers for a meeting inside the office
    printed: str = ""  # the section's label on paper, where it is not the title
    synonyms: tuple[str, ...] = ()  # 「年度評価」: in files, and typed behind /kaikaku

    @property
    def heading(self) -> str:
        """The label of the stage's section on the printed form."""
        return self.printed or self.title

    @property
    def headings(self) -> tuple[str, ...]:
        """Every word by which a file or a person may call the stage, the printed one first."""
        return distinct((self.heading, self.title, *self.synonyms))

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
        bad = {option.key for option in question.options if option.unfavourable}
        for other in self.questions:
            when = other.required
            asks = when is not None and when.question == question.key and when.options & bad
            if asks and other.kind is Kind.TEXT and other.scope is question.scope:
                return other
        return None


@dataclass(frozen=True)
class Form:
    """A form that a unit publishes; ``key`` is stored with the plan.

    ``item`` is what its items are called: 取組項目, 経営課題, 具体的取組, 意見. ``unit_fields`` are
    texts about the plan as a whole. ``source`` is the file that it was read from.
    """

    key: str
    name: str
    stages: tuple[Stage, ...]
    item: str = ITEM
    indicator: str = "アウトカム指標"
    synonyms: tuple[str, ...] = ()  # other words for the form, given with an import
    plan_fields: tuple[PlanField, ...] = ()
    unit_fields: tuple[PlanField, ...] = ()
    shown: tuple[Shown, ...] = ()  # where it is not enough to say so of a field
    printed: Printed = field(default_factory=Printed)
    source: str = field(default="", repr=False, compare=False)

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the form asks about at any of its stages."""
        return frozenset(chain.from_iterable(stage.scopes for stage in self.stages))

    def item_name(self, code: str) -> str:
        """「取組項目7」「経営課題1」; a code that is a name already stands alone."""
        return f"{self.item}{code}" if code[:1].isdigit() else code

    def shown_code(self, code: str) -> str:
        """A code as screens carry it: they say 取組項目 before a number, and other words not."""
        return code if self.item == ITEM else self.item_name(code)

    @property
    def most_indicators(self) -> int:
        """Of how many indicators one screen can ask, at the stage that asks most of each."""
        return min(_most_indicators(stage) for stage in self.stages)

    def has_stage(self, key: str) -> bool:
        """Whether the form is filled in on that occasion."""
        return any(stage.key == key for stage in self.stages)

    def plan_field(self, key: str) -> PlanField | None:
        """The plan's field of that key, None when the form has none."""
        return next((each for each in self.plan_fields if each.key == key), None)

    def shown_texts(self, texts: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
        """What a screen says of an item's plan, as (label, text), from its texts by key.

        A form that says nothing of it shows all but what stands in the line of the title.
        """
        flagged = [each for each in self.plan_fields if each.shown]
        every = flagged or [each for each in self.plan_fields if each.half is not Half.HEAD]
        chosen = self.shown or tuple(Shown(each.key) for each in every)
        return tuple(
            (each.label or self.label_of(each.field), self._words(each.field, text))
            for each in chosen
            if (text := texts.get(each.field)) and not any(texts.get(k) for k in each.unless)
        )

    def _words(self, key: str, text: str) -> str:
        field = self.plan_field(key)
        return field.words(text) if field else text

    def label_of(self, key: str) -> str:
        """What the form calls a text of an item or of the plan as a whole, by its key."""
        fields = (*self.plan_fields, *self.unit_fields)
        label = next((each.label for each in fields if each.key == key), "")
        return label or _LABELS.get(key, key)

    def stage(self, key: str) -> Stage:
        """The stage of that key; KeyError when the form has none (no mid-year since FY2023)."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)


# What every form has, whatever else is in it.
_LABELS = {
    "number": "番号",
    "position": "順番",
    "title": "題名",
    "purpose_label": "趣旨・目的の見出し",
    "sections": "担当",
}


def stage_called(word: str, forms: Iterable[Form]) -> str | None:
    """The key of the stage that a word names in any of the forms: its key, title or a synonym.

    In any width and case, hyphens left out or not; None when none is called so.
    """
    said = bare(word)
    stages = (stage for form in forms for stage in form.stages)
    named = (each.key for each in stages if said in map(bare, (each.key, *each.headings)))
    return next(named, None) if said else None


def _most_indicators(stage: Stage) -> int:
    """A name, each question and each prompt are a block; a modal has 100 (Slack, views)."""
    each = 1
    own = 0
    for question in stage.questions:
        blocks = 1 + len(question.prompts)
        each += blocks if question.scope is Scope.INDICATOR else 0
        own += blocks if question.scope is Scope.INITIATIVE else 0
    return max((100 - _HEAD_BLOCKS - own) // each, 1)
