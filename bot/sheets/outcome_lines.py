"""Lines and tables of a policy since FY2023, told by the words that the form prints.

Which words these are comes from the form: its fields, its questions and what it calls its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.form import Form, Kind, Question, Scope, Stage
from bot.domain.headings import distinct
from bot.sheets.folding import fold, fold_words
from bot.sheets.rows import Row

_BULLET = re.compile(r"^\s*(?:[①-⑳]|\(\s*\d{1,2}\s*\)|\d{1,2}\s*[.)]|[・○●◎■□◆])\s*")
_NUMBER = re.compile(r"^\s*(?:\(?\s*(\d{1,2})\s*[.)]|([①-⑳]))")
NAME, TARGET, RESULT, MARK = "name", "target", "result", "mark"


@dataclass(frozen=True)
class Words:
    """What a form's papers say, folded: labels of fields and questions by their keys."""

    item: re.Pattern[str]
    indicator: frozenset[str]
    fields: Mapping[str, str]  # folded label: key of a field of the item
    unit: Mapping[str, str]  # folded label: key of a field of the unit
    unit_answers: Mapping[str, str]  # folded label: key of a question about the unit
    mark: Question
    result: Question | None
    columns: Mapping[str, str]  # folded head of a table of indicators: one of the names above


def words_of(form: Form, stage: Stage) -> Words:
    """The words of a form whose stage asks about indicators. Raises ValueError when it does not."""
    asked = [q for q in stage.questions if q.scope is Scope.INDICATOR]
    mark = next((q for q in asked if q.kind is Kind.CHOICE), None)
    if mark is None:
        raise ValueError(form.key)
    result = next((q for q in asked if q.kind is Kind.TEXT), None)
    unit = [q for q in stage.questions if q.scope is Scope.UNIT and q.kind is Kind.TEXT]
    return Words(
        item=re.compile(rf"【?\s*{re.escape(fold_words(form.item))}\s*(\d{{1,2}})\s*"),
        indicator=_folded((form.indicator, "アウトカム指標", "指標", "成果指標")),
        fields=_by_label((f.key, f.headings) for f in form.plan_fields),
        unit=_by_label((f.key, f.headings) for f in form.unit_fields),
        unit_answers=_by_label((q.key, q.headings) for q in unit),
        mark=mark,
        result=result,
        columns=_columns(form, mark, result),
    )


def indicator_columns(row: Row, words: Words) -> dict[str, int]:
    """Where name, target, result and mark stand, if a row is the head of such a table."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        key = words.columns.get(fold_words(cell))
        if key is not None:
            found.setdefault(key, place)
    return found if NAME in found and len(found) > 1 else {}


def label_at(text: str, labels: Mapping[str, str]) -> tuple[str, str] | None:
    """The key of the label a line or cell opens with, and the text after it.

    The label ends with the cell, a colon or white space: 「今後の方針を決めた」 opens with none.
    """
    folded = fold(text)
    for label, key in sorted(labels.items(), key=lambda each: -len(each[0])):
        pattern = r"\s*".join(map(re.escape, label))
        match = re.match(rf"[\s◆■●○【<\[]*{pattern}\s*[】>\]]?(?:\s*:\s*|\s+|$)", folded.text)
        if match:
            return key, folded.cut(match.end())
    return None


def number_of(text: str) -> int | None:
    """The number that a line about an indicator begins with: 「①…」, 「(2)…」, 「3.…」."""
    match = _NUMBER.match(fold(text).text)
    if match is None:
        return None
    return int(match[1]) if match[1] else ord(match[2]) - ord("①") + 1


def without_bullet(text: str) -> str:
    """A line without the number or bullet that it begins with."""
    folded = fold(text)
    match = _BULLET.match(folded.text)
    return folded.cut(match.end()) if match else text.strip()


def _columns(form: Form, mark: Question, result: Question | None) -> dict[str, str]:
    named: list[tuple[str, Iterable[str]]] = [
        (NAME, (form.indicator, "アウトカム指標", "指標", "成果指標", "指標名")),
        (TARGET, ("目標", "目標値", "目標(値)")),
        (RESULT, (*(result.headings if result else ()), "実績", "実績値", "実績(値)")),
        (MARK, (*mark.headings, "達成状況", "定量評価", "達成状況(定量評価)", "評価")),
    ]
    return _by_label(named)


def _by_label(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for key, headings in named:
        for heading in distinct(headings):
            labels.setdefault(fold_words(heading), key)
    return labels


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold_words, words))
