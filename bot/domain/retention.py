"""How long what was answered for a fiscal year is kept, and from when it may be disposed of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# A setting of each office (文書管理の規程); five years is what kaikaku begins with.
DEFAULT_YEARS = 5
LONGEST = 100
USUAL_YEARS = (1, 3, 5, 10, 30)  # the classes of 保存期間 that most offices have


@dataclass(frozen=True)
class Rule:
    """For how many years after a fiscal year's end, and where the office takes that from."""

    years: int = DEFAULT_YEARS
    basis: str = ""


def kept_until(last_year: int, rule: Rule) -> date:
    """The last day of keeping, a 31 March: counted from the end of the plan's last fiscal year."""
    return date(last_year + 1 + rule.years, 3, 31)


def is_due(last_year: int, rule: Rule, today: date) -> bool:
    """Whether the time of keeping is over."""
    return today > kept_until(last_year, rule)
