"""Being away: who is asked instead, and when somebody is back. The reason is never known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import OfficeCalendar

# For so many business days a letter that could not be sent on the first one is made up for.
BACK_WITHIN = 3
# An absence that ended so long ago tells nobody anything any more.
REMEMBERED = timedelta(days=21)


@dataclass(frozen=True)
class Absence:
    """One person's absence in Japanese dates, both ends included; ``last`` None: not known yet."""

    person_id: int
    first: date
    last: date | None = None
    deputy_id: int | None = None
    id: int = 0
    told_from: date = date.min  # the morning from which the deputy is told

    def covers(self, day: date) -> bool:
        """Whether the person is away on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Duty:
    """One person's ownership of an item, with the deputy that goes with it."""

    owner_id: int
    deputy_id: int | None = None


def away(absences: Iterable[Absence], day: date) -> dict[int, Absence]:
    """Who is away on a day, by person; of several absences at once the one that began last."""
    covering = (absence for absence in absences if absence.covers(day))
    return {each.person_id: each for each in sorted(covering, key=lambda each: each.first)}


@dataclass(frozen=True)
class Attendance:
    """Whom an item's notices go to: owners who are there, and who stands in for those who are not.

    ``stand_ins`` holds (deputy, owner); an absent owner who is in none of them has nobody there.
    """

    present: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()
    stand_ins: frozenset[tuple[int, int]] = frozenset()

    @property
    def asked(self) -> frozenset[int]:
        """Everybody who is asked for the item today."""
        return self.present | {deputy for deputy, _ in self.stand_ins}

    @property
    def is_away(self) -> bool:
        """Whether it has owners, and all of them are away: then it is not late."""
        return bool(self.absent) and not self.present


def attendance(duties: Iterable[Duty], gone: Mapping[int, Absence]) -> Attendance:
    """Who is there to be asked; the absence's own deputy comes before the item's."""
    listed = list(duties)
    owners = frozenset(duty.owner_id for duty in listed)
    absent = owners & gone.keys()
    if not absent:
        return Attendance(owners)
    named = ((substitute(duty, gone), duty.owner_id) for duty in listed if duty.owner_id in absent)
    stand_ins = frozenset((deputy, owner) for deputy, owner in named if deputy is not None)
    return Attendance(owners - absent, absent, stand_ins)


def asked(duties: Iterable[Duty], gone: Mapping[int, Absence]) -> frozenset[int]:
    """Whom an item's notices go to: its owners, and for one who is away, a deputy who is not.

    Nobody is left when both are away.
    """
    return attendance(duties, gone).asked


def substitute(duty: Duty, gone: Mapping[int, Absence]) -> int | None:
    """Who answers while the owner is away; None when nobody is there."""
    absence = gone.get(duty.owner_id)
    if absence is None:
        return None
    named = (absence.deputy_id, duty.deputy_id)
    return next((each for each in named if each is not None and each not in gone), None)


def stand_in_key(key: str, owner_id: int) -> str:
    """The key of a step that is told to the deputy of an owner: 「opening@12」.

    A deputy who has had a step for items of their own is still to be told it for these.
    """
    return f"{key}@{owner_id}"


def split_key(key: str) -> tuple[str, int | None]:
    """A step's own key, and for which owner it was told in their place; None for nobody's."""
    own, _, owner = key.partition("@")
    return own, int(owner) if owner else None


def is_back(absence: Absence, today: date, calendar: OfficeCalendar) -> bool:
    """Whether today is one of the first business days after an absence: the owner is told then.

    One that ended long ago is not spoken of any more.
    """
    if absence.last is None or today <= absence.last:
        return False
    first = calendar.on_or_after(absence.last + timedelta(days=1))
    return first <= today <= calendar.after(first, BACK_WITHIN)
