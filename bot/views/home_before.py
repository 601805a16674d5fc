"""What was answered last time about an item, beside what is answered this time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.answers import Answers
from bot.domain.calendar import era_year
from bot.domain.form import Kind, Stage
from bot.domain.status import ItemStatus
from bot.views.blocks import Json, context, section
from bot.views.home_pages import beside
from bot.views.text import cut, escape
from bot.views.unit_rows import explaining_texts
from bot.views.words import SLASH, STATES, marks, values_of

GLANCE = 200  # characters of a text where many stand on one screen
_ESCAPED = 1800  # of a section's field


@dataclass(frozen=True)
class Before:
    """The answer at the occasion before, of the same or an earlier fiscal year."""

    year: int
    stage: Stage
    answers: Answers = field(default_factory=dict)

    @property
    def title(self) -> str:
        """「令和7年度 自己評価」."""
        return f"{era_year(self.year)} {self.stage.title}"


BeforeByItem = Mapping[int, Before]


def was_unfavourable(before: Before) -> bool:
    """Whether last time's mark was one to be explained: ②."""
    return any(
        option is not None and option.unfavourable
        for question in before.stage.questions
        if question.kind is Kind.CHOICE
        for option in map(question.option, values_of(question, before.answers))
    )


def then_and_now(stage: Stage, item: ItemStatus, before: Before, *, most: int = GLANCE) -> Json:
    """Last time's marks and text on the left, this time's on the right."""
    left = _said(f"*前回({before.title})*", before.stage, before.answers, most)
    return beside(left, _now(stage, item, most))


def only_now(stage: Stage, item: ItemStatus, *, most: int = GLANCE) -> Json:
    """This time's mark and text, where there was no last time."""
    return section(_now(stage, item, most))


def last_time(before: Before, *, most: int = GLANCE) -> Json:
    """Last time in small print, below an item that is still to be answered."""
    shown = (marks(before.stage, before.answers), _text(before.stage, before.answers, most))
    said = SLASH.join(part for part in shown if part)
    return context(f"前回({before.title})　{said}")


def _now(stage: Stage, item: ItemStatus, most: int) -> str:
    if item.outstanding:
        return f"*今回({stage.title})*\n{STATES[item.state]}"
    return _said(f"*今回({stage.title})*", stage, item.answers, most)


def _said(heading: str, stage: Stage, answers: Answers, most: int) -> str:
    parts = (marks(stage, answers), _text(stage, answers, most))
    return "\n".join([heading, *(part for part in parts if part)])


def _text(stage: Stage, answers: Answers, most: int) -> str:
    """課題と改善策, where the mark asked for it."""
    found = explaining_texts(stage, answers)
    return escape(cut("\n".join(text.strip() for _, text in found), most), _ESCAPED)
