"""The letter to an owner: what is asked, by when, item by item; each row turns into its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.rounds import Step
from bot.domain.status import ItemStatus
from bot.views.blocks import Rendered
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class NoticeSection:
    """One round in a notice. ``items`` are all of the reader's, most urgent first, answered ones
    included; days are business days; ``entry_until`` is the last day on which answers are taken.
    """

    round: RoundInfo
    step: Step
    items: tuple[ItemStatus, ...]
    days_left: int  # to the due date, 0 on the day itself
    days_late: int  # since the due date
    entry_until: date
    confirm_by: date | None = None  # of the CONFIRM step
    managed_by: tuple[str, ...] = ()  # sections whose managers are told as well
    as_deputy: bool = False


@dataclass(frozen=True)
class Notice:
    """One letter. ``total`` counts all items where the sections do not hold them all."""

    letter_id: int
    today: date
    now: datetime
    sections: tuple[NoticeSection, ...]
    total: int = 0
    offers_consultation: bool = False  # 「担当が違う・相談する」「入力予定日を決める」


def render_notice(notice: Notice) -> Rendered:
    """The letter as it stands given these values; rendered again whenever an answer changes."""
    raise NotImplementedError
