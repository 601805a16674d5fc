"""Publishing a round: what is still missing beforehand, what is recorded, what is corrected later.

Once a round is published its answers stand as they are; a correction comes with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.checkins import State
from bot.domain.status import ItemStatus

NUMBER_LENGTH = 100
ADDRESS_LENGTH = 500
REASON_LENGTH = 1000
# A date further away than this is a slip of the hand.
_FURTHEST = timedelta(days=366)


class Gap(StrEnum):
    """Why an item's answer is not what an office would wish to publish."""

    UNANSWERED = "unanswered"  # 未入力
    SENT_BACK = "sent-back"  # 差し戻し
    UNCONFIRMED = "unconfirmed"  # 未確認
    UNDETERMINED = "undetermined"  # 未確定
    PROVISIONAL = "provisional"  # 暫定
    UNREADABLE = "unreadable"  # 判読できない印


@dataclass(frozen=True)
class Gaps:
    """The codes of items by what is missing, in the plan's order; a kind without any has no key."""

    codes: Mapping[Gap, tuple[str, ...]]
    total: int = 0

    @property
    def any(self) -> bool:
        """Whether anything is missing."""
        return bool(self.codes)

    def as_record(self) -> dict[str, list[str]]:
        """Plain JSON: codes by kind."""
        return {gap.value: list(codes) for gap, codes in self.codes.items()}


@dataclass(frozen=True)
class Announcement:
    """What a publication rests on: 決裁番号, 公表日 (Japanese date) and where it stands."""

    decision_number: str
    published_on: date
    address: str = ""


@dataclass(frozen=True)
class Correction:
    """One field of a published answer that was corrected: a row of the 正誤表.

    ``code`` as screens have it: 「7」, 「経営課題1」.
    """

    code: str
    title: str
    label: str
    before: str
    after: str
    on: date
    reason: str
    name: str = ""  # of who corrected it; no part of what is published


def gaps_of(items: Iterable[ItemStatus], unreadable: Mapping[int, bool], *, levels: int) -> Gaps:
    """What is missing of a round's items; ``unreadable``: whose marks a sheet has lost, by id.

    ``levels``: how many are to confirm an answer. 対象外 needs no confirmation.
    """
    found: dict[Gap, list[str]] = {gap: [] for gap in Gap}
    listed = list(items)
    for item in listed:
        for gap in _gaps(item, levels=levels, lost=unreadable.get(item.initiative_id, False)):
            found[gap].append(item.code)
    kept = {gap: tuple(codes) for gap, codes in found.items() if codes}
    return Gaps(kept, len(listed))


def is_possible_day(day: date, *, opens: date, today: date) -> bool:
    """Whether a 公表日 can be right: after the round has opened, and within a year from today."""
    return opens < day <= today + _FURTHEST


def _gaps(item: ItemStatus, *, levels: int, lost: bool) -> Iterable[Gap]:
    if lost:
        yield Gap.UNREADABLE
    if item.state is State.OUTSTANDING:
        yield Gap.UNANSWERED
    if item.state is State.SENT_BACK:
        yield Gap.SENT_BACK
    if item.state is State.SUBMITTED and levels:
        yield Gap.UNCONFIRMED
    if item.undetermined:
        yield Gap.UNDETERMINED
    elif item.provisional:
        yield Gap.PROVISIONAL
