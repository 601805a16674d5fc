"""The printed words of 様式3 by which its blocks, cells and legends are recognised.

What the form asks, and the options of each legend, come from the form itself (bot.domain).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.form import Option, Question
from bot.domain.youshiki3 import ATTAINMENT, ATTAINMENT_OUTLOOK, IMPLEMENTATION
from bot.sheets.folding import fold_words, spaced

# Row labels; some sheets print 「中間 振り返り」 or 「計画 評価」, or damage them (「直前評価」).
SECTIONS = frozenset(
    map(
        fold_words,
        (
            "計画",
            "中間振り返り",
            "自己評価",
            "年度評価",
            "年度末評価",
            "直前評価",
            "評価",
            "計画評価",
        ),
    )
)
_LONGEST_SECTION = 30  # with the spaces that sheets print between characters
MID_YEAR_SECTION = fold_words("中間振り返り")

ITEM = re.compile(rf"{spaced('取組項目')}\s*(\d+(?:\s\d+)*)")
ITEM_UNNUMBERED = re.compile(spaced("取組項目") + r"\s*[^\s\d]{0,2}")
# A sentence may begin with the words of a header: 「目標の達成見込みは厳しい。」
_NO_SENTENCE = "(?![はがをにのもでと、])"
PLAN_HEAD = re.compile(spaced("取組の方針・目標内容") + _NO_SENTENCE)
ACTIVITIES_HEAD = re.compile(spaced("当年度の取組内容") + _NO_SENTENCE)
IMPLEMENTATION_HEAD = re.compile(spaced("取組内容の実施見込み") + _NO_SENTENCE)
OUTLOOK_HEAD = re.compile(spaced("目標の達成見込み") + _NO_SENTENCE)
RESULTS_HEAD = re.compile(
    rf"{spaced('当年度の取組実績')}\s*(?:及\s*び|お\s*よ\s*び|と)\s*{spaced('目標の達成状況')}{_NO_SENTENCE}"
)
ISSUES_HEAD = re.compile(spaced("課題と改善策") + _NO_SENTENCE)
# 「※左記が「②」の場合は必須」, also without ※, with the numeral lost or another one.
REQUIRED_NOTE = re.compile(rf"※?\s*{spaced('左記が')}\s*「[^「」]*」\s*{spaced('の場合は必須')}")

# A label stands at the start of a cell or after white space: 「29年度(目標)97.60%」 is text.
FIELD_LABEL = re.compile(
    r"(?:(?<=\s)|^)\(\s*("
    + "|".join(
        map(
            spaced,
            ("趣旨・目的", "戦略", "取組の概要", "取組概要", "目標", "取組の内容", "取組内容"),
        )
    )
    + r")\s*\)"
)


@dataclass(frozen=True)
class Legend:
    """The printed options of a question: 「①:達成見込み ②:達成できない見込み」."""

    question: Question
    pattern: re.Pattern[str]

    def numerals(self, match: re.Match[str]) -> int:
        """How many of the two numerals have survived in a printed legend."""
        marks = (match["mark0"] or "", match["mark1"] or "")
        return sum(bool(re.search(r"[i①②]", mark)) for mark in marks)


def legend_of(question: Question) -> Legend:
    """The legend of the two printed options of a question, numerals and colons optional."""
    options = [option for option in question.options if option.mark]
    words = [
        rf"(?P<mark{n}>{_mark_pattern(option.mark)})?\s*:?\s*{spaced(option.text)}"
        for n, option in enumerate(options)
    ]
    return Legend(question, re.compile(r"[\s、・/]*".join(words)))


def mark_key(question: Question, folded: str) -> str | None:
    """The option a cell's whole text stands for, 「(i)」 or 「① 達成見込み」; None when unclear."""
    bare = _bare(folded)
    named = (option for option in question.options if bare in map(_bare, _names(option)))
    return next((option.key for option in named), None)


def is_section(text: str) -> bool:
    """True for a cell that holds only a row label."""
    return len(text) <= _LONGEST_SECTION and fold_words(text) in SECTIONS


def _names(option: Option) -> tuple[str, ...]:
    if option.mark:
        return (option.mark, f"{option.mark}{option.text}")
    return (option.text, option.text.split("(")[0])  # 「対象外(年度途中から実施)」, 「対象外」


def _bare(text: str) -> str:
    return re.sub(r"[():]+", "", fold_words(text))


def _mark_pattern(mark: str) -> str:
    bare = spaced(mark.strip("()"))
    if mark.startswith("("):
        return rf"\(\s*(?:{bare})?\s*\)|[□☑]"
    return rf"{bare}|[□☑]"


IMPLEMENTATION_LEGEND = legend_of(IMPLEMENTATION)
OUTLOOK_LEGEND = legend_of(ATTAINMENT_OUTLOOK)
ATTAINMENT_LEGEND = legend_of(ATTAINMENT)
