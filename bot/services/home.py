"""Home for one person: their tabs, and the page that is shown, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import people
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.people import Role, Viewer
from bot.services import status, viewers
from bot.services.home_observer import observer_home
from bot.services.home_owner import owner_home, past_home
from bot.services.home_units import UnitRow, coordinator_home, manager_home
from bot.services.office import Office
from bot.services.units import own_id
from bot.services.viewers import Caller
from bot.views.home import Body, Home, Place, Tab
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.targets import PageTarget
from storage.unit_of_work import UnitOfWork

_ROLES = {
    HomeTab.COORDINATOR: Role.COORDINATOR,
    HomeTab.MANAGER: Role.MANAGER,
}


@dataclass(frozen=True)
class Reader:
    """Whose Home it is: ``unit_ids`` are those of which it may tell; None is every unit."""

    home: Home
    unit_ids: frozenset[int | None]


async def read(office: Office, caller: Caller, place: Place | None = None) -> Reader:
    """The page that was asked for; one that is not, or no longer, this person's is their first.

    Raises NotRegistered.
    """
    if isinstance(place, PageTarget):
        found = await _status_page(office, caller, place)
        if found is not None:
            return found
        place = None
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        units = await _units(uow)
        tabs = _tabs(viewer, units)
        target = _chosen(tabs, place)
        body = await _body(uow, office, viewer, target, units)
    return Reader(Home(tabs, target, body, office.now()), _unit_ids(viewer))


async def units_of(office: Office, caller: Caller) -> frozenset[int | None]:
    """The units with which somebody has to do; None among them is every unit."""
    async with office.database.read() as uow:
        viewer = await viewers.load(uow, caller, office.today())
    return _unit_ids(viewer) if viewer is not None else frozenset()


async def _status_page(office: Office, caller: Caller, place: PageTarget) -> Reader | None:
    """A unit's status on Home; None when it is not for this person."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        tabs = _tabs(viewer, await _units(uow))
    try:
        shown = await status.of_page(office, caller, place)
    except (AccessDenied, NotFound):
        return None
    return Reader(Home(tabs, place, shown, office.now()), _unit_ids(viewer))


async def _units(uow: UnitOfWork) -> dict[int, UnitRow]:
    rows = await uow.overviews.units()
    return {row.id: UnitRow(row.id, row.name, row.contact, row.paused_until) for row in rows}


def _tabs(viewer: Viewer, units: Mapping[int, UnitRow]) -> tuple[Tab, ...]:
    """What the person owns first, then each role with its units in official order."""
    tabs = [Tab(HomeTarget(HomeTab.OWNER))] if viewer.answerable or not viewer.grants else []
    for tab, role in _ROLES.items():
        held = {grant.unit_id for grant in viewer.grants if grant.role is role}
        tabs += [Tab(HomeTarget(tab, id_), unit.name) for id_, unit in units.items() if id_ in held]
    if any(grant.role is Role.OBSERVER for grant in viewer.grants):
        tabs.append(Tab(HomeTarget(HomeTab.OBSERVER)))
    return tuple(tabs) or (Tab(HomeTarget(HomeTab.OWNER)),)


def _chosen(tabs: tuple[Tab, ...], place: HomeTarget | None) -> HomeTarget:
    """The place if it lies in one of the person's tabs, else the first tab."""
    first = tabs[0].target
    if place is None:
        return first
    tab = HomeTab.OWNER if place.tab is HomeTab.PAST else place.tab
    held = {(each.target.tab, each.target.unit_id) for each in tabs}
    return place if (tab, place.unit_id) in held else first


async def _body(
    uow: UnitOfWork,
    office: Office,
    viewer: Viewer,
    target: HomeTarget,
    units: Mapping[int, UnitRow],
) -> Body:
    match target.tab:
        case HomeTab.OWNER:
            own = units.get(own_id(viewer) or 0)
            contact = own.contact if own else ""
            return await owner_home(uow, office, viewer, contact=contact)
        case HomeTab.PAST:
            names = {id_: unit.name for id_, unit in units.items()}
            return await past_home(uow, office, viewer, names)
        case HomeTab.MANAGER:
            return await manager_home(uow, office, viewer, units[target.unit_id])
        case HomeTab.COORDINATOR:
            return await coordinator_home(uow, office, viewer, units[target.unit_id])
        case HomeTab.OBSERVER:
            seen = {id_: u.name for id_, u in units.items() if people.may_see_counts(viewer, id_)}
            return await observer_home(uow, office, seen)


def _unit_ids(viewer: Viewer) -> frozenset[int | None]:
    return viewer.owner_units | frozenset(grant.unit_id for grant in viewer.grants)
