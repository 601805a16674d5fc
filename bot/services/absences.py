"""Saying that somebody is away, by themselves or by who may speak for them."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain import people
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.people import Role, Viewer
from bot.services import viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import absences as views
from bot.views import entry_words
from bot.views.absences import AbsenceForm, Away, TypedAbsence
from storage.models import Absence, Person
from storage.unit_of_work import UnitOfWork

_AHEAD = timedelta(days=366)
# Who may speak for somebody else, and so is asked for whom; whether they may is looked at then.
_SPEAKING = (Role.MANAGER, Role.COORDINATOR)


async def open_form(office: Office, caller: Caller, person_id: int | None = None) -> AbsenceForm:
    """The form for one's own absence, or for another person's.

    Raises AccessDenied for somebody for whom the person may not speak.
    """
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        person = await _person(uow, viewer, person_id or viewer.person_id, today)
        entered = [await _away(uow, row) for row in await uow.absences.of([person.id or 0], today)]
    own = person.id == viewer.person_id
    chooses = own and any(grant.role in _SPEAKING for grant in viewer.grants)
    return AbsenceForm(
        person_id=person.id or 0,
        name="" if own else person.name,
        today=today,
        entered=tuple(entered),
        reader=caller.user_id if chooses else "",
    )


async def enter(office: Office, caller: Caller, typed: TypedAbsence) -> tuple[str, Away]:
    """Store an absence, once however often it comes; whose it is ("" for one's own), and what.

    Raises InvalidAnswers for faults under fields, AccessDenied.
    """
    today = office.today()
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, today)
        person = await _person(uow, viewer, await _chosen(uow, caller, typed), today)
        deputy = await _deputy(uow, caller.team_id, typed.deputy)
        first = _refuse_faults(typed, person, deputy, today)
        await _refuse_other_units(uow, person, deputy)
        deputy_id = deputy.id if deputy else None
        wanted = (first, typed.last, deputy_id)
        known = await uow.absences.of([person.id or 0], today)
        row = next((r for r in known if (r.first, r.last, r.deputy_id) == wanted), None)
        if row is None:
            row = Absence(
                person_id=person.id or 0,
                first=first,
                last=typed.last,
                deputy_id=deputy_id,
                entered_by=viewer.person_id,
                at=office.now(),
            )
            await uow.absences.add(row)
            _note(uow, office, viewer, row, "absence.enter")
            await _tell_letters(uow, office, person.id or 0)
            await uow.commit()
    own = person.id == viewer.person_id
    away = Away(row.id or 0, row.first, row.last, deputy.name if deputy else "")
    return ("" if own else person.name), away


async def end(office: Office, caller: Caller, absence_id: int) -> tuple[Away, bool]:
    """Take back an absence that has not begun, or let one that has end yesterday.

    Returns it, and whether it was taken back. Raises AccessDenied, EntryClosed once it is over.
    """
    today = office.today()
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, today)
        row = await uow.absences.get(absence_id)
        if row is None:
            raise NotFound(entry_words.ITEM_NOT_FOUND)
        await _person(uow, viewer, row.person_id, today)
        if row.cancelled_at is not None or (row.last is not None and row.last < today):
            raise EntryClosed(views.GONE)
        shown = await _away(uow, row)
        taken_back = row.first >= today
        if taken_back:
            row.cancelled_at = office.now()
        else:
            row.last = today - timedelta(days=1)
        await uow.absences.add(row)
        _note(uow, office, viewer, row, "absence.end")
        await _tell_letters(uow, office, row.person_id)
        await uow.commit()
    return shown, taken_back


async def _person(uow: UnitOfWork, viewer: Viewer, person_id: int, today: date) -> Person:
    """The person whose absence it is, if the viewer may speak for them."""
    person = await uow.people.get(person_id)
    if person is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if person_id == viewer.person_id:
        return person
    held: dict[int, set[int]] = {}
    for own, _, unit_id in await uow.people.held_by(person_id, today):
        if person_id not in (own.person_id, own.deputy_id):
            continue  # what they only stand in for says nothing of where they belong
        held.setdefault(unit_id, set()).update([own.section_id] if own.section_id else [])
    may = any(
        people.may_speak_for(viewer, unit_id, frozenset(sections))
        for unit_id, sections in held.items()
    )
    if not may:
        raise AccessDenied(views.MAY_NOT)
    return person


async def _chosen(uow: UnitOfWork, caller: Caller, typed: TypedAbsence) -> int:
    """For whom it is: who was chosen, else whose form it was."""
    if not typed.who:
        return typed.person_id
    found = await uow.people.by_account(caller.team_id, typed.who, active=True)
    if found is None:
        raise InvalidAnswers({views.WHO: views.WHO_UNKNOWN})
    return found.id or 0


async def _refuse_other_units(uow: UnitOfWork, person: Person, deputy: Person | None) -> None:
    """A deputy reads and answers the person's items: nobody of another unit is let in so."""
    if deputy is None:
        return
    theirs = await uow.people.units_of(person.id or 0) - {None}
    if not theirs & await uow.people.units_of(deputy.id or 0):
        raise InvalidAnswers({views.DEPUTY: views.DEPUTY_ELSEWHERE})


async def _deputy(uow: UnitOfWork, team_id: str, slack_user_id: str) -> Person | None:
    if not slack_user_id:
        return None
    found = await uow.people.by_account(team_id, slack_user_id, active=True)
    if found is None:
        raise InvalidAnswers({views.DEPUTY: views.DEPUTY_UNKNOWN})
    return found


def _refuse_faults(typed: TypedAbsence, person: Person, deputy: Person | None, today: date) -> date:
    """The first day, once everything that was chosen is in order."""
    faults = {}
    first = typed.first
    if first is None:
        faults[views.FIRST] = views.FIRST_MISSING
    elif first < today:
        faults[views.FIRST] = views.FIRST_PAST
    elif first > today + _AHEAD:
        faults[views.FIRST] = views.FIRST_FAR
    if typed.last is not None and first is not None and typed.last < first:
        faults[views.LAST] = views.LAST_BEFORE_FIRST
    if deputy is not None and deputy.id == person.id:
        faults[views.DEPUTY] = views.DEPUTY_SELF
    if faults or first is None:
        raise InvalidAnswers(faults)
    return first


async def _away(uow: UnitOfWork, row: Absence) -> Away:
    deputy = await uow.people.get(row.deputy_id) if row.deputy_id else None
    return Away(row.id or 0, row.first, row.last, deputy.name if deputy else "")


async def _tell_letters(uow: UnitOfWork, office: Office, person_id: int) -> None:
    """What stands in letters about this person's items is to be looked at again."""
    held = await uow.people.held_by(person_id, office.today())
    told = {person_id} | {own.deputy_id for own, _, _ in held if own.deputy_id}
    for row in await uow.rounds.of_plans({plan_id for _, plan_id, _ in held}):
        await uow.letter_updates.ask(told, row.id or 0, office.machine.now())


def _note(uow: UnitOfWork, office: Office, viewer: Viewer, row: Absence, action: str) -> None:
    Trail(uow, office.now(), Actor.of(viewer)).note(
        action,
        f"absence:{row.id}",
        {"person": row.person_id, "first": str(row.first), "last": str(row.last or "")},
    )
