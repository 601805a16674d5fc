"""What the figures of a sheet suggest about its fiscal year; a suggestion never decides.

Results speak of the year itself; the targets of a plan not yet answered of the year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.calendar import parse_fiscal_year
from bot.domain.plans import SheetInitiative
from bot.domain.youshiki3 import YEAR_END
from bot.sheets.folding import fold
from bot.sheets.review_blocks import RESULTS

_YEAR = r"((?:令和|平成|(?<![a-z])[hr])\s*(?:\d{1,2}|元)\s*年度)"
_ANY_YEAR = re.compile(_YEAR)
_LAST_YEARS_RESULT = re.compile(_YEAR + r"\s*の?実績")


@dataclass(frozen=True)
class YearHint:
    """The year suggested, and the words that suggest it."""

    fiscal_year: int
    evidence: str


def hint_of(initiatives: Sequence[SheetInitiative]) -> YearHint | None:
    """The newest year of the results; without results, the year after the results quoted."""
    answered = (initiative.answers.get(YEAR_END.key) for initiative in initiatives)
    results = [answers.values.get(RESULTS, "") for answers in answered if answers]
    found = list(_years(results, _ANY_YEAR))
    if found:
        return max(found, key=lambda hint: hint.fiscal_year)
    quoted = list(_years(_plan_texts(initiatives), _LAST_YEARS_RESULT))
    if not quoted:
        return None
    last = max(quoted, key=lambda hint: hint.fiscal_year)
    return YearHint(last.fiscal_year + 1, last.evidence)


def _plan_texts(initiatives: Sequence[SheetInitiative]) -> list[str]:
    return [
        text
        for each in initiatives
        for text in (each.target, each.activities_target, each.plan_unlabelled)
        if text
    ]


def _years(texts: Sequence[str], pattern: re.Pattern[str]) -> Iterator[YearHint]:
    for text in texts:
        folded = fold(text)
        for match in pattern.finditer(folded.text):
            year = parse_fiscal_year(match[1])
            if year is not None:
                yield YearHint(year, folded.cut(match.start(), match.end()))
