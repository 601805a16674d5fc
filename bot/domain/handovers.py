"""Items that pass from one owner to another (人事異動), and when both of them are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import OfficeCalendar

# For so many business days after the first one, a letter that could not be sent is made up for.
TOLD_WITHIN = 3
# Transfers of so long ago are news to nobody.
REMEMBERED = timedelta(days=21)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holding:
    """One person's ownership of an item between two Japanese dates, both included."""

    item_id: int
    person_id: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Handover:
    """An item that has a new owner from ``day`` on, who follows a former one."""

    item_id: int
    day: date
    former_id: int
    owner_id: int


def handovers(holdings: Iterable[Holding]) -> list[Handover]:
    """What has passed from one person to another; a first owner follows nobody."""
    listed = list(holdings)
    ended = {(each.item_id, each.last): each for each in listed if each.last is not None}
    found = []
    for each in listed:
        before = ended.get((each.item_id, each.first - _A_DAY)) if each.first else None
        if before is not None and each.first and before.person_id != each.person_id:
            found.append(Handover(each.item_id, each.first, before.person_id, each.person_id))
    return found


def told_between(
    day: date, paused_until: date | None, calendar: OfficeCalendar
) -> tuple[date, date]:
    """The first business day of the new post, and the last on which it is still said.

    Not while the unit's letters rest.
    """
    silent = paused_until is not None and paused_until >= day
    first = calendar.on_or_after(paused_until + _A_DAY if silent and paused_until else day)
    return first, calendar.after(first, TOLD_WITHIN)
