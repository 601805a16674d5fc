"""What a document says of a plan: its initiatives, the answers printed in it, and its faults.

Pure values; how a file is laid out is the business of bot.sheets. A mark is given, blank or
unreadable (lost when the paper became a file), and an unreadable one is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.domain.errors import Refused
from bot.domain.form import ITEM

# 「平成30年度運営方針で設定」「29年度の結果を踏まえて設定」: a target that is still to be set.
_TO_BE_SET = re.compile(
    r"(?:で|に|て|後日|今後|別途)\s*設定(?:する|します|予定)?(?:予定)?\s*(?=[)）」】。、,・\s]|$)"
)


class PlanState(StrEnum):
    """案 or 確定: only of a final plan is anything asked."""

    DRAFT = "draft"
    FINAL = "final"


class MarkReading(StrEnum):
    """What a document tells of one answer."""

    GIVEN = "given"
    BLANK = "blank"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SheetAnswers:
    """The answers printed for one stage, by question key: an option's key or a text.

    A blank answer has no key. ``unreadable`` names the questions whose answer was lost.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()

    def reading(self, question: str) -> MarkReading:
        """Whether the answer to a question is given, blank or unreadable."""
        if question in self.unreadable:
            return MarkReading.UNREADABLE
        return MarkReading.GIVEN if question in self.values else MarkReading.BLANK

    @property
    def is_blank(self) -> bool:
        """True when nothing was answered and nothing was lost."""
        return not self.values and not self.unreadable


@dataclass(frozen=True)
class SheetIndicator:
    """One アウトカム指標 as a document has it."""

    name: str
    target: str | None = None


@dataclass(frozen=True)
class SheetInitiative:
    """One 取組項目 as a document has it: texts as written, ``code`` the number as printed.

    ``details`` are texts that only its form knows, by the form's keys. The answer about an
    indicator is under the question's key and the indicator's place from 1: ``attainment@2``.
    """

    code: str
    position: int  # from 1, in the order of the document
    number: int
    title: str
    subtitle: str | None = None
    pillar: str | None = None
    purpose: str | None = None
    purpose_label: str | None = None  # 趣旨・目的 or 戦略
    outline: str | None = None
    target: str | None = None
    plan_unlabelled: str | None = None  # plan text that stands under no label
    activities: str | None = None
    activities_target: str | None = None  # this year's own target
    answers: Mapping[str, SheetAnswers] = field(default_factory=dict)  # by stage key
    indicators: tuple[SheetIndicator, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[str, ...] = ()  # 担当 as printed; it makes nobody an owner


# Where the sections that a document names are kept, one a line, among an initiative's details.
SECTIONS = "sections"

# The texts that every form may have, as a document has them; what else a form knows is in
# ``details``.
TEXTS = (
    "subtitle",
    "pillar",
    "purpose",
    "purpose_label",
    "outline",
    "target",
    "plan_unlabelled",
    "activities",
    "activities_target",
)
# The label is of the purpose's column, and has none of its own.
TEXT_COLUMNS = tuple(key for key in TEXTS if key != "purpose_label")


def with_texts(initiative: SheetInitiative, texts: Mapping[str, str]) -> SheetInitiative:
    """The initiative with texts by the keys of its form: columns of its own, or details."""
    columns: dict[str, Any] = {key: texts[key] for key in TEXT_COLUMNS if key in texts}
    details = {key: text for key, text in texts.items() if key not in TEXT_COLUMNS}
    return replace(initiative, **columns, details={**initiative.details, **details})


@dataclass(frozen=True)
class Fault:
    """Why a document is refused, at a row (from 1; 0 is the whole file) and a column, if known."""

    row: int
    column: str | None
    message: str

    def __str__(self) -> str:
        """「12行目 題名：題名がありません。…」."""
        place = " ".join(part for part in (self._row_words(), self.column) if part)
        return f"{place}：{self.message}" if place else self.message

    def _row_words(self) -> str:
        return f"{self.row}行目" if self.row else ""


@dataclass(frozen=True)
class Cell:
    """Where in a document something stands: the row from 1, and the column as the file calls it."""

    row: int
    column: str


@dataclass(frozen=True)
class SheetPlan:
    """A plan as a document has it. Ward and year are set only where the document states them.

    ``ward_cells`` and ``year_cells`` are where a table states them, for the faults found later;
    none where a heading does. ``faults`` are those of the whole document. A plan with any may lack
    what could not be read: it is there only so that all are told at once, and is never stored.
    """

    form: str
    plan: str | None  # 市政改革プラン3.0
    ward: str | None
    fiscal_year: int | None  # Gregorian year in which it begins
    initiatives: tuple[SheetInitiative, ...]
    year_hint: int | None = None  # what figures in the text suggest; decides nothing
    year_evidence: str | None = None
    warnings: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    ward_cells: tuple[Cell, ...] = field(default=(), compare=False)
    year_cells: tuple[Cell, ...] = field(default=(), compare=False)
    last_year: int | None = None  # of a plan for several years; None: the one year
    details: Mapping[str, str] = field(default_factory=dict)  # of the unit, by the form's keys
    answers: Mapping[str, SheetAnswers] = field(default_factory=dict)  # about the unit, by stage


def positions(printed: Sequence[SheetInitiative], stored: Mapping[str, int]) -> Mapping[str, int]:
    """Where the initiatives of a document stand in their plan, by code.

    ``stored`` are the places of those that are there. A document that has others than them, as
    the opinions of a year's second meeting are, goes below; one that has some of them in their
    order leaves them where they are. Else the document says the order.
    """
    own = {each.code: each.position for each in printed}
    others = [place for code, place in stored.items() if code not in own]
    known = [stored[code] for code in own if code in stored]
    if not others:
        return own
    if not known:
        return {code: max(others) + place for code, place in own.items()}
    if len(known) == len(own) and known == sorted(known):
        return {code: stored[code] for code in own}
    return own


class SheetRefused(Refused):
    """A document that cannot be imported: the reason, and every fault by row and as a line."""

    def __init__(self, faults: Iterable[Fault], reason: str) -> None:
        """Sort the faults by row; the reason alone is enough where the file is no plan at all."""
        self.reason = reason
        self.by_row = tuple(sorted(faults, key=lambda fault: fault.row))
        super().__init__(reason, [str(fault) for fault in self.by_row])


def target_warnings(initiatives: Sequence[SheetInitiative], item: str = ITEM) -> tuple[str, ...]:
    """A sentence for each initiative whose target is missing or still 「…で設定」.

    ``item`` is what the form calls them.
    """
    warned = ((initiative, _target_warning(initiative)) for initiative in initiatives)
    return tuple(
        f"{item}{initiative.code}「{initiative.title}」：{words}"
        for initiative, words in warned
        if words
    )


def _target_warning(initiative: SheetInitiative) -> str:
    targets = [text for text in (initiative.target, initiative.activities_target) if text]
    if not targets:
        return "目標がありません。計画を確かめてください。"
    found = next((match for text in targets if (match := _TO_BE_SET.search(text))), None)
    if found is None:
        return ""
    return (
        "目標に、まだ設定されていないもの(「…設定」)があります。決まったら取り込み直してください。"
    )
