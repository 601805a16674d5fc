"""The help for one person: what can be typed, and as what they are registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.domain.people import Role, Viewer
from bot.services import viewers
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.help import Help, Registration
from storage.models import Ownership, Unit
from storage.unit_of_work import UnitOfWork

Held = list[tuple[Ownership, int, int]]


async def help_for(office: Office, caller: Caller) -> Help:
    """The help with the reader's own registrations; without any for a stranger."""
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.load(uow, caller, today)
        if viewer is None:
            return Help()
        held = await uow.people.held_by(viewer.person_id, today)
        units = await _units(uow, viewer)
        sections = await _sections(uow, viewer, held)
    own = next(iter(units.values()), None)
    return Help(
        registrations=tuple(_registrations(viewer, held, units, sections)),
        contact=own.contact if own else "",
        extension=own.extension if own else "",
    )


async def _units(uow: UnitOfWork, viewer: Viewer) -> dict[int, Unit]:
    ids = {grant.unit_id for grant in viewer.grants if grant.unit_id} | viewer.owner_units
    return {unit.id or 0: unit for unit in await uow.units.all() if unit.id in ids}


async def _sections(uow: UnitOfWork, viewer: Viewer, held: Held) -> dict[int, str]:
    ids = {grant.section_id for grant in viewer.grants if grant.section_id}
    return await uow.people.sections(ids | {own.section_id for own, _, _ in held if own.section_id})


def _registrations(
    viewer: Viewer, held: Held, units: Mapping[int, Unit], sections: Mapping[int, str]
) -> Iterator[Registration]:
    """Items first, counted by section; an owner without items is one all the same."""
    counts = Counter(
        (unit_id, own.section_id, own.person_id != viewer.person_id) for own, _, unit_id in held
    )
    for (unit_id, section_id, deputy), items in counts.items():
        yield Registration(
            role=Role.OWNER,
            unit_name=units[unit_id].name,
            section=sections.get(section_id or 0, ""),
            items=items,
            deputy=deputy,
        )
    for grant in viewer.grants:
        if grant.role is Role.OWNER and grant.unit_id in viewer.owner_units:
            continue
        yield Registration(
            role=grant.role,
            unit_name=units[grant.unit_id].name if grant.unit_id else "",
            section=sections.get(grant.section_id or 0, ""),
        )
