"""The daily letter to a coordinator: what needs a person's hand, and nothing when nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.status import Counts, ItemStatus
from bot.views.blocks import Rendered
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class CoordinatorSection:
    """One round. ``unreachable``: reason ("no-account", "deactivated", or Slack's error word) ->
    number of people; ``call``: items whose owners have had the last notice.
    """

    round: RoundInfo
    counts: Counts
    unowned: tuple[ItemStatus, ...] = ()
    unreachable: Mapping[str, int] = field(default_factory=dict)
    call: tuple[ItemStatus, ...] = ()
    consultations: int = 0
    opens_in_future: bool = False


@dataclass(frozen=True)
class CoordinatorReport:
    """One letter. ``offers_mail``: whether 「庁内メール用の文面を出す」 works."""

    letter_id: int
    today: date
    sections: tuple[CoordinatorSection, ...]
    offers_mail: bool = False


def render_coordinator(report: CoordinatorReport) -> Rendered:
    """The report as it stands."""
    raise NotImplementedError
