"""Everything that one person answers for in a unit passes to another, also ahead of the day."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.errors import EntryClosed, InvalidAnswers
from bot.domain.handovers import Handover, Holding, handovers
from bot.domain.people import Period, Viewer
from bot.services import ownerships, viewers
from bot.services.actors import Actor
from bot.services.answerers import look_again
from bot.services.office import Office
from bot.services.ownerships import Wanted
from bot.services.roster_changes import RosterChanges
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import handovers as views
from bot.views.handovers import Coming, Done, HandoverForm, TypedHandover
from bot.views.targets import HandoverTarget
from storage.models import Ownership, Person, Unit
from storage.unit_of_work import UnitOfWork

_A_DAY = timedelta(days=1)


async def open_form(office: Office, caller: Caller, unit_id: int) -> HandoverForm:
    """The unit's form, with the handovers that have not begun. Raises AccessDenied."""
    today = office.today()
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, unit_id)
        sections = await uow.units.sections(unit_id)
        coming = await _coming(uow, unit_id, today)
    return HandoverForm(
        unit_id=unit_id,
        unit_name=unit.name,
        today=today,
        sections=tuple((each.id or 0, each.name) for each in sections),
        coming=coming,
    )


async def enter(office: Office, caller: Caller, typed: TypedHandover) -> Done:
    """Give all that somebody owns in the unit to somebody else, from a day on.

    Who else owns an item stays its owner. Raises InvalidAnswers for faults, AccessDenied.
    """
    today = office.today()
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, _ = await _coordinated(office, uow, caller, typed.unit_id)
        former, owner, deputy = await _people(uow, caller, typed, today)
        first = typed.first or today
        owned = [
            own
            for own in await uow.people.owned_in_unit(typed.unit_id, first)
            if own.person_id == former.id
        ]
        if not owned:
            raise InvalidAnswers({views.FORMER: views.NOTHING_HELD})
        items = {own.initiative_id for own in owned}
        sections = {each.id for each in await uow.units.sections(typed.unit_id)}
        section = typed.section if typed.section in sections else None
        wanted = [_wanted(own, owner, deputy, section, first) for own in owned]
        others = [
            own
            for own in await uow.people.ownerships(items)
            if own.person_id not in (former.id, owner.id)
        ]
        changes = RosterChanges(office, uow, Actor.of(viewer, frozenset({typed.unit_id})))
        await ownerships.apply(uow, changes, [*wanted, *map(_as_it_is, others)])
        await look_again(office, uow, items)
        codes = await _codes(uow, items)
        await uow.commit()
    return Done(former.name, owner.name, first, codes)


async def take_back(office: Office, caller: Caller, target: HandoverTarget) -> Done:
    """Undo a handover that has not begun. Raises EntryClosed once it has, AccessDenied."""
    today = office.today()
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, _ = await _coordinated(office, uow, caller, target.unit_id)
        if target.day <= today:
            raise EntryClosed(views.GONE)
        listed = await uow.people.ownerships_in_unit(target.unit_id)
        passed = [each for each in _handovers(listed) if _is_of(each, target)]
        if not passed:
            raise EntryClosed(views.GONE)
        for each in passed:
            await _undo(uow, each, listed)
        items = {each.item_id for each in passed}
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "handover.take-back",
            f"person:{target.former_id}",
            {"to": target.owner_id, "from": str(target.day), "items": sorted(items)},
        )
        named = await uow.people.named({target.former_id, target.owner_id})
        codes = await _codes(uow, items)
        await uow.commit()
    former, owner = named[target.former_id], named[target.owner_id]
    return Done(former.name, owner.name, target.day, codes)


async def _coordinated(
    office: Office, uow: UnitOfWork, caller: Caller, unit_id: int
) -> tuple[Viewer, Unit]:
    today = office.today()
    return await viewers.coordinator(uow, caller, unit_id, today, refusal=views.MAY_NOT)


async def _people(
    uow: UnitOfWork, caller: Caller, typed: TypedHandover, today: date
) -> tuple[Person, Person, Person | None]:
    """Former owner, new owner and deputy, once everything that was chosen is in order."""
    chosen = {views.FORMER: typed.former, views.OWNER: typed.owner, views.DEPUTY: typed.deputy}
    found = {
        key: await uow.people.by_account(caller.team_id, user_id, active=key != views.FORMER)
        for key, user_id in chosen.items()
        if user_id
    }
    faults = {key: views.UNKNOWN for key, person in found.items() if person is None}
    faults |= {key: views.MISSING for key in (views.FORMER, views.OWNER) if key not in found}
    if typed.first is None or typed.first < today:
        faults[views.FIRST] = views.FIRST_PAST
    former, owner, deputy = (found.get(key) for key in chosen)
    if former and owner and former.id == owner.id:
        faults[views.OWNER] = views.SAME
    if owner and deputy and owner.id == deputy.id:
        faults[views.DEPUTY] = views.DEPUTY_SELF
    if faults or former is None or owner is None:
        raise InvalidAnswers(faults)
    return former, owner, deputy


def _wanted(
    own: Ownership, owner: Person, deputy: Person | None, section: int | None, first: date
) -> Wanted:
    kept = own.deputy_id if own.deputy_id != owner.id else None
    return Wanted(
        initiative_id=own.initiative_id,
        person_id=owner.id or 0,
        period=Period(first, own.valid_to),
        deputy_id=deputy.id if deputy else kept,
        section_id=section or own.section_id,
    )


def _as_it_is(own: Ownership) -> Wanted:
    period = Period(own.valid_from, own.valid_to)
    return Wanted(own.initiative_id, own.person_id, period, own.deputy_id, own.section_id)


async def _coming(uow: UnitOfWork, unit_id: int, today: date) -> tuple[Coming, ...]:
    groups: dict[HandoverTarget, set[int]] = {}
    for each in _handovers(await uow.people.ownerships_in_unit(unit_id)):
        if each.day > today:
            target = HandoverTarget(unit_id, each.former_id, each.owner_id, each.day)
            groups.setdefault(target, set()).add(each.item_id)
    named = await uow.people.named(
        {person for target in groups for person in (target.former_id, target.owner_id)}
    )
    coming = []
    for target, items in sorted(groups.items(), key=lambda each: each[0].day):
        former, owner = named[target.former_id].name, named[target.owner_id].name
        coming.append(Coming(target, former, owner, await _codes(uow, items)))
    return tuple(coming)


def _handovers(listed: list[Ownership]) -> list[Handover]:
    return handovers(
        Holding(own.initiative_id, own.person_id, own.valid_from, own.valid_to) for own in listed
    )


def _is_of(each: Handover, target: HandoverTarget) -> bool:
    return (each.former_id, each.owner_id, each.day) == (
        target.former_id,
        target.owner_id,
        target.day,
    )


async def _undo(uow: UnitOfWork, each: Handover, listed: list[Ownership]) -> None:
    """The former owner's goes on for as long as the new one's would have."""
    theirs = [own for own in listed if own.initiative_id == each.item_id]
    [new, *_] = [o for o in theirs if (o.person_id, o.valid_from) == (each.owner_id, each.day)]
    [old, *_] = [
        o for o in theirs if (o.person_id, o.valid_to) == (each.former_id, each.day - _A_DAY)
    ]
    old.valid_to = new.valid_to
    await uow.people.remove(new)
    await uow.people.add(old)


async def _codes(uow: UnitOfWork, items: set[int]) -> tuple[str, ...]:
    found = [await uow.plans.initiative(item) for item in sorted(items)]
    return tuple(each.code for each in found if each)
