"""Headings of a plan sheet: what it is called, ward and year where stated, and titles of items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.calendar import parse_fiscal_year
from bot.sheets.folding import fold, spaced
from bot.sheets.labels import is_section
from bot.sheets.rows import Row

_PLAN_NAME = re.compile(
    r"「(?P<quoted>[^「」]*プラン[^「」]*)」|(?P<bare>(?:市政)?[^\s「」『』市区度]*プラン[\d.．]*)"
)
_YEAR = re.compile(
    r"(?:令和|平成|昭和|(?<![a-z])[rhs])\s*(?:\d{1,2}|元)\s*年度|(?<!\d)\d{4}\s*年度"
)
# 「令 和 8 年 度」, 「西　区」: letters set wide apart, three of them or up to 区.
_APART = re.compile(
    r"(?<!\S)\S(?:[^\S\n]\S){2,}(?!\S)|(?<!\S)[^\W\d](?:[^\S\n][^\W\d]){0,5}[^\S\n][区局](?!\S)"
)
_UNIT_NAME = re.compile(
    r"(?:^|[\s年度市「『【(・])((?:(?![年度市町村区局])[ぁ-んァ-ヶー一-鿿]){1,6}[区局])(?!分|別|間|内|域)"
)
_NO_UNIT = frozenset(
    {"当区", "各区", "全区", "他区", "同区", "本区", "地区", "校区", "学区", "当局", "各局", "結局"}
)
_PILLAR = re.compile(spaced("改革の柱"))

_HEADING_LENGTH = 60
TITLE_LINES = 4  # a title is printed over two lines at most; more means 】 was lost


@dataclass(frozen=True)
class SheetHeading:
    """What stands above the first item."""

    plan: str | None
    wards: tuple[str, ...]
    fiscal_years: tuple[int, ...]


@dataclass(frozen=True)
class ItemTitle:
    """The heading of one item, and how many of its rows it takes up."""

    title: str
    subtitle: str | None
    pillar: str | None
    length: int


def read_heading(rows: Iterable[Row]) -> SheetHeading:
    """Plan, ward and year as the lines above the first item state them; several if they differ."""
    text = "\n".join(_closed_up(row.text) for row in rows if _is_heading(row))
    folded = fold(text).text
    years = (parse_fiscal_year(match[0]) for match in _YEAR.finditer(folded))
    wards = (match[1] for match in _UNIT_NAME.finditer(folded))
    name = _PLAN_NAME.search(text)
    return SheetHeading(
        plan=(name["quoted"] or name["bare"]) if name else None,
        wards=tuple(dict.fromkeys(ward for ward in wards if ward not in _NO_UNIT)),
        fiscal_years=tuple(sorted({year for year in years if year is not None})),
    )


def read_title(rows: Sequence[Row]) -> ItemTitle | None:
    """The title 【…】 that opens an item's rows, with pillar and subtitle; None without one."""
    if not rows or not rows[0].text.startswith("【"):
        return None
    printed = ""
    for length, row in enumerate(rows[:TITLE_LINES], start=1):
        printed += row.text
        end = _closing(printed, "【】")
        if end is not None:
            return _title(printed, end, rows[length:], length)
    return None


def split_pillar(title: str) -> tuple[str, str | None]:
    """A title without its last parenthesis, and that, if it names a 改革の柱.

    「…(介護保険料)(改革の柱3-3(4))」: parentheses nest, so they are counted from the end.
    """
    folded = fold(title)
    start = _last_opening(folded.text)
    if start is None or not _PILLAR.search(folded.text, start):
        return title.strip(), None
    return folded.cut(0, start), folded.cut(start + 1, len(folded.text.rstrip()) - 1)


def _closed_up(line: str) -> str:
    return _APART.sub(lambda match: re.sub(r"\s", "", match[0]), line)


def _is_heading(row: Row) -> bool:
    # Other forms and whole sentences may stand above the first item.
    return len(row.text) <= _HEADING_LENGTH and not row.text.endswith("。")


def _title(printed: str, end: int, following: Sequence[Row], length: int) -> ItemTitle:
    title, pillar = split_pillar(printed[1:end])
    lines = [printed[end + 1 :].strip()]
    for row in following:
        if row.in_table or row.after_blank or is_section(row.text):
            break
        lines.append(row.text)
        length += 1
    subtitle = "\n".join(line for line in lines if line)
    return ItemTitle(title, subtitle or None, pillar, length)


def _closing(text: str, pair: str) -> int | None:
    depth = 0
    for index, character in enumerate(text):
        depth += (character == pair[0]) - (character == pair[1])
        if depth == 0:
            return index
    return None


def _last_opening(folded: str) -> int | None:
    text = folded.rstrip()
    if not text.endswith(")"):
        return None
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += (text[index] == ")") - (text[index] == "(")
        if depth == 0:
            return index
    return None
