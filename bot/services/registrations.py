"""The roster in Slack: who has which role in a unit, entered and changed one at a time.

What is entered goes the way of a roster of one row: the same checks, the same trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.errors import InvalidAnswers, NotFound
from bot.domain.people import Period, Role, Viewer
from bot.domain.plans import SheetRefused
from bot.domain.roster import Roster, RosterRow
from bot.services import accounts, people, units, viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.roster_changes import RosterChanges
from bot.services.trails import Trail
from bot.services.units import UnitChange
from bot.services.viewers import Caller
from bot.slack.directory import Directory
from bot.views import registrations as views
from bot.views import unit_facts
from bot.views.registrations import Registered, RegisteredList, RegistrationForm, TypedRegistration
from bot.views.targets import RegistrationTarget
from bot.views.unit_facts import TypedUnit, UnitForm
from storage.models import RoleGrant, Unit
from storage.unit_of_work import UnitOfWork

_ORDER = (Role.COORDINATOR, Role.MANAGER, Role.OBSERVER, Role.OWNER)
_FIELDS = {"slack_user_id": views.USER, "email": views.USER, "name": views.NAME, "role": views.ROLE}


async def list_registered(office: Office, caller: Caller, unit_id: int) -> RegisteredList:
    """Everybody with a role in a unit, from today on. Raises AccessDenied."""
    today = office.today()
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, unit_id)
        grants = await uow.people.registered_in(unit_id, today)
        found = await _registered(uow, grants)
        owners = await _owners(uow, unit_id, today)
    ordered = sorted(found, key=lambda each: (_ORDER.index(each.role), each.section, each.name))
    return RegisteredList(unit_id, unit.name, tuple(ordered), len(owners))


async def open_form(office: Office, caller: Caller, target: RegistrationTarget) -> RegistrationForm:
    """The form for a new role, or for one that there is. Raises AccessDenied."""
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, target.unit_id)
        sections = await uow.units.sections(target.unit_id)
        entry = None
        if target.grant_id:
            grant = await _grant(uow, target)
            [entry] = await _registered(uow, [grant])
    named = tuple((each.id or 0, each.name) for each in sections)
    return RegistrationForm(target.unit_id, unit.name, named, entry)


async def enter(
    office: Office, caller: Caller, directory: Directory, typed: TypedRegistration
) -> str:
    """Store a new role; whose it is. Raises InvalidAnswers, AccessDenied, Refused."""
    _refuse_missing(typed)
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, typed.target.unit_id)
        sections = {each.id: each.name for each in await uow.units.sections(unit.id or 0)}
    row = RosterRow(
        number=1,
        role=typed.role,
        ward=unit.code,
        slack_user_id=typed.user,
        name=typed.name,
        section=sections.get(typed.section, "") if typed.role is Role.MANAGER else "",
        period=Period(typed.first, typed.last),
    )
    roster = Roster((row,))
    resolution = await accounts.resolve(office, roster, directory)
    account = resolution.account(typed.user) if typed.user else None
    if typed.user and account is None:
        raise InvalidAnswers({views.USER: views.NOT_STAFF})
    async with office.database.begin() as uow:
        viewer, unit = await _coordinated(office, uow, caller, typed.target.unit_id)
        by = Actor.of(viewer, frozenset({unit.id or 0}))
        try:
            await people.carry_out(RosterChanges(office, uow, by), roster, resolution)
        except SheetRefused as refusal:
            raise InvalidAnswers(
                {_FIELDS.get(f.column or "", views.NAME): f.message for f in refusal.by_row}
            ) from None
        await uow.commit()
    return typed.name or (account.name if account else "")


async def change(office: Office, caller: Caller, typed: TypedRegistration) -> str:
    """Change a role that there is: name, section and days. Raises InvalidAnswers, AccessDenied."""
    if not typed.name:
        raise InvalidAnswers({views.NAME: views.NAME_MISSING})
    _refuse_days(typed)
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, unit = await _coordinated(office, uow, caller, typed.target.unit_id)
        grant = await _grant(uow, typed.target)
        await _refuse_leaving_nobody(uow, grant, typed.last)
        fields = [
            *await _rename(uow, viewer, grant, typed.name),
            *await _set(uow, unit, grant, typed),
        ]
        if fields:
            _note(office, uow, viewer, grant, fields)
            await uow.commit()
    return typed.name


async def open_unit(office: Office, caller: Caller, unit_id: int) -> UnitForm:
    """What is known of a unit. Raises AccessDenied."""
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, unit_id)
        sections = await uow.units.sections(unit_id)
        closures = (await uow.units.closures([unit_id]))[unit_id]
    recent = office.today() - timedelta(days=31)
    return UnitForm(
        unit_id=unit_id,
        name=unit.name,
        contact=unit.contact,
        extension=unit.extension,
        sections=tuple(each.name for each in sections),
        closures=tuple(sorted(day for day in closures if day >= recent)),
    )


async def set_unit(office: Office, caller: Caller, typed: TypedUnit) -> tuple[str, tuple[str, ...]]:
    """Set it: the unit's name, and the fields that changed. Closures long past stay as they are."""
    if typed.unread:
        raise InvalidAnswers({unit_facts.CLOSURES: unit_facts.unread_days(typed.unread)})
    recent = office.today() - timedelta(days=31)
    async with office.database.begin() as uow:
        viewer, unit = await _coordinated(office, uow, caller, typed.unit_id)
        stored = (await uow.units.closures([typed.unit_id]))[typed.unit_id]
        past = {day for day in stored if day < recent}
        wanted = UnitChange(
            contact=typed.contact,
            extension=typed.extension,
            sections=typed.sections,
            closures=tuple(sorted(past | set(typed.closures))),
        )
        by = Actor.of(viewer)
        changed = await units.carry_out(office, uow, unit, wanted, by)
        if changed:
            await uow.commit()
    return unit.name, changed


async def _coordinated(
    office: Office, uow: UnitOfWork, caller: Caller, unit_id: int
) -> tuple[Viewer, Unit]:
    today = office.today()
    return await viewers.coordinator(uow, caller, unit_id, today, refusal=views.MAY_NOT)


async def _grant(uow: UnitOfWork, target: RegistrationTarget) -> RoleGrant:
    grant = await uow.people.grant(target.grant_id)
    if grant is None or grant.unit_id != target.unit_id:
        raise NotFound(views.GONE)
    return grant


async def _registered(uow: UnitOfWork, grants: Iterable[RoleGrant]) -> list[Registered]:
    listed = list(grants)
    ids = {grant.person_id for grant in listed}
    named, reached = await uow.people.named(ids), await uow.people.accounts(ids)
    sections = await uow.people.sections({g.section_id for g in listed if g.section_id})
    return [
        Registered(
            grant_id=grant.id or 0,
            name=named[grant.person_id].name,
            role=Role(grant.role),
            section=sections.get(grant.section_id or 0, ""),
            first=grant.valid_from,
            last=grant.valid_to,
            reachable=grant.person_id in reached
            and reached[grant.person_id].deactivated_at is None,
        )
        for grant in listed
    ]


async def _owners(uow: UnitOfWork, unit_id: int, today: date) -> set[int]:
    """Who owns an item of any plan of the unit."""
    return {
        own.person_id
        for plan in await uow.plans.of_unit(unit_id)
        for own in await uow.people.ownerships_in_plan(plan.id or 0, today)
    }


def _refuse_missing(typed: TypedRegistration) -> None:
    faults = {}
    if not typed.user and not typed.name:
        faults[views.USER] = views.NOBODY
    if typed.role is None:
        faults[views.ROLE] = views.ROLE_MISSING
    if faults:
        raise InvalidAnswers(faults)
    _refuse_days(typed)


def _refuse_days(typed: TypedRegistration) -> None:
    if typed.first and typed.last and typed.last < typed.first:
        raise InvalidAnswers({views.LAST: views.LAST_BEFORE_FIRST})


async def _refuse_leaving_nobody(uow: UnitOfWork, grant: RoleGrant, last: date | None) -> None:
    """A unit whose last coordinator goes could not be set right in Slack any more."""
    if grant.role != Role.COORDINATOR or last is None:
        return
    after = last + timedelta(days=1)
    left = await uow.people.grants_in_unit(grant.unit_id or 0, Role.COORDINATOR, after)
    if all(each.id == grant.id for each in left):
        raise InvalidAnswers({views.LAST: views.LAST_COORDINATOR})


async def _rename(uow: UnitOfWork, viewer: Viewer, grant: RoleGrant, name: str) -> list[str]:
    person = await uow.people.get(grant.person_id)
    if person is None or person.name == name:
        return []
    theirs = {g.unit_id for g in viewer.grants if g.role is Role.COORDINATOR}
    if await uow.people.units_of(person.id or 0) - theirs:
        raise InvalidAnswers({views.NAME: views.OF_OTHERS})
    person.name = name
    await uow.people.add(person)
    return ["name"]


async def _set(
    uow: UnitOfWork, unit: Unit, grant: RoleGrant, typed: TypedRegistration
) -> list[str]:
    known = {each.id for each in await uow.units.sections(unit.id or 0)}
    of_section = grant.role == Role.MANAGER and typed.section in known
    values = {
        "section_id": typed.section if of_section else None,
        "valid_from": typed.first,
        "valid_to": typed.last,
    }
    changed = [key for key, value in values.items() if getattr(grant, key) != value]
    for key in changed:
        setattr(grant, key, values[key])
    if changed:
        await uow.people.add(grant)
    return changed


def _note(
    office: Office, uow: UnitOfWork, viewer: Viewer, grant: RoleGrant, fields: list[str]
) -> None:
    Trail(uow, office.now(), Actor.of(viewer)).note(
        "role.update",
        f"person:{grant.person_id}",
        {"role": grant.role, "unit": grant.unit_id, "fields": fields},
    )
