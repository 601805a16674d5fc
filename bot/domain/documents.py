"""What a document of the official form holds, before it has pages: values only, texts as stored.

How it is laid out as a workbook, for Word or on paper is the business of bot.sheets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.calendar import era_year
from bot.domain.checkins import State
from bot.domain.form import Form, Stage
from bot.domain.plans import SheetAnswers, SheetInitiative

NO_ANSWERS = SheetAnswers()
_MARK, _LAYOUT = "kaikaku", 1  # the layout changes when its cells no longer stand as they did


class FormFormat(StrEnum):
    """The formats in which the official form goes out."""

    XLSX = "xlsx-form"
    DOCX = "docx"
    PDF = "pdf"

    @property
    def extension(self) -> str:
        """How the name of such a file ends: 「xlsx」."""
        return "xlsx" if self is FormFormat.XLSX else self.value


@dataclass(frozen=True)
class Past:
    """What an earlier year said: 「令和7年度 自己評価」「目標の達成状況」「② 目標未達成」."""

    occasion: str
    label: str
    text: str


@dataclass(frozen=True)
class DocumentItem:
    """One initiative as it is printed: plan and answers, by stage, under the form's keys.

    ``states`` has no key for a stage that was never asked. What is ``withheld`` (by stage key) is
    printed as 「(確認前)」: whoever reads the document may not see it yet.
    """

    initiative: SheetInitiative
    states: Mapping[str, State] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    past: tuple[Past, ...] = ()

    def answers(self, stage: str) -> SheetAnswers:
        """What is printed of a stage; nothing when there is no answer, or none to be seen."""
        if stage in self.withheld:
            return NO_ANSWERS
        return self.initiative.answers.get(stage, NO_ANSWERS)


@dataclass(frozen=True)
class FormDocument:
    """A unit's form of one year, filled in.

    ``stage`` is the round it is exported for: its totals stand on the cover. ``stages`` are the
    sections that are printed, all of the form's when there are none. ``unpublished`` is the line
    at the head of each page until the final export, ``footer`` that at its foot after it.
    """

    form: Form
    ward: str
    fiscal_year: int
    plan: str | None
    items: tuple[DocumentItem, ...]
    stage: str
    stages: tuple[str, ...] = ()
    last_year: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)  # of the unit
    answers: Mapping[str, SheetAnswers] = field(default_factory=dict)  # about the unit, by stage
    withheld: frozenset[str] = frozenset()  # stages whose answers about the unit are not shown
    unpublished: str | None = None  # 「【未公表】令和8年10月1日 15:00現在の案」
    footer: str = ""  # 「令和8年度 あおぞら区 令和8年10月5日公表」
    notes: tuple[str, ...] = ()  # further lines of the cover: 決裁番号, 掲載先
    confirmed: bool = True  # False: nobody is to confirm an answer

    @property
    def title(self) -> str:
        """「「あおぞら改革プラン5.0」に基づく取組等」."""
        return self.form.printed.title_of(self.plan) if self.plan else self.form.name

    @property
    def awaits(self) -> bool:
        """Whether an answer that is in still waits to be confirmed: not once it is published."""
        return self.confirmed and self.unpublished is not None

    @property
    def years(self) -> str:
        """「令和8年度」, or 「令和8年度～令和10年度」 of a plan for several years."""
        first = era_year(self.fiscal_year)
        if self.last_year is None or self.last_year <= self.fiscal_year:
            return first
        return f"{first}～{era_year(self.last_year)}"

    @property
    def heading(self) -> str:
        """The line at the top: year, ward and title, each once."""
        parts = [part for part in (self.years, self.ward) if part not in self.title]
        return "　".join([*parts, self.title])

    @property
    def printed_stages(self) -> tuple[Stage, ...]:
        """The stages whose sections are printed, in the form's order."""
        return tuple(
            stage for stage in self.form.stages if not self.stages or stage.key in self.stages
        )

    def unit_answers(self, stage: str) -> SheetAnswers:
        """What is printed of a stage about the unit as a whole."""
        return NO_ANSWERS if stage in self.withheld else self.answers.get(stage, NO_ANSWERS)

    @property
    def mark(self) -> str:
        """Says in the file's properties whose form of which key it is: 「kaikaku/youshiki3/1」."""
        return f"{_MARK}/{self.form.key}/{_LAYOUT}"


@dataclass(frozen=True)
class Listing:
    """A table on pages of its own: the summary across units, or 公表後の修正一覧(正誤表).

    ``widths`` are shares of the page. ``lines`` stand between title and table.
    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    lines: tuple[str, ...] = ()
    unpublished: str | None = None
    footer: str = ""

    @property
    def heading(self) -> str:
        """The line at the top."""
        return self.title

    @property
    def mark(self) -> str:
        """A list is no form, and not to be imported."""
        return f"{_MARK}/list/{_LAYOUT}"


Document = FormDocument | Listing


def form_of_mark(keywords: str) -> str | None:
    """The key of the form that kaikaku wrote into a file, by the keywords of its properties."""
    found = re.search(rf"{_MARK}/([\w-]+)/\d+", keywords)
    return found[1] if found else None
