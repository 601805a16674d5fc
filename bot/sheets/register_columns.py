"""The columns of a register, from its form: what each is called in a file, in two languages.

A register has number, title and the texts of the plan; indicators and answers where there are any,
under the headers that an export writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.form import ITEM, Form, Scope
from bot.domain.plan_fields import PlanField
from bot.sheets.folding import fold_words

INDICATOR, INDICATOR_TARGET = "indicator:", "indicator-target:"  # and the place from 1
ANSWER = "answer:"  # stage and question
UNIT = "unit:"  # a text about the plan as a whole
PLAN_NAME = "plan"
FORM = "form"
_TEMPLATE_INDICATORS = 3

# What an export says beside, and an import leaves alone.
_EXPORTED_ONLY = ("案・確定", "課・担当", "担当者")
# ... and these for each review, the last two with who confirms: 「自己評価 確認者(課長)」
_EXPORTED_OF_REVIEW = (
    *("状態", "入力回数", "最初の入力", "最後の入力", "入力者", "代わりに入力した相手"),
    *("入力元", "修正期限", "確認者", "確認日時"),
)


@dataclass(frozen=True)
class Column:
    """A column; ``title`` is its header in files that we write."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    in_template: bool = True


_PLACE = (
    Column(FORM, "様式", ("form",), in_template=False),
    Column("ward", "区", ("ward", "区名", "所属", "unit"), in_template=False),
    Column("year", "年度", ("year", "fiscal_year", "会計年度", "対象年度"), in_template=False),
    Column(PLAN_NAME, "計画", ("plan", "計画名"), in_template=False),
)
_PURPOSE_LABEL = Column(
    "purpose_label", "趣旨・目的の見出し", ("purpose_label",), in_template=False
)
PLACE_COLUMNS = ("ward", "year")


@dataclass(frozen=True)
class Columns:
    """The columns of one form's registers, in the order in which they are written."""

    form: Form
    all: tuple[Column, ...]
    by_name: Mapping[str, str] = field(repr=False)  # folded header -> key

    @property
    def titles(self) -> dict[str, str]:
        """The header of each column, by key."""
        return {column.key: column.title for column in self.all}

    def title(self, key: str) -> str:
        """What we call a column."""
        return self.titles.get(key, key)

    def of(self, header: str) -> str | None:
        """The key of the column with this header, in any width and case; None for another."""
        name = fold_words(header)
        return self.by_name.get(name) or self._indicator(name)

    def in_row(self, headers: Sequence[str]) -> dict[int, str]:
        """The key of each column that is known, by its place.

        取組項目 is the number, but beside a column 番号 and without one for titles it is the title.
        """
        keys = {place: key for place, header in enumerate(headers) if (key := self.of(header))}
        numbers = [place for place, key in keys.items() if key == "number"]
        if len(numbers) > 1 and "title" not in keys.values():
            item = fold_words(self.form.item)
            named = [place for place in numbers if fold_words(headers[place]) == item]
            keys.update(dict.fromkeys(named[:1], "title"))
        return keys

    def is_exported_only(self, header: str) -> bool:
        """Whether an export writes such a column, though nothing is imported from it."""
        name, _, _ = header.partition("(")
        of_reviews = (
            answer_title(stage.title, each)
            for stage in self.form.stages
            for each in _EXPORTED_OF_REVIEW
        )
        return header in _EXPORTED_ONLY or name in of_reviews

    def _indicator(self, name: str) -> str | None:
        match = re.fullmatch(rf"{re.escape(fold_words(self.form.indicator))}(\d{{1,2}})(.*)", name)
        if match is None or Scope.INDICATOR not in self.form.scopes:
            return None
        kind = {"": INDICATOR, "の目標": INDICATOR_TARGET, "目標": INDICATOR_TARGET}.get(match[2])
        return f"{kind}{int(match[1])}" if kind else None


def columns_for(form: Form) -> Columns:
    """The columns of the registers of a form."""
    columns = (*_PLACE, *_item_columns(form), *_further_columns(form))
    by_name: dict[str, str] = {}
    for column in columns:
        for name in (column.title, *column.synonyms):
            by_name.setdefault(fold_words(name), column.key)
    return Columns(form, columns, by_name)


def indicator_columns(form: Form, count: int) -> tuple[Column, ...]:
    """Name and target of so many indicators."""
    places = range(1, count + 1)
    return tuple(
        column
        for place in places
        for column in (
            Column(f"{INDICATOR}{place}", f"{form.indicator}{place}"),
            Column(f"{INDICATOR_TARGET}{place}", f"{form.indicator}{place}の目標"),
        )
    )


def plan_columns(form: Form) -> tuple[Column, ...]:
    """The texts of an item, as a register and an export have them."""
    return (
        *(_field_column(each) for each in form.plan_fields if not each.rare),
        *((_PURPOSE_LABEL,) if form.plan_field("purpose") else ()),
        *(_field_column(each) for each in form.plan_fields if each.rare),
    )


def answer_title(stage_title: str, label: str) -> str:
    """「自己評価 目標の達成状況」."""
    return f"{stage_title} {label}"


def _item_columns(form: Form) -> Iterator[Column]:
    words = dict.fromkeys((ITEM, form.item))
    numbers = (*words, *(f"{word}番号" for word in words))
    yield Column("number", "番号", ("number", "no", "no.", "№", "取組番号", "項目番号", *numbers))
    names = tuple(f"{word}名" for word in words)
    titles = ("title", "取組名", "取組名称", *names, "名称", "件名", "タイトル")
    yield Column("title", "題名", titles)
    yield from plan_columns(form)


def _further_columns(form: Form) -> Iterator[Column]:
    if Scope.INDICATOR in form.scopes:
        yield from indicator_columns(form, _TEMPLATE_INDICATORS)
    for each in form.unit_fields:
        yield Column(f"{UNIT}{each.key}", each.label, each.synonyms, in_template=False)
    for stage in form.stages:
        for question in stage.questions:
            title = answer_title(stage.title, question.label)
            words = [answer_title(s, q) for s in stage.headings for q in question.headings]
            key = f"{ANSWER}{stage.key}:{question.key}"
            yield Column(key, title, tuple(words), in_template=False)


def _field_column(each: PlanField) -> Column:
    words = (each.key, *each.synonyms, *filter(None, (each.printed,)))
    return Column(each.key, each.label, words, in_template=not each.rare)
