"""On which day a unit's weekly digest is due."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.calendar import OfficeCalendar

WEEKDAYS = (0, 1, 2, 3, 4)  # Monday to Friday
_WEEK = 7


def is_digest_day(today: date, weekday: int, calendar: OfficeCalendar) -> bool:
    """Whether it is the weekday (0 is Monday), or the first business day after a closed one.

    A day that passed without a digest is not made up for: the next one says what is true then.
    """
    since = (today.weekday() - weekday) % _WEEK
    meant = today - timedelta(days=since)
    # A closure of more than a week moves several of them to the same day.
    return calendar.on_or_after(meant) == today
