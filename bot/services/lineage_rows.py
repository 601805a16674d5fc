"""The years of items as a table (経年): one row an item and year, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers import YES
from bot.domain.calendar import era_year
from bot.domain.fields import Field
from bot.domain.form import Kind
from bot.domain.lineages import ItemYear, YearReview, promises
from bot.sheets.export import ExportTable, Value
from bot.views.answers_shown import answer_words
from bot.views.words import STATES

_FIXED = ("区", "取組項目", "題名", "年度", "計画", "その年度の番号", "その年度の題名", "目標")
_PROMISED = "前の年度の改善策"


@dataclass(frozen=True)
class _Column:
    """A question of a stage, as it is headed; forms of different years may ask other ones."""

    stage: str
    question: str
    header: str


def table_of(unit_name: str, items: Sequence[Sequence[ItemYear]]) -> ExportTable:
    """Each item's years; last year's 改善策 stands in the row of the year that followed."""
    columns = tuple(_columns(year for years in items for year in years))
    return ExportTable(
        title=f"{unit_name} 経年",
        headers=(*_FIXED, _PROMISED, *(each.header for each in columns)),
        rows=tuple((unit_name, *row) for years in items if years for row in _rows(years, columns)),
        record={
            "ward": unit_name,
            "items": [_record(years) for years in items if years],
        },
    )


def _columns(years: Iterable[ItemYear]) -> Iterator[_Column]:
    """Every question that any year has answered, in the order of its form, and each state."""
    seen: dict[tuple[str, str], _Column] = {}
    order: dict[str, None] = {}
    for year in years:
        for review in year.reviews:
            stage = review.stage
            order.setdefault(stage.key)
            asked = {field.question.key for field in review.answered}
            for question in stage.questions:
                if question.key in asked and question.kind is not Kind.DATE:
                    header = f"{stage.title} {question.label}"
                    seen.setdefault(
                        (stage.key, question.key), _Column(stage.key, question.key, header)
                    )
            header = f"{stage.title} 状態"
            seen.setdefault((stage.key, ""), _Column(stage.key, "", header))
    for stage_key in order:
        of_stage = [each for each in seen.values() if each.stage == stage_key]
        yield from sorted(of_stage, key=lambda each: not each.question)


def _rows(years: Sequence[ItemYear], columns: Iterable[_Column]) -> Iterator[tuple[Value, ...]]:
    newest = years[0]
    promised = _promised(years)
    listed = tuple(columns)
    for year in years:
        yield (
            newest.code,
            newest.title,
            era_year(year.year),
            year.plan_name,
            year.code,
            year.title,
            year.target or None,
            promised.get(year.year),
            *(_cell(year, each) for each in listed),
        )


def _promised(years: Sequence[ItemYear]) -> Mapping[int, str]:
    """What the year before had promised, by the year that followed."""
    return {
        each.kept.year: "\n".join(
            f"{era_year(each.promised.year)} {each.review.stage.title}：{each.review.text(field)}"
            for field in each.review.promised
        )
        for each in promises(years)
    }


def _cell(year: ItemYear, column: _Column) -> Value:
    review = year.review(column.stage)
    if review is None:
        return None
    if not column.question:
        return STATES[review.state]
    fields = [field for field in review.answered if field.question.key == column.question]
    return "\n".join(_said(review, field) for field in fields) or None


def _said(review: YearReview, field: Field) -> str:
    text = review.text(field)
    if field.question.kind is Kind.FLAG:
        said = "暫定" if text == YES else ""
    else:
        said = answer_words(field, text)
    return f"{field.name}：{said}" if field.name else said


def _record(years: Sequence[ItemYear]) -> dict[str, object]:
    newest = years[0]
    promised = _promised(years)
    return {
        "code": newest.code,
        "title": newest.title,
        "years": [
            {
                "fiscal_year": year.year,
                "plan": year.plan_name,
                "form": year.form.key,
                "code": year.code,
                "title": year.title,
                "target": year.target or None,
                "promised_before": promised.get(year.year),
                "reviews": {
                    each.stage.key.replace("-", "_"): {
                        "state": each.state.value,
                        **{field.key: each.text(field) for field in each.answered},
                    }
                    for each in year.reviews
                },
            }
            for year in years
        ],
    }
