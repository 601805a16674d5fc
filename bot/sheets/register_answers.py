"""Answers in a register, in the words of an export: marks, texts, 暫定, marks that were lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import YES
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Kind, Question, Scope, Stage
from bot.domain.grades import grades_text, read_grades
from bot.domain.plans import SheetAnswers, SheetIndicator
from bot.sheets.folding import fold_words
from bot.sheets.labels import mark_key
from bot.sheets.register_columns import ANSWER

_WHOSE = "?"  # an answer about an indicator that it does not name
UNREADABLE = "判読不能"
PROVISIONAL = "暫定"

_COUNT = re.compile(r"(\d+)\s*人(?=[、,)）]|$)")

Cell = Callable[[str], str]  # what stands in a column, by its key


def read_answers(
    form: Form, cell: Cell, indicators: Sequence[SheetIndicator], *, whole_unit: bool = False
) -> tuple[dict[str, SheetAnswers], list[tuple[str, str]]]:
    """The answers of a row by stage, and the cells that can't be read: (column, what it says)."""
    found: dict[str, SheetAnswers] = {}
    unread: list[tuple[str, str]] = []
    below = [Indicator(str(place), each.name) for place, each in enumerate(indicators, start=1)]
    for stage in form.stages:
        scope = Scope.UNIT if whole_unit else Scope.INITIATIVE
        values: dict[str, str] = {}
        lost: set[str] = set()
        for each, said in _said(stage, fields_of(stage, scope, below), cell):
            if fold_words(said) == fold_words(form.printed.nothing):
                continue  # 「—」 is printed where nothing is needed
            value = _value(each.question, said) if each.about != _WHOSE else None
            if said == UNREADABLE and each.about != _WHOSE:
                lost.add(each.key)
            elif value is None:
                unread.append((f"{ANSWER}{stage.key}:{each.question.key}", said))
            else:
                values[each.key] = value
        if values or lost:
            found[stage.key] = SheetAnswers(values, frozenset(lost))
    return found, unread


def _said(stage: Stage, fields: Sequence[Field], cell: Cell) -> Iterator[tuple[Field, str]]:
    """What a row says to each question; that about indicators has a line for each in one cell."""
    for question in stage.questions:
        own = [each for each in fields if each.question is question]
        text = cell(f"{ANSWER}{stage.key}:{question.key}").strip()
        if own and text:
            parts = _by_name(text, own) if own[0].about else {own[0].key: text}
            yield from ((each, parts[each.key]) for each in own if parts.get(each.key))
            if parts.get(""):
                yield replace(own[0], about=_WHOSE), text


def _by_name(text: str, fields: Sequence[Field]) -> Mapping[str, str]:
    """「参加者：212人」 and the lines below it, by the key of what is asked of that indicator.

    Of one alone the name may be missing; of several what has none stands under "".
    """
    lines: list[str] = []
    found = {"": lines}
    for line in text.split("\n"):
        for each in fields:
            if each.key not in found and line.startswith(f"{each.name}："):
                lines = found.setdefault(each.key, [])
                line = line.removeprefix(f"{each.name}：")  # noqa: PLW2901 - what is left of it
                break
        lines.append(line)
    if len(fields) == 1 and fields[0].key not in found:
        found[fields[0].key] = found.pop("")
    return {key: "\n".join(parts).strip() for key, parts in found.items()}


def _value(question: Question, said: str) -> str | None:
    """The answer as it is stored; None where the form has no such answer."""
    match question.kind:
        case Kind.TEXT:
            return said
        case Kind.CHOICE:
            return mark_key(question, fold_words(said))
        case Kind.FLAG:
            ticked = said == PROVISIONAL or mark_key(question, fold_words(said)) == YES
            return YES if ticked else None
        case Kind.DATE:
            return said if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said) else None
        case Kind.GRADES:
            counts = read_grades(question, said) or read_grades(question, _counts(said))
            return grades_text(counts) if counts else None


def _counts(said: str) -> str:
    """「平均3.2(9人：4 3人、3 5人)」 as its counts alone."""
    return "、".join(_COUNT.findall(said.partition("：")[2]))
