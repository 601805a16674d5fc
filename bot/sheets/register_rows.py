"""One row of a register: an initiative with its indicators and answers, or the unit as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.plans import SheetAnswers, SheetIndicator, SheetInitiative, with_texts
from bot.sheets.folding import fold_words
from bot.sheets.printed_values import plan_value
from bot.sheets.register_answers import Cell, read_answers
from bot.sheets.register_columns import INDICATOR, INDICATOR_TARGET, UNIT, Columns

WHOLE_UNIT = "(全体)"

# 「3」「No.3」「取組項目3」, and where a form counts within what stands above: 「2-4-2」.
_NUMBER = re.compile(r"(?:\D{1,10}?)?(\d{1,4}(?:-\d{1,4}){0,5})(?:\.0+)?")
_PLAIN = re.compile(r"(?:no\.?|№|第)?")
_MOST_INDICATORS = 99


@dataclass(frozen=True)
class RegisterRow:
    """A row: ``cell`` gives what stands in a column, by its key; ``position`` counts from 1."""

    columns: Columns
    cell: Cell
    position: int = 0

    @property
    def code(self) -> str:
        """The number as it is stored, 「3」 or 「2-4-2」; empty when there is none to be read."""
        folded = fold_words(self.cell("number"))
        match = _NUMBER.fullmatch(folded)
        if match is None:
            return ""
        before = folded[: match.start(1)]
        words = (fold_words(self.columns.form.item), fold_words("取組項目"))
        if before not in words and not _PLAIN.fullmatch(before):
            return ""
        parts = [str(int(part)) for part in match[1].split("-")]
        return "" if parts == ["0"] else "-".join(parts)

    @property
    def indicators(self) -> tuple[SheetIndicator, ...]:
        """Those of the row, in the order of their columns; a place may be left empty."""
        places = range(1, _MOST_INDICATORS + 1)
        return tuple(
            SheetIndicator(name, self.cell(f"{INDICATOR_TARGET}{place}") or None)
            for place in places
            if (name := self.cell(f"{INDICATOR}{place}"))
        )


def is_whole_unit(row: RegisterRow) -> bool:
    """Whether a row is about the unit as a whole."""
    names = {WHOLE_UNIT, row.columns.form.printed.unit}
    return not row.cell("number") and fold_words(row.cell("title")) in map(fold_words, names)


def read_initiative(row: RegisterRow) -> SheetInitiative:
    """The initiative of a row."""
    form, indicators = row.columns.form, row.indicators
    answers, _ = read_answers(form, row.cell, indicators)
    initiative = SheetInitiative(
        code=row.code or "0",
        position=row.position,
        number=int(row.code) if row.code.isdigit() else row.position if row.code else 0,
        title=row.cell("title"),
        purpose_label=row.cell("purpose_label") or None,
        indicators=indicators,
        answers=answers,
    )
    texts = {each.key: text for each in form.plan_fields if (text := row.cell(each.key))}
    return with_texts(initiative, {key: plan_value(form, key, t) for key, t in texts.items()})


def read_unit(row: RegisterRow) -> tuple[dict[str, str], dict[str, SheetAnswers]]:
    """What a row says of the unit as a whole: texts by key, and answers by stage."""
    form = row.columns.form
    answers, _ = read_answers(form, row.cell, (), whole_unit=True)
    fields = form.unit_fields
    return {each.key: text for each in fields if (text := row.cell(f"{UNIT}{each.key}"))}, answers


def answer_faults(row: RegisterRow) -> Iterator[tuple[str, str]]:
    """The cells of a row that hold no answer of the form, as (column, what to do)."""
    whole = is_whole_unit(row)
    _, unread = read_answers(row.columns.form, row.cell, row.indicators, whole_unit=whole)
    for key, said in unread:
        words = f"「{said[:20]}」は、この質問の答えとして読めません。"
        yield key, f"{words}様式の選択肢の言葉で書くか、空にしてください。"


def register_value(initiative: SheetInitiative, key: str) -> str | int | None:
    """What stands in a column of an initiative's row."""
    if key == "number":
        return int(initiative.code) if initiative.code.isdigit() else initiative.code
    for kind, name in ((INDICATOR_TARGET, "target"), (INDICATOR, "name")):
        if key.startswith(kind):
            place = int(key.removeprefix(kind))
            below = initiative.indicators
            return getattr(below[place - 1], name) if place <= len(below) else None
    value: str | int | None = getattr(initiative, key, None)
    return value if isinstance(value, (str, int)) else initiative.details.get(key)
