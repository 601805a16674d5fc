"""A ward's policy since FY2023 as a document has it: 経営課題 with アウトカム指標 and their marks.

Indicators stand in a table, or a line each; their results and marks in the same table, or in
lines of their own under 「アウトカム指標の達成状況(定量評価)」. What is said of the whole ward
stands once, below all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.form import Form
from bot.domain.forms.form_files import built_in
from bot.domain.plans import (
    Fault,
    SheetAnswers,
    SheetIndicator,
    SheetInitiative,
    SheetPlan,
    SheetRefused,
    with_texts,
)
from bot.sheets.folding import fold_words
from bot.sheets.headings import read_heading
from bot.sheets.outcome_indicators import IndicatorNote, Indicators
from bot.sheets.outcome_lines import Words, indicator_columns, label_at, words_of
from bot.sheets.outcome_marks import is_legend
from bot.sheets.rows import Row, rows_of

_NAME = re.compile(r"\S*運営方針")
_LONGEST_HEADING = 120
_NUMBER = re.compile(r"\d{1,2}")


@dataclass
class _Issue:
    """One 経営課題 while it is read."""

    line: int
    number: int
    title: str
    texts: dict[str, list[str]] = field(default_factory=dict)
    indicators: Indicators = field(default_factory=Indicators)


@dataclass
class _Reading:
    """Where a reader stands: in which issue, below which label, in which table."""

    words: Words
    issues: list[_Issue] = field(default_factory=list)
    unit: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    below: list[str] | None = None  # where the text of running lines goes
    of_indicators: bool = False
    columns: dict[str, int] = field(default_factory=dict)
    stray: list[Row] = field(default_factory=list)


def is_outcome(rows: Sequence[Row], form: Form) -> bool:
    """Whether a document is such a policy: it has 経営課題 with アウトカム指標."""
    words = words_of(form, form.stages[-1])
    if not any(_item(row, words) is not None for row in rows):
        return False
    short = (cell for row in rows for cell in row.cells if len(cell) <= _LONGEST_HEADING)
    indicator = fold_words(form.indicator)
    return any(indicator in fold_words(cell) for cell in short)


def read_outcome_text(text: str) -> SheetPlan:
    """Read a whole policy as text. Raises SheetRefused when it is none."""
    return read_outcome(rows_of(text), built_in("outcome"))


def read_outcome(rows: Sequence[Row], form: Form) -> SheetPlan:
    """Read a whole policy, with every fault in it. Raises SheetRefused when it is none."""
    if not is_outcome(rows, form):
        words = f"「{form.item}1」のような見出しと「{form.indicator}」の欄がありません。"
        raise SheetRefused((), f"{form.name}の表を確かめてください。{words}")
    reading = _Reading(words_of(form, form.stages[-1]))
    title = next((row for row in rows if "運営方針" in row.text), None)
    for row in rows:
        if row is not title:
            _read(reading, row)
    return _plan(reading, form, title)


def _read(reading: _Reading, row: Row) -> None:
    item = _item(row, reading.words)
    if item is not None:
        reading.issues.append(_Issue(row.number, *item))
        _leave(reading)
        return
    columns = indicator_columns(row, reading.words)
    if columns and reading.issues:
        _leave(reading)
        reading.columns = columns
    elif reading.columns and _goes_on(row) and not _is_label(reading.words, row):
        reading.issues[-1].indicators.add_row(row, reading.columns, reading.words)
    elif not is_legend(row.text, reading.words.mark):
        _read_line(reading, row)


def _goes_on(row: Row) -> bool:
    """Whether a row may belong to the table above it: workbooks cut off empty cells."""
    return row.in_table or not (row.after_blank or row.text.endswith("。"))


def _is_label(words: Words, row: Row) -> bool:
    """Whether a row within a table begins with a label of the form, which ends the table."""
    labels = {**words.fields, **words.unit, **words.unit_answers}
    first = next((cell for cell in row.cells if cell), "")
    return fold_words(first) in labels or is_legend(row.text, words.mark)


def _read_line(reading: _Reading, row: Row) -> None:
    """A label with its text, a line about an indicator, or running text below a label."""
    reading.columns = {}
    cells = [cell for cell in row.cells if cell]
    place = _place(reading, " ".join(cells[:1]) if row.in_table else row.text)
    if place is not None:
        rest = [text for text in (place, *cells[1:]) if text]
        if not reading.of_indicators:
            (reading.below if reading.below is not None else []).extend(rest)
            return
        cells = rest
    if reading.of_indicators and reading.issues:
        for cell in cells:
            reading.issues[-1].indicators.add_line(row.number, cell, reading.words)
    elif reading.below is not None:
        reading.below.append(row.text)
    elif reading.issues:
        reading.stray.append(row)


def _place(reading: _Reading, text: str) -> str | None:
    """Go below the label that a text opens with; the rest of it, None where it opens with none."""
    words = reading.words
    shelves = [(words.unit_answers, reading.answers), (words.unit, reading.unit)]
    if reading.issues:
        shelves.append((words.fields, reading.issues[-1].texts))
    for labels, texts in shelves:
        found = label_at(text, labels)
        if found is not None:
            reading.below, reading.of_indicators = texts.setdefault(found[0], []), False
            return found[1]
    headings = dict.fromkeys((*words.indicator, *map(fold_words, words.mark.headings)), "")
    found = label_at(text, headings)
    if found is None:
        return None
    reading.below, reading.of_indicators = None, True
    return found[1]


def _leave(reading: _Reading) -> None:
    reading.below, reading.of_indicators, reading.columns = None, False, {}


def _item(row: Row, words: Words) -> tuple[int, str] | None:
    """Number and title of the issue that a line opens."""
    too_long = len(row.text) > _LONGEST_HEADING or row.text.endswith("。")
    if too_long or sum(map(bool, row.cells)) > 2:
        return None
    match = words.item.match(fold_words(row.text))
    if match is None:
        return None
    number = _NUMBER.search(row.text)
    rest = row.text[number.end() :] if number else ""
    return int(match[1]), rest.strip(" 　【】:：\t")


def _plan(reading: _Reading, form: Form, title: Row | None) -> SheetPlan:
    heading = read_heading([title] if title else [])
    name = _NAME.search(title.text) if title else None
    answers = {key: "\n".join(lines) for key, lines in reading.answers.items() if lines}
    return SheetPlan(
        form=form.key,
        plan=name[0] if name else None,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=heading.fiscal_years[0] if len(heading.fiscal_years) == 1 else None,
        initiatives=tuple(
            _initiative(each, position, reading.words, form)
            for position, each in enumerate(reading.issues, start=1)
        ),
        warnings=tuple(_warnings(reading)),
        faults=tuple(_faults(reading)),
        details={key: "\n".join(lines) for key, lines in reading.unit.items() if lines},
        answers={form.stages[-1].key: SheetAnswers(answers)},
    )


def _initiative(issue: _Issue, position: int, words: Words, form: Form) -> SheetInitiative:
    texts = {key: "\n".join(lines) for key, lines in issue.texts.items() if lines}
    notes = issue.indicators.notes
    initiative = SheetInitiative(
        code=str(issue.number),
        position=position,
        number=issue.number,
        title=issue.title,
        indicators=tuple(SheetIndicator(note.name, note.target) for note in notes),
        answers={form.stages[-1].key: _answers(notes, words)},
    )
    return with_texts(initiative, texts)


def _answers(notes: Sequence[IndicatorNote], words: Words) -> SheetAnswers:
    values: dict[str, str] = {}
    lost: set[str] = set()
    answered = any(note.option or note.result or note.lost for note in notes)
    for place, note in enumerate(notes, start=1):
        mark = f"{words.mark.key}@{place}"
        if note.option:
            values[mark] = note.option
        elif note.lost or (answered and note.result):
            lost.add(mark)
        if note.result and words.result:
            values[f"{words.result.key}@{place}"] = note.result
    return SheetAnswers(values, frozenset(lost))


def _faults(reading: _Reading) -> Iterator[Fault]:
    seen: set[int] = set()
    for issue in reading.issues:
        if issue.number in seen:
            said = f"経営課題{issue.number}が2回あります。番号を確かめてください。"
            yield Fault(issue.line, "番号", said)
        seen.add(issue.number)
        if not issue.title:
            said = f"経営課題{issue.number}の題名がありません。番号のあとに書いてください。"
            yield Fault(issue.line, "題名", said)
        for line, text in issue.indicators.unplaced:
            said = f"どの指標のことか分かりません({text[:30]})。"
            yield Fault(line, "アウトカム指標", f"{said}指標の名前か番号を書き加えてください。")


def _warnings(reading: _Reading) -> Iterator[str]:
    for issue in reading.issues:
        if not issue.indicators.notes:
            yield f"経営課題{issue.number}「{issue.title}」：アウトカム指標がありません。"
        for note in issue.indicators.notes:
            if not note.target:
                yield (
                    f"経営課題{issue.number}の指標「{note.name[:30]}」：目標がありません。"
                    "計画を確かめてください。"
                )
    for row in reading.stray:
        yield f"{row.number}行目：どの欄の文か分からないため、取り込みません({row.text[:40]})。"
