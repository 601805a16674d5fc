"""Being away: who is asked instead, and when somebody is back. The reason is never known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Absence:
    """One person's absence in Japanese dates, both ends included; ``last`` None: not known yet."""

    person_id: int
    first: date
    last: date | None = None
    deputy_id: int | None = None

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


def asked(duties: Iterable[Duty], gone: Mapping[int, Absence]) -> frozenset[int]:
    """Whom an item's notices go to: its owners, and for one who is away, a deputy who is not.

    The absence's own deputy comes before the item's; nobody is left when both are away too.
    """
    people = (
        duty.owner_id if duty.owner_id not in gone else substitute(duty, gone) for duty in duties
    )
    return frozenset(person for person in people if person is not None)


def substitute(duty: Duty, gone: Mapping[int, Absence]) -> int | None:
    """Who answers while the owner is away; None when nobody is there."""
    absence = gone.get(duty.owner_id)
    if absence is None:
        return None
    named = (absence.deputy_id, duty.deputy_id)
    return next((each for each in named if each is not None and each not in gone), None)
