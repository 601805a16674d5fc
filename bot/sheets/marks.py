"""What a cell tells of a mark: printed legends are taken out, and what is left is weighed.

A mark is given when exactly one stands by itself; a trace that cannot be told, such as 「()」, a
legend with one numeral of two, or two marks, makes it unreadable. It is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.sheets.folding import fold
from bot.sheets.labels import Legend, mark_key

_MARK_LIKE = re.compile(r"[\s()ivx①②③④:□☑✓○●◎△×レ]*")


class Trace(StrEnum):
    """One sign of an answer near a legend."""

    ANSWER = "answer"
    LOST = "lost"


@dataclass(frozen=True)
class MarkSign:
    """A trace of an answer to a question; ``option`` is set for an answer."""

    question: str
    trace: Trace
    option: str | None = None


@dataclass(frozen=True)
class Weighed:
    """A cell without its legends: the text that is left, and the signs that were found."""

    text: str
    signs: tuple[MarkSign, ...]
    legends: tuple[Legend, ...]


def weigh(cell: str, legends: Sequence[Legend]) -> Weighed:
    """Take the legends out of a cell and read the marks that stand beside them or alone."""
    rest = cell
    found: list[Legend] = []
    signs: list[MarkSign] = []
    for legend in legends:
        folded = fold(rest)
        match = legend.pattern.search(folded.text)
        if match is None:
            continue
        found.append(legend)
        before, after = folded.cut(0, match.start()), folded.cut(match.end())
        signs.extend(_damage(legend, match))
        if before and is_mark_like(before):
            signs.append(_beside(legend, before, intact=legend.numerals(match) == 2))
            before = ""
        rest = "\n".join(part for part in (before, after) if part)
    alone = _alone(rest, found or legends) if rest else None
    if alone is not None:
        signs.append(alone)
        rest = ""
    return Weighed(rest, tuple(signs), tuple(found))


def is_mark_like(text: str) -> bool:
    """True for a text that consists of numerals, brackets and ticks only."""
    return _MARK_LIKE.fullmatch(fold(text).text) is not None


def decide(question: str, signs: Iterable[MarkSign]) -> tuple[str | None, bool]:
    """The option that is given, and whether the mark is unreadable instead."""
    own = [sign for sign in signs if sign.question == question]
    options = {sign.option for sign in own if sign.trace is Trace.ANSWER}
    if len(options) == 1 and all(sign.trace is Trace.ANSWER for sign in own):
        return options.pop(), False
    return None, bool(own)


def lost(question: str) -> MarkSign:
    """The sign that an answer to a question was there and cannot be read."""
    return MarkSign(question, Trace.LOST)


def _damage(legend: Legend, match: re.Match[str]) -> list[MarkSign]:
    # One numeral of two: the answer, or what is left of the legend.
    return [lost(legend.question.key)] if legend.numerals(match) == 1 else []


def _beside(legend: Legend, text: str, *, intact: bool) -> MarkSign:
    option = mark_key(legend.question, text) if intact else None
    if option is None:
        return lost(legend.question.key)
    return MarkSign(legend.question.key, Trace.ANSWER, option)


def _alone(text: str, legends: Sequence[Legend]) -> MarkSign | None:
    """The sign of a cell that holds nothing but a mark: 「①」, 「① 達成見込み」, 「対象外」."""
    for legend in legends:
        option = mark_key(legend.question, text)
        if option is not None:
            return MarkSign(legend.question.key, Trace.ANSWER, option)
    if not is_mark_like(text):
        return None
    # 「()」 is what is left of (i), 「:」 of ①: the first question of the row has brackets.
    return lost(legends[0 if "(" in fold(text).text else -1].question.key)
