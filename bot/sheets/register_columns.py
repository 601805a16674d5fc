"""The columns of a register: what each is called, in Japanese and English, in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sheets.folding import fold_words


@dataclass(frozen=True)
class Column:
    """A column; ``title`` is its header in files that we write."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    in_template: bool = True


_ALL = (
    Column("ward", "区", ("ward", "区名", "所属", "unit"), in_template=False),
    Column("year", "年度", ("year", "fiscal_year", "会計年度", "対象年度"), in_template=False),
    Column(
        "number",
        "番号",
        ("number", "no", "no.", "№", "取組項目", "取組番号", "項目番号", "取組項目番号"),
    ),
    Column(
        "title", "題名", ("title", "取組名", "取組名称", "取組項目名", "名称", "件名", "タイトル")
    ),
    Column("subtitle", "副題", ("subtitle", "サブタイトル")),
    Column("pillar", "改革の柱", ("pillar", "柱")),
    Column("purpose", "趣旨・目的", ("purpose", "趣旨目的", "趣旨", "目的", "戦略")),
    Column("outline", "取組の概要", ("outline", "取組概要", "概要")),
    Column("target", "目標", ("target", "数値目標", "目標値")),
    Column(
        "activities", "当年度の取組内容", ("activities", "取組の内容", "取組内容", "当年度取組内容")
    ),
    Column("purpose_label", "趣旨・目的の見出し", ("purpose_label",), in_template=False),
    Column("plan_unlabelled", "見出しのない文", ("plan_unlabelled",), in_template=False),
    Column("activities_target", "当年度の目標", ("activities_target",), in_template=False),
)

COLUMNS = {column.key: column for column in _ALL}
PLACE_COLUMNS = ("ward", "year")
EXTRA_COLUMNS = ("purpose_label", "plan_unlabelled", "activities_target")


def columns_of(headers: Sequence[str]) -> dict[int, str]:
    """The key of each column that is known, by its place.

    取組項目 is the number, but beside a column 番号 and without one for titles it is the title.
    """
    keys = {place: key for place, header in enumerate(headers) if (key := column_of(header))}
    numbers = [place for place, key in keys.items() if key == "number"]
    if len(numbers) > 1 and "title" not in keys.values():
        named = [place for place in numbers if fold_words(headers[place]) == "取組項目"]
        keys.update(dict.fromkeys(named[:1], "title"))
    return keys


def column_of(header: str) -> str | None:
    """The key of the column with this header, in any width and case; None for another."""
    name = fold_words(header)
    return next((column.key for column in _ALL if name in _names(column)), None)


def _names(column: Column) -> frozenset[str]:
    return frozenset(map(fold_words, (column.title, *column.synonyms)))
