"""Nudges by hand: what somebody may add to one, and on which day it goes out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import TOKYO, WINDOW_CLOSES, OfficeCalendar

NOTE_LENGTH = 300  # characters of one's own sentence


def sending_day(instant: datetime, calendar: OfficeCalendar) -> date:
    """The Japanese date on which what is asked for now can go out: a business day until 17:30."""
    local = instant.astimezone(TOKYO)
    over = local.time().replace(second=0, microsecond=0) > WINDOW_CLOSES
    return calendar.on_or_after(local.date() + timedelta(days=1) if over else local.date())
