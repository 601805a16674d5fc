"""Who answers for which items, as a coordinator says in Slack: many at once, from a day on."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import InvalidAnswers, NotFound, Refused
from bot.domain.people import Period
from bot.domain.roster import Roster, RosterRow
from bot.services import accounts, coordinators, ownerships
from bot.services.accounts import Resolution
from bot.services.actors import Actor
from bot.services.answerers import look_again
from bot.services.identities import Identities
from bot.services.office import Office
from bot.services.ownerships import Wanted
from bot.services.roster_changes import RosterChanges
from bot.services.viewers import Caller
from bot.slack.directory import Directory
from bot.views import owners as views
from bot.views.owners import Assigned, OwnedItem, OwnersForm, TypedOwners
from storage.models import Initiative, Person, Plan
from storage.unit_of_work import UnitOfWork


async def open_form(office: Office, caller: Caller, plan_id: int) -> OwnersForm:
    """A plan's items with their owners of today. Raises AccessDenied, and NotFound for no plan."""
    today = office.today()
    async with office.database.read() as uow:
        _, plan = await coordinators.plan_for(office, uow, caller, plan_id, refusal=views.MAY_NOT)
        unit = await uow.units.get(plan.unit_id)
        items = await uow.plans.initiatives(plan_id)
        owned = await uow.people.ownerships_in_plan(plan_id, today)
        named = await uow.people.named({own.person_id for own in owned})
        sections = await uow.units.sections(plan.unit_id)
    if not items:
        raise Refused(views.NO_ITEMS)
    form = office.forms[plan.form]
    names: dict[int, list[str]] = {}
    for own in owned:
        names.setdefault(own.initiative_id, []).append(named[own.person_id].name)
    listed = [
        OwnedItem(
            each.id or 0, form.shown_code(each.code), each.title, tuple(names.get(each.id or 0, ()))
        )
        for each in items
    ]
    return OwnersForm(
        plan_id=plan_id,
        unit_name=unit.name if unit else "",
        year=plan.first_year,
        plan_name=plan.name or form.name,
        items=tuple(sorted(listed, key=lambda item: bool(item.owners))),
        sections=tuple((each.id or 0, each.name) for each in sections),
        today=today,
        item=form.item,
    )


async def assign(
    office: Office, caller: Caller, directory: Directory, typed: TypedOwners
) -> Assigned:
    """Make somebody the owner of some items; whoever owned them does so until the day before.

    Raises InvalidAnswers for faults under fields, AccessDenied, and Refused when Slack is down.
    """
    _refuse_missing(office, typed)
    row = RosterRow(1, None, "", slack_user_id=typed.owner, name=typed.name, deputy=typed.deputy)
    async with office.database.read() as uow:
        await coordinators.plan_for(office, uow, caller, typed.plan_id, refusal=views.MAY_NOT)
    resolution = await accounts.resolve(office, Roster((row,)), directory)
    _refuse_outsiders(typed, resolution)
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, plan = await coordinators.plan_for(
            office, uow, caller, typed.plan_id, refusal=views.MAY_NOT
        )
        items = await _items(uow, typed)
        by = Actor.of(viewer, frozenset({plan.unit_id}))
        changes = RosterChanges(office, uow, by)
        identities = Identities(uow, changes, resolution)
        person = await _person(identities, row, plan)
        deputy = await _deputy(identities, typed, person)
        before = await _names_before(office, uow, typed, person)
        wanted = await _wanted(uow, typed, plan, person, deputy)
        identities.settle()
        await ownerships.apply(uow, changes, wanted)
        await look_again(office, uow, typed.items)
        reachable = bool(await uow.people.accounts([person.id or 0]))
        await uow.commit()
    first = typed.first or office.today()
    form = office.forms[plan.form]
    codes = tuple(form.shown_code(each.code) for each in items)
    return Assigned(person.name, codes, first, before, reachable=reachable)


def _refuse_missing(office: Office, typed: TypedOwners) -> None:
    faults = {}
    if not typed.items:
        faults[views.ITEMS] = views.NONE_CHOSEN
    if not typed.owner and not typed.name:
        faults[views.OWNER] = views.NOBODY
    if typed.owner and typed.name:
        faults[views.NAME] = views.TWO_PEOPLE
    if typed.owner and typed.owner == typed.deputy:
        faults[views.DEPUTY] = views.DEPUTY_SELF
    if typed.first is None:
        faults[views.FIRST] = views.FIRST_MISSING
    elif typed.first < office.today():
        faults[views.FIRST] = views.FIRST_PAST
    if faults:
        raise InvalidAnswers(faults)


def _refuse_outsiders(typed: TypedOwners, resolution: Resolution) -> None:
    faults = {
        key: views.NOT_STAFF
        for key, user_id in ((views.OWNER, typed.owner), (views.DEPUTY, typed.deputy))
        if user_id and resolution.account(user_id) is None
    }
    if faults:
        raise InvalidAnswers(faults)


async def _items(uow: UnitOfWork, typed: TypedOwners) -> list[Initiative]:
    found = await uow.plans.initiatives(typed.plan_id, only=typed.items)
    if len(found) != len(set(typed.items)):
        raise NotFound(views.NOT_IN_PLAN)
    return found


async def _person(identities: Identities, row: RosterRow, plan: Plan) -> Person:
    found = await identities.identify(replace(row, deputy=""), plan.unit_id)
    if isinstance(found, str):
        raise InvalidAnswers({views.NAME: found})
    return found


async def _deputy(identities: Identities, typed: TypedOwners, person: Person) -> Person | None:
    if not typed.deputy:
        return None
    deputy = await identities.deputy(typed.deputy)
    if deputy is None or deputy.id == person.id:
        raise InvalidAnswers({views.DEPUTY: views.DEPUTY_SELF if deputy else views.NOT_STAFF})
    return deputy


async def _wanted(
    uow: UnitOfWork, typed: TypedOwners, plan: Plan, person: Person, deputy: Person | None
) -> list[Wanted]:
    known = {each.id for each in await uow.units.sections(plan.unit_id)}
    section = typed.section if typed.section in known else None
    deputy_id = deputy.id if deputy else None
    return [
        Wanted(item, person.id or 0, Period(typed.first), deputy_id, section)
        for item in typed.items
    ]


async def _names_before(
    office: Office, uow: UnitOfWork, typed: TypedOwners, person: Person
) -> tuple[str, ...]:
    day = typed.first or office.today()
    owned = await uow.people.ownerships_in_plan(typed.plan_id, day, only=typed.items)
    others = {own.person_id for own in owned} - {person.id}
    return tuple(sorted(each.name for each in (await uow.people.named(others)).values()))
