"""The letters to managers: what is late in their section; and the ward head's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.status import Counts, ItemStatus
from bot.views.blocks import Rendered
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class ManagersSection:
    """What is outstanding in one round, of what the reader may read (``scope``: its name)."""

    round: RoundInfo
    scope: str  # 保健福祉課, or the unit's name
    days_late: int
    notices_sent: int  # how often the owners were told, at most
    items: tuple[ItemStatus, ...]
    reader_coordinates: bool = False  # may answer for others


@dataclass(frozen=True)
class ManagersList:
    """One letter to a manager."""

    letter_id: int
    today: date
    sections: tuple[ManagersSection, ...]


@dataclass(frozen=True)
class WardHeadSection:
    """The numbers of one round."""

    round: RoundInfo
    counts: Counts
    unfavourable: int  # how many ②


@dataclass(frozen=True)
class WardHeadSummary:
    """One letter to the ward head: numbers, no names."""

    letter_id: int
    today: date
    sections: tuple[WardHeadSection, ...]


def render_managers(list_: ManagersList) -> Rendered:
    """The list as it stands; a section without items says that all is in."""
    raise NotImplementedError


def render_ward_head(summary: WardHeadSummary) -> Rendered:
    """The numbers as they stand."""
    raise NotImplementedError
