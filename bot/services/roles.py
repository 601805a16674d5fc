"""Roles from a roster: known again by person, role, unit, section and first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.people import Period, Role
from bot.services.roster_changes import Change, RosterChanges
from storage.models import RoleGrant
from storage.unit_of_work import UnitOfWork

Key = tuple[object, ...]


@dataclass(frozen=True)
class WantedRole:
    """One role as a file has it."""

    person_id: int
    role: Role
    unit_id: int | None
    section_id: int | None
    period: Period

    @property
    def key(self) -> Key:
        """What an entry is known again by; its last day may be entered later."""
        first = self.period.valid_from
        return self.person_id, self.role.value, self.unit_id, self.section_id, first


async def apply(uow: UnitOfWork, changes: RosterChanges, wanted: Sequence[WantedRole]) -> None:
    """Store what a file says. A role that the file does not name stays as it is."""
    for each in wanted:
        stored = {_key(grant): grant for grant in await uow.people.all_grants(each.person_id)}
        change = await _store(uow, stored.get(each.key), each)
        detail = {"role": each.role.value, "unit": each.unit_id, "section": each.section_id}
        changes.note(change, "role", f"person:{each.person_id}", detail)


async def _store(uow: UnitOfWork, grant: RoleGrant | None, wanted: WantedRole) -> Change:
    if grant is not None and grant.valid_to == wanted.period.valid_to:
        return Change.UNCHANGED
    change = Change.ADDED if grant is None else Change.UPDATED
    grant = grant or RoleGrant(
        person_id=wanted.person_id,
        role=wanted.role.value,
        unit_id=wanted.unit_id,
        section_id=wanted.section_id,
        valid_from=wanted.period.valid_from,
    )
    grant.valid_to = wanted.period.valid_to
    await uow.people.add(grant)
    return change


def _key(grant: RoleGrant) -> Key:
    return grant.person_id, grant.role, grant.unit_id, grant.section_id, grant.valid_from
