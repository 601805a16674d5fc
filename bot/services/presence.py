"""Who is away on a day and who is asked instead, read once for a round or a batch of letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.domain import absences
from bot.domain.absences import REMEMBERED, Absence, Attendance, Duty
from bot.domain.calendar import WINDOW_OPENS, at_tokyo, japanese_date
from storage.models import Ownership
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Presence:
    """``gone``: who is away on the day, by person; ``ended``: absences that ended not long ago.

    ``names`` are those of the deputies that absences name.
    """

    gone: Mapping[int, Absence] = field(default_factory=dict)
    ended: tuple[Absence, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)

    def of(self, ownerships: Iterable[Ownership]) -> Attendance:
        """Who is asked about an item with these owners."""
        duties = [Duty(own.person_id, own.deputy_id) for own in ownerships]
        return absences.attendance(duties, self.gone)


EVERYBODY = Presence()


async def presence_on(uow: UnitOfWork, day: date) -> Presence:
    """Who is away on a Japanese date, in all units; one query."""
    found = await uow.absences.around(day, day - REMEMBERED)
    known = [_absence(row) for row in found]
    return Presence(
        gone=absences.away(known, day),
        ended=tuple(each for each in known if not each.covers(day)),
        names={row.deputy_id: row.name for row in found if row.deputy_id},
    )


def _absence(row: Any) -> Absence:
    """A deputy is told from the morning after the entry, or of the same day before letters go."""
    entered = japanese_date(row.at)
    late = row.at >= at_tokyo(entered, WINDOW_OPENS)
    told_from = entered + timedelta(days=1) if late else entered
    return Absence(row.person_id, row.first, row.last, row.deputy_id, row.id or 0, told_from)
