"""Headings of a vision's review: 基本方針1, below it （1）, below that ①, each with its words.

A number that was lost when the paper became a file is counted on, and said; it is never stored
as if it had been printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.calendar import parse_fiscal_year
from bot.sheets.folding import fold, fold_words, spaced
from bot.sheets.rows import Row

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_POLICY = re.compile(spaced("基本方針") + r"\s*([\divx]{1,4}|[一二三四五六七八九十])\s*")
_SECTION = re.compile(r"\(\s*(\d{1,2})\s*\)\s*")
_THEME = re.compile(rf"([{_CIRCLED}])\s*")
_SPAN = re.compile(
    r"((?:令和|平成|[rhs])?\s*(?:\d{1,4}|元))\s*年?度?\s*(?:~|-|–|—|から)\s*"
    r"((?:令和|平成|[rhs])?\s*(?:\d{1,4}|元))\s*年"
)
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


class Level(IntEnum):
    """How deep a heading stands."""

    POLICY = 1
    SECTION = 2
    THEME = 3


@dataclass(frozen=True)
class VisionHeading:
    """One heading: ``number`` as printed, None where it was lost; ``counted`` stands for it."""

    level: Level
    line: int
    as_written: str
    title: str
    number: str | None
    counted: int


def is_numbered_heading(row: Row) -> bool:
    """Whether a line begins with 基本方針1, (1) or ①."""
    return _numbered(row.text) is not None


def read_headings(rows: Sequence[Row], above: Sequence[VisionHeading]) -> tuple[VisionHeading, ...]:
    """The headings in force below these lines, outermost first, after those of ``above``.

    A line without a number is what stands above the first numbered line below it: 基本方針 where
    two levels are missing, else the next one up.
    """
    levels = _levels([row.text for row in rows])
    in_force = list(above)
    for row, level in zip(rows, levels, strict=True):
        sibling = next((each.counted for each in in_force if each.level == level), 0)
        in_force = [each for each in in_force if each.level < level]
        in_force.append(_heading(row, level, sibling + 1))
    return tuple(in_force)


def period_of(text: str) -> tuple[int, int] | None:
    """The first and last fiscal year of 「2018年～2022年版」 or 「令和5年度から令和9年度」."""
    match = _SPAN.search(fold(text).text)
    if match is None:
        return None
    first = parse_fiscal_year(f"{match[1]}年度")
    last = parse_fiscal_year(f"{match[2]}年度", near=first)
    return (first, last) if first and last and first <= last else None


def lost_numbers(headings: Iterable[VisionHeading]) -> tuple[VisionHeading, ...]:
    """The headings whose number is not in the file."""
    return tuple(heading for heading in headings if heading.number is None)


def _levels(texts: Sequence[str]) -> list[Level]:
    known = [numbered[0] if (numbered := _numbered(text)) else None for text in texts]
    levels: list[Level] = []
    for index, level in enumerate(known):
        if level is not None:
            levels.append(level)
            continue
        below = next((each for each in known[index + 1 :] if each is not None), Level.THEME)
        bare = sum(each is None for each in known[index : _next_known(known, index)])
        levels.append(Level(max(Level.POLICY, below - bare)))
    return levels


def _next_known(known: Sequence[Level | None], start: int) -> int:
    return next((n for n in range(start, len(known)) if known[n] is not None), len(known))


def _heading(row: Row, level: Level, next_number: int) -> VisionHeading:
    numbered = _numbered(row.text)
    if numbered is None:
        return VisionHeading(level, row.number, row.text, row.text, None, next_number)
    _, printed, value, title = numbered
    return VisionHeading(level, row.number, row.text, title, printed, value)


def _numbered(text: str) -> tuple[Level, str, int, str] | None:
    """Level, number as printed and as a number, and the words of a numbered line."""
    folded = fold(text)
    for level, pattern in (
        (Level.POLICY, _POLICY),
        (Level.SECTION, _SECTION),
        (Level.THEME, _THEME),
    ):
        match = pattern.match(folded.text)
        if match is None:
            continue
        value = _value(match[1])
        if value is None:
            return None
        printed = folded.cut(0, match.end()) if level is not Level.POLICY else str(value)
        return level, printed, value, folded.cut(match.end())
    return None


def _value(numeral: str) -> int | None:
    folded = fold_words(numeral)
    if folded.isdecimal():
        return int(folded)
    for numerals in (_CIRCLED, _NUMERALS, _ROMAN):
        if folded in numerals:
            return numerals.index(folded) + 1
    return None
