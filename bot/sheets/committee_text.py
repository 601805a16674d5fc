"""What a ward's committee (区政会議) said, and what became of it: a table with one opinion a row.

Which columns there are, and which words stand for 反映した or 反映していない, is the form's
business. Names of members are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.form import Form, Kind, Question, Scope, Stage
from bot.domain.forms.form_files import built_in
from bot.domain.grades import grades_text
from bot.domain.headings import distinct
from bot.domain.plans import (
    Fault,
    SheetAnswers,
    SheetInitiative,
    SheetPlan,
    SheetRefused,
    with_texts,
)
from bot.sheets.committee_marks import Ratings, option_in, read_ratings
from bot.sheets.folding import fold_words
from bot.sheets.headings import read_heading
from bot.sheets.rows import Row, rows_of

_NUMBER, _OPINION, _MEETING = "number", "opinion", "meeting"
_NUMBERS = ("番号", "No", "No.", "№", "項番")
_MEMBERS = frozenset(map(fold_words, ("委員", "委員名", "発言者", "発言者名", "氏名", "お名前")))
_LONGEST_TITLE = 40
_LONGEST_HEAD = 40
_WHICH = re.compile(r"第(\d{1,2})回")
_WHEN = re.compile(r"(?:令和|平成)?(?:\d{1,4}|元)年度\s*|第\s*\d{1,2}\s*回\s*")
_DIGITS = re.compile(r"\d{1,4}")


@dataclass(frozen=True)
class _Table:
    """The table of opinions: where each column is, and the rows below."""

    head: Row
    columns: dict[str, int]
    rows: tuple[Row, ...]

    def text(self, row: Row, key: str) -> str:
        """What stands in a column; empty where the row ends before it."""
        place = self.columns.get(key)
        return row.cells[place] if place is not None and place < len(row.cells) else ""


def is_committee(rows: Sequence[Row], form: Form) -> bool:
    """Whether a document is such a list: a table with opinions and what became of them."""
    heads = _heads(form)
    return any(_columns(row, heads) for row in rows)


def read_committee_text(text: str) -> SheetPlan:
    """Read a whole list as text. Raises SheetRefused when it is none."""
    return read_committee(rows_of(text), built_in("committee"))


def read_committee(rows: Sequence[Row], form: Form) -> SheetPlan:
    """Read a whole list, with every fault in it. Raises SheetRefused when it is none."""
    table = _table(rows, form)
    if table is None or not table.rows:
        words = "区政会議の意見の表がありません。「意見」と「反映の有無」の列を作ってください。"
        raise SheetRefused((), words)
    stage = form.stages[-1]
    rating = next((q for q in stage.questions if q.kind is Kind.GRADES), None)
    ratings = read_ratings(rows, rating) if rating else Ratings()
    title = next((row for row in rows if _is_title(row)), None)
    heading = read_heading([title] if title else [])
    meeting = _meeting(title.text if title else "")
    return SheetPlan(
        form=form.key,
        plan=_WHEN.sub("", title.text).strip() if title else None,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=heading.fiscal_years[0] if len(heading.fiscal_years) == 1 else None,
        initiatives=tuple(_initiatives(table, form, meeting)),
        warnings=tuple(_warnings(table, stage, ratings)),
        faults=tuple(_faults(table, stage)),
        answers={stage.key: _unit_answers(stage, ratings)},
    )


def _is_title(row: Row) -> bool:
    return "区政会議" in row.text and not any(row.cells[1:]) and not row.text.endswith("。")


def _table(rows: Sequence[Row], form: Form) -> _Table | None:
    heads = _heads(form)
    for index, row in enumerate(rows):
        columns = _columns(row, heads)
        if columns:
            below = _below(rows[index + 1 :], heads)
            return _Table(row, columns, below)
    return None


def _below(rows: Sequence[Row], heads: _Heads) -> tuple[Row, ...]:
    """The rows of the table, over page breaks and repeated heads, up to what is no table."""
    found: list[Row] = []
    for row in rows:
        if not any(row.cells[1:]):
            break
        if not _columns(row, heads):
            found.append(row)
    return tuple(found)


@dataclass(frozen=True)
class _Heads:
    """The folded words at the head of each column with its key, and the two that must be there."""

    keys: Mapping[str, str]
    needed: frozenset[str]


def _heads(form: Form) -> _Heads:
    own = [q for q in form.stages[-1].questions if q.scope is Scope.INITIATIVE]
    named: dict[str, tuple[str, ...]] = {
        _NUMBER: _NUMBERS,
        **{field.key: field.headings for field in form.plan_fields},
        **{question.key: question.headings for question in own},
    }
    keys: dict[str, str] = {}
    for key, names in named.items():
        for name in names:
            keys.setdefault(fold_words(name), key)
    choice = next((q.key for q in own if q.kind is Kind.CHOICE), "")
    return _Heads(keys, frozenset({_OPINION, choice}))


def _columns(row: Row, heads: _Heads) -> dict[str, int]:
    """Where each column stands, if a row is the head of the table; else nothing."""
    if sum(map(bool, row.cells)) < len(heads.needed):
        return {}
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        if cell and len(cell) <= _LONGEST_HEAD and (key := heads.keys.get(fold_words(cell))):
            found.setdefault(key, place)
    return found if heads.needed <= found.keys() else {}


def _meeting(title: str) -> int | None:
    """The number of the meeting: a year has several, each of which counts its opinions from 1."""
    match = _WHICH.search(fold_words(title))
    return int(match[1]) if match else None


def _initiatives(table: _Table, form: Form, meeting: int | None) -> Iterator[SheetInitiative]:
    stage = form.stages[-1]
    for place, row in enumerate(table.rows, start=1):
        texts = {f.key: text for f in form.plan_fields if (text := table.text(row, f.key))}
        if meeting:
            texts.setdefault(_MEETING, f"第{meeting}回")
        number = _number(table, row) or place
        initiative = SheetInitiative(
            code=f"{meeting}-{number}" if meeting else str(number),
            position=place,
            number=number,
            title=_title(texts.get(_OPINION, "")),
            answers={stage.key: _answers(table, row, stage)},
        )
        yield with_texts(initiative, texts)


def _title(opinion: str) -> str:
    """The opinion's first sentence, cut where it is long: opinions have no title of their own."""
    one_line = re.sub(r"\s*\n\s*", "", opinion.strip())  # paper breaks words at its margin
    first = re.split(r"(?<=[。？！])", one_line, maxsplit=1)[0].rstrip("。")
    return first if len(first) <= _LONGEST_TITLE else f"{first[: _LONGEST_TITLE - 1]}…"


def _number(table: _Table, row: Row) -> int | None:
    match = _DIGITS.search(fold_words(table.text(row, _NUMBER)))
    return int(match[0]) if match else None


def _answers(table: _Table, row: Row, stage: Stage) -> SheetAnswers:
    values: dict[str, str] = {}
    lost: set[str] = set()
    for question in stage.questions:
        written = table.text(row, question.key)
        if question.scope is not Scope.INITIATIVE or not written.strip("-‐－—―–ー 　"):
            continue
        if question.kind is not Kind.CHOICE:
            values[question.key] = written
            continue
        option, rest = option_in(written, question)
        if option is None:
            lost.add(question.key)
            continue
        values[question.key] = option
        explanation = stage.explanation_of(question)
        if rest and explanation:
            values.setdefault(explanation.key, rest)
    return SheetAnswers(values, frozenset(lost))


def _unit_answers(stage: Stage, ratings: Ratings) -> SheetAnswers:
    values: dict[str, str] = {}
    for question in stage.questions:
        if question.scope is not Scope.UNIT:
            continue
        if question.kind is Kind.GRADES and ratings.counts:
            values[question.key] = grades_text(ratings.counts)
        elif question.kind is Kind.TEXT and ratings.words:
            values[question.key] = ratings.words
    return SheetAnswers(values)


def _faults(table: _Table, stage: Stage) -> Iterator[Fault]:
    seen: dict[int, int] = {}
    for row in table.rows:
        if not table.text(row, _OPINION):
            said = "意見の内容がありません。書き入れてください。"
            yield Fault(row.number, "意見の内容", said)
        number = _number(table, row)
        if number in seen:
            said = f"番号{number}は{seen[number]}行目にもあります。番号を確かめてください。"
            yield Fault(row.number, "番号", said)
        elif number is not None:
            seen[number] = row.number
        elif any(_number(table, each) for each in table.rows):
            yield Fault(row.number, "番号", "番号がありません。書き入れてください。")
        yield from _option_faults(table, row, stage)


def _option_faults(table: _Table, row: Row, stage: Stage) -> Iterator[Fault]:
    for question in _choices(stage):
        written = table.text(row, question.key)
        if written.strip("-‐－—―–ー 　") and option_in(written, question)[0] is None:
            known = "、".join(distinct(option.text for option in question.options))
            said = f"「{written[:20]}」が読めません。{known}のどれかを書いてください。"
            yield Fault(row.number, question.heading, said)


def _warnings(table: _Table, stage: Stage, ratings: Ratings) -> Iterator[str]:
    if any(fold_words(cell) in _MEMBERS for cell in table.head.cells):
        yield "委員の名前の列は取り込みません。"
    for row in table.rows:
        answers = _answers(table, row, stage)
        for question in _choices(stage):
            explanation = stage.explanation_of(question)
            needed = explanation.required.options if explanation and explanation.required else ()
            if (
                explanation
                and answers.values.get(question.key) in needed
                and explanation.key not in answers.values
            ):
                yield f"{row.number}行目：{explanation.missing}"
    yield from ratings.warnings


def _choices(stage: Stage) -> list[Question]:
    return [
        each
        for each in stage.questions
        if each.kind is Kind.CHOICE and each.scope is Scope.INITIATIVE
    ]
