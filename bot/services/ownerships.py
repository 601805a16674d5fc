"""Who answers for what, from a roster: entered, changed, and ended where another takes over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.people import Period
from bot.services.roster_changes import Change, RosterChanges
from storage.models import Ownership
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Wanted:
    """One ownership as a file has it."""

    initiative_id: int
    person_id: int
    period: Period
    deputy_id: int | None = None
    section_id: int | None = None

    @property
    def key(self) -> tuple[int, int, date | None]:
        """What an entry is known again by."""
        return self.initiative_id, self.person_id, self.period.valid_from


async def apply(uow: UnitOfWork, changes: RosterChanges, wanted: Sequence[Wanted]) -> None:
    """Store what a file says. People named for one item in the same file own it jointly.

    An ownership of the same item that is not in the file and overlaps in time ends on the day
    before the new one begins; where that leaves nothing of it, it is removed.
    """
    stored = await uow.people.ownerships({each.initiative_id for each in wanted})
    by_key = {(own.initiative_id, own.person_id, own.valid_from): own for own in stored}
    keys = {each.key for each in wanted}
    others = [own for key, own in by_key.items() if key not in keys]
    for own in others:
        await _give_way(uow, changes, own, wanted)
    for each in wanted:
        await _store(uow, changes, by_key.get(each.key), each)


async def _store(
    uow: UnitOfWork, changes: RosterChanges, own: Ownership | None, wanted: Wanted
) -> None:
    is_new = own is None
    own = own or Ownership(
        initiative_id=wanted.initiative_id,
        person_id=wanted.person_id,
        valid_from=wanted.period.valid_from,
    )
    values = {
        "deputy_id": wanted.deputy_id,
        "section_id": wanted.section_id,
        "valid_to": wanted.period.valid_to,
    }
    changed = [key for key, value in values.items() if getattr(own, key) != value]
    for key in changed:
        setattr(own, key, values[key])
    if is_new or changed:
        await uow.people.add(own)
    change = Change.ADDED if is_new else Change.UPDATED if changed else Change.UNCHANGED
    _note(changes, change, own, fields=changed)


async def _give_way(
    uow: UnitOfWork, changes: RosterChanges, own: Ownership, wanted: Iterable[Wanted]
) -> None:
    held = Period(own.valid_from, own.valid_to)
    starts = [
        each.period.valid_from
        for each in wanted
        if each.initiative_id == own.initiative_id and each.period.overlaps(held)
    ]
    if not starts:
        return
    start = None if None in starts else min(day for day in starts if day)
    if start is None or (own.valid_from is not None and start <= own.valid_from):
        _note(changes, Change.ENDED, own, fields=["removed"])
        await uow.people.remove(own)
        return
    own.valid_to = start - timedelta(days=1)
    await uow.people.add(own)
    _note(changes, Change.ENDED, own, fields=["valid_to"])


def _note(changes: RosterChanges, change: Change, own: Ownership, *, fields: Sequence[str]) -> None:
    detail = {
        "person": own.person_id,
        "from": own.valid_from and own.valid_from.isoformat(),
        "to": own.valid_to and own.valid_to.isoformat(),
        "fields": list(fields),
    }
    changes.note(change, "ownership", f"initiative:{own.initiative_id}", detail)
