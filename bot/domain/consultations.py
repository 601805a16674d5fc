"""What an owner may ask instead of answering, and until when that keeps a notice away."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from bot.domain.calendar import OfficeCalendar

NOTE_LENGTH = 500
ANSWER_LENGTH = 1000


class ConsultationKind(StrEnum):
    """「担当が違う・相談する」: what it is about (wording.md 1.13)."""

    WRONG_OWNER = "wrong-owner"
    NOT_IN_TIME = "not-in-time"
    DIFFERS = "differs"
    OTHER = "other"


def is_planned_day(day: date, *, today: date, due: date, calendar: OfficeCalendar) -> bool:
    """Whether somebody may say that they will answer on a day: a business day up to the due date.

    Not today: that would silence nothing.
    """
    return today < day <= due and calendar.is_business_day(day)


def is_silent_until(planned: date | None, today: date) -> bool:
    """Whether a planned day keeps notices away today; on its own morning they come again."""
    return planned is not None and today < planned


def speaks_again_on(planned: date, *, due: date, calendar: OfficeCalendar) -> date:
    """The day on whose morning notices come again to somebody who has named a day.

    A due date that has been moved to before it ends the silence; so does a day that was closed
    meanwhile, on the business day before it.
    """
    return calendar.on_or_before(min(planned, due))
