"""Marks of a committee: how many of its members gave each grade, and their average.

The answer to such a question is a text, 「3;5;1;0」: the counts in the order of the form's options.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.form import Question

_BETWEEN = re.compile(r"[\s,、;:;/・人]+")
_MOST_MEMBERS = 1000  # of a committee; more is a slip of the hand
_STORED = ";"


def read_grades(question: Question, text: str) -> tuple[int, ...] | None:
    """How many gave each grade, from what was typed: 「3、5、1、0」, in any width.

    None unless there is one count for each option, and at least one member.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    parts = [part for part in _BETWEEN.split(folded) if part]
    if len(parts) != len(question.options) or not all(_is_count(part) for part in parts):
        return None
    counts = tuple(int(part) for part in parts)
    return counts if any(counts) else None


def grades_text(counts: Sequence[int]) -> str:
    """The counts as they are stored."""
    return _STORED.join(map(str, counts))


def average(question: Question, counts: Sequence[int]) -> Decimal:
    """The members' average in the form's points, to one decimal, halves up."""
    points = sum(
        option.points * count for option, count in zip(question.options, counts, strict=True)
    )
    return (Decimal(points) / sum(counts)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def grades_words(question: Question, text: str) -> str:
    """「平均3.2(9人：4 3人、3 5人、2 1人、1 0人)」; a text that holds no counts as it stands."""
    counts = read_grades(question, text)
    if counts is None:
        return text
    each = zip(question.options, counts, strict=True)
    spread = "、".join(f"{option.mark or option.text} {count}人" for option, count in each)
    return f"平均{average(question, counts)}({sum(counts)}人：{spread})"


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:5]) <= _MOST_MEMBERS and len(text) < 5
