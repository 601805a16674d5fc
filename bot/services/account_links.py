"""A person who comes back under another account is the same person: their coordinator says so."""

from __future__ import annotations

from bot.domain import people
from bot.domain.errors import InvalidAnswers
from bot.domain.people import Viewer
from bot.services import viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.slack.directory import Directory
from bot.views import account_links as views
from bot.views.account_links import LinkForm, TypedLink
from storage.models import Account, Person, Unit
from storage.unit_of_work import UnitOfWork


async def open_form(office: Office, caller: Caller, unit_id: int) -> LinkForm:
    """The unit's form. Raises AccessDenied."""
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, unit_id)
    return LinkForm(unit_id, unit.name)


async def link(office: Office, caller: Caller, directory: Directory, typed: TypedLink) -> str:
    """Give a person of the unit the account; their name. Letters go there from now on.

    An account that is somebody else's, be it no longer in use, stays theirs: whose it is says who
    may read what. Raises InvalidAnswers, AccessDenied, and Refused when Slack is down.
    """
    async with office.database.read() as uow:
        viewer, _ = await _coordinated(office, uow, caller, typed.unit_id)
        await _person(uow, viewer, typed)
    if not typed.user:
        raise InvalidAnswers({views.USER: views.MISSING})
    found = await directory.info(typed.user)
    if found is None or not (found.is_active and found.is_staff):
        raise InvalidAnswers({views.USER: views.NOT_STAFF})
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, _ = await _coordinated(office, uow, caller, typed.unit_id)
        person = await _person(uow, viewer, typed)
        account = await uow.people.account(caller.team_id, typed.user)
        if account is not None and account.person_id != person.id:
            raise InvalidAnswers({views.USER: views.TAKEN})
        account = account or Account(
            person_id=person.id or 0, team_id=caller.team_id, slack_user_id=typed.user
        )
        await uow.people.deactivate(account, None)
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "account.link", f"person:{person.id}", {"account": account.id}
        )
        await uow.commit()
    return person.name


async def _coordinated(
    office: Office, uow: UnitOfWork, caller: Caller, unit_id: int
) -> tuple[Viewer, Unit]:
    today = office.today()
    return await viewers.coordinator(uow, caller, unit_id, today, refusal=views.MAY_NOT)


async def _person(uow: UnitOfWork, viewer: Viewer, typed: TypedLink) -> Person:
    """The one person of that name in the unit, who is in no unit that is not the viewer's."""
    found = await uow.people.by_name_in_unit(typed.name, typed.unit_id)
    if len(found) != 1:
        raise InvalidAnswers({views.NAME: views.SEVERAL if found else views.NOBODY})
    [person] = found
    units = await uow.people.units_of(person.id or 0)
    if not all(unit is not None and people.is_coordinator(viewer, unit) for unit in units):
        raise InvalidAnswers({views.NAME: views.ELSEWHERE})
    return person
