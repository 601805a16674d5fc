"""The answers of one stage as the form prints them: marks in their cells, legends, texts, 「—」."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.answers import is_required
from bot.domain.fields import Field
from bot.domain.form import Form, Kind, Option, Stage
from bot.domain.grades import grades_words
from bot.domain.plans import SheetAnswers

UNREADABLE = "判読不可"
WITHHELD = "(確認前)"


@dataclass(frozen=True)
class Part:
    """One row of a half: a heading, a text alone or with its label, or a mark with its legend."""

    label: str = ""
    text: str = ""
    mark: str | None = None
    legend: str = ""
    is_heading: bool = False
    is_blank: bool = False

    @classmethod
    def heading(cls, text: str) -> Part:
        """Words above the text that they name."""
        return cls(text=text, is_heading=True)

    @classmethod
    def labelled(cls, label: str, text: str) -> Part:
        """A text with its label before it."""
        return cls(label=label, text=text)

    @classmethod
    def text_only(cls, text: str) -> Part:
        """A text under the heading above it."""
        return cls(text=text)

    @classmethod
    def blank(cls) -> Part:
        """Nothing; the box above goes on."""
        return cls(is_blank=True)


@dataclass(frozen=True)
class Shown:
    """What a stage asks of one thing, and what of the answers may be shown."""

    form: Form
    fields: tuple[Field, ...]
    answers: SheetAnswers
    withheld: bool


def answer_parts(stage: Stage, shown: Shown) -> tuple[list[Part], list[Part]]:
    """The left and the right half of a section: 課題と改善策 stands to the right of the marks."""
    explains = [stage.explanation_of(question) for question in stage.questions]
    left: list[Part] = []
    right: list[Part] = []
    for field in shown.fields:
        half = right if field.question in explains else left
        half += _parts(field, shown)
    return left, right


def mark_words(option: Option) -> str:
    """What stands in the cell of a mark: 「②」, or 「対象外」 for an option without a mark."""
    return option.mark or option.text.partition("(")[0]


def heading_of(field: Field, form: Form) -> str:
    """「目標の達成見込み」, or 「アウトカム指標2　実績」 for a question about an indicator."""
    question = field.question
    name = f"{question.heading} {question.note}".strip()
    return f"{form.indicator}{field.about}　{name}" if field.about else name


def _parts(field: Field, shown: Shown) -> list[Part]:
    heading = heading_of(field, shown.form)
    if field.question.kind is Kind.CHOICE:
        legend = "\n".join(option.label for option in field.question.legend)
        return [Part(label=heading, mark=_mark(field, shown), legend=legend)]
    text = _text(field, shown)
    if field.question.kind is Kind.TEXT:
        return [Part.heading(heading), Part.text_only(text)]
    if field.question.kind is Kind.GRADES:
        return [Part.labelled(heading, text)]
    return [Part.labelled(heading, text)] if text else []  # 暫定 and its date: where there is one


def _mark(field: Field, shown: Shown) -> str:
    if shown.withheld:
        return WITHHELD
    if field.key in shown.answers.unreadable:
        return UNREADABLE
    option = field.question.option(shown.answers.values.get(field.key))
    return mark_words(option) if option else _nothing(field, shown)


def _text(field: Field, shown: Shown) -> str:
    text = shown.answers.values.get(field.key, "")
    if field.question.kind in (Kind.TEXT, Kind.GRADES):
        if shown.withheld:
            return WITHHELD
        if field.key in shown.answers.unreadable:
            return UNREADABLE
        if not text:
            return _nothing(field, shown)
    if field.question.kind is Kind.GRADES:
        return grades_words(field.question, text)
    if field.question.kind is Kind.DATE and text:
        return _day(text)
    option = field.question.option(text)
    return option.text if option else text


def _nothing(field: Field, shown: Shown) -> str:
    """「—」 where a stage is answered and nothing was needed here, "" where something is."""
    values = shown.answers.values
    if not values or is_required(field, shown.fields, values):
        return ""
    return shown.form.printed.nothing


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
