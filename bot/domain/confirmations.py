"""Confirming an answer and sending it back: what a decision needs, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.answers import Answers
from bot.domain.calendar import OfficeCalendar

MEND_WITHIN = 3  # business days that an owner has for what was sent back, unless said otherwise
COMMENT_LENGTH = 1000


class DecisionKind(StrEnum):
    """What a manager may decide of an answer."""

    CONFIRMED = "confirmed"
    SENT_BACK = "sent-back"


@dataclass(frozen=True)
class Change:
    """One field of an answer, before and after; "" where nothing was said."""

    key: str
    before: str
    after: str


def changes(before: Answers, after: Answers, keys: Iterable[str]) -> tuple[Change, ...]:
    """What differs between two answers, in the order of ``keys``."""
    pairs = ((key, before.get(key, ""), after.get(key, "")) for key in keys)
    return tuple(Change(key, old, new) for key, old, new in pairs if old != new)


def usual_mend_day(today: date, publishes: date, calendar: OfficeCalendar) -> date:
    """By when an answer sent back today is to be mended: three business days, before publication.

    Never today: the owner has at least until the next business day.
    """
    latest = calendar.before(publishes, 1)
    return max(calendar.after(today, 1), min(calendar.after(today, MEND_WITHIN), latest))


def is_mend_day(day: date, today: date, publishes: date, calendar: OfficeCalendar) -> bool:
    """Whether a day may be set: a business day after today, and not after publication."""
    return today < day <= publishes and calendar.is_business_day(day)
