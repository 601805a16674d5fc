"""`/kaikaku 自分`: what a person is asked for over all open rounds, late ones first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.status import ItemStatus
from bot.views.blocks import Rendered
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class MineSection:
    """The reader's items in one open round, deputised ones included."""

    round: RoundInfo
    items: tuple[ItemStatus, ...]
    days_left: int
    days_late: int
    entry_until: date


@dataclass(frozen=True)
class Mine:
    """All that is the reader's to answer. ``owned`` counts items in any plan in force."""

    sections: tuple[MineSection, ...]
    now: datetime
    owned: int = 0
    contact: str = ""
    page: int = 0


def render_mine(mine: Mine) -> Rendered:
    """One page of the reader's items with a button each."""
    raise NotImplementedError
