"""Printed words as values again: 「②」 is an option, 「—」 nothing, 「1,200千円」 a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.calendar import parse_day
from bot.domain.fields import Field
from bot.domain.form import Form, Kind, Question
from bot.domain.grades import grades_text, read_grades
from bot.domain.plans import SECTIONS, TEXT_COLUMNS, SheetAnswers, SheetIndicator, SheetInitiative
from bot.sheets.folding import fold, fold_words
from bot.sheets.form_answers import UNREADABLE, WITHHELD, mark_words
from bot.sheets.headings import split_pillar
from bot.sheets.labels import mark_key
from bot.sheets.printed_labels import indicator_key
from bot.sheets.vision_tables import IN_CHARGE

_COUNT = re.compile(r"(\d+)人")
_MONEY = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:千円)?")
_PURPOSES = frozenset({"趣旨・目的", "戦略"})  # the two that 様式3 is printed with


def initiative_of(
    form: Form,
    *,
    code: str,
    position: int,
    title: str,
    subtitle: str,
    texts: Mapping[str, str],
    labels: Mapping[str, str],
    answers: Mapping[str, SheetAnswers],
) -> SheetInitiative:
    """An item from what stands under its labels; ``labels`` are those labels as printed."""
    said = {key: plan_value(form, key, text.strip()) for key, text in texts.items()}
    said = {key: text for key, text in said.items() if text}
    named, pillar = split_pillar(title)
    columns = {key: said.pop(key, None) for key in TEXT_COLUMNS}
    columns["subtitle"] = subtitle.strip() or columns["subtitle"]
    columns["pillar"] = columns["pillar"] or pillar
    sections = (said.pop(SECTIONS, None) or said.get(IN_CHARGE) or "").split("\n")
    indicators = _indicators(said)
    return SheetInitiative(
        code=code,
        position=position,
        number=int(code) if code.isdecimal() else position,
        title=named if columns["pillar"] == pillar else title,
        purpose_label=_purpose_label(labels),
        answers=answers,
        indicators=indicators,
        details={key: text for key, text in said.items() if indicator_key(key) is None},
        sections=tuple(filter(None, sections)),
        **columns,
    )


def _purpose_label(labels: Mapping[str, str]) -> str | None:
    label = labels.get("purpose", "").strip("()（） ")
    return label if label in _PURPOSES else None


def answers_of(form: Form, fields: Mapping[str, Field], printed: Mapping[str, str]) -> SheetAnswers:
    """The answers of a stage from its printed texts and marks, by their keys."""
    values: dict[str, str] = {}
    unreadable: set[str] = set()
    for key, written in printed.items():
        text = written.strip()
        if text in ("", WITHHELD) or fold_words(text) == fold_words(form.printed.nothing):
            continue
        value = _value(fields[key].question, text)
        if value is None:
            unreadable.add(key)
        else:
            values[key] = value
    return SheetAnswers(values, frozenset(unreadable))


def _value(question: Question, text: str) -> str | None:
    """The answer that a text stands for; None when it can't be told."""
    if text == UNREADABLE:
        return None
    if question.kind is Kind.TEXT:
        return text
    if question.kind is Kind.DATE:
        day = parse_day(text)
        return day.isoformat() if day else None
    if question.kind is Kind.GRADES:
        return _grades(question, text)
    words = fold_words(text)
    for option in question.options:
        if words in (fold_words(mark_words(option)), fold_words(option.text)):
            return option.key
    return mark_key(question, fold(text).text)


def _grades(question: Question, text: str) -> str | None:
    """The counts of 「平均3.2(9人：4 3人、3 5人、…)」, or typed by themselves."""
    spread = text.partition("：")[2]
    counts = read_grades(question, " ".join(_COUNT.findall(spread)) if spread else text)
    return grades_text(counts) if counts else None


def plan_value(form: Form, key: str, text: str) -> str:
    """A plan's text as it is stored: an amount in 千円 as its digits."""
    field = form.plan_field(key)
    amount = _MONEY.fullmatch(fold_words(text)) if field and field.money else None
    return amount[1].replace(",", "") if amount else text


def _indicators(texts: Mapping[str, str]) -> tuple[SheetIndicator, ...]:
    found: dict[int, dict[str, str]] = {}
    for key, text in texts.items():
        place = indicator_key(key)
        if place:
            found.setdefault(place[0], {})[place[1]] = text
    return tuple(
        SheetIndicator(parts.get("name", ""), parts.get("target"))
        for _, parts in sorted(found.items())
    )
