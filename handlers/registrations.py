"""The roster and a unit's facts in Slack: lists and forms for the unit's coordinator."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import registrations
from bot.views import registrations as views
from bot.views import unit_facts
from bot.views.actions import PEOPLE_OPEN, PEOPLE_PAGE, PERSON, PERSON_OPEN, UNIT, UNIT_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import RegistrationTarget
from handlers import modals
from handlers.buttons import number_of, page_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the lists, the forms, and what is submitted."""
    app.action(family(PEOPLE_OPEN))(modals.opening(deps, _list, action="people.open"))
    app.action(family(PEOPLE_PAGE))(modals.opening(deps, _page, action="people.page"))
    app.action(family(PERSON_OPEN))(modals.opening(deps, _form, action="person.open"))
    app.action(family(UNIT_OPEN))(modals.opening(deps, _unit, action="unit.open"))
    app.view(PERSON)(submitting(deps, _entered, action="person"))
    app.view(UNIT)(submitting(deps, _set, action="unit"))


async def _list(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), number_of(body, gone=views.GONE)
    return views.build_list(await registrations.list_registered(deps.desk, caller, unit_id))


async def _page(deps: Deps, body: Body) -> Json:
    caller, page = caller_of(body, deps.team_id), page_of(body, gone=views.GONE)
    listed = await registrations.list_registered(deps.desk, caller, page.id)
    return views.build_list(listed, page.page)


async def _form(deps: Deps, body: Body) -> Json:
    target = RegistrationTarget.decode(value_of(body))
    if target is None:
        raise NotFound(views.GONE)
    caller = caller_of(body, deps.team_id)
    return views.build_registration(await registrations.open_form(deps.desk, caller, target))


async def _unit(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), number_of(body, gone=views.GONE)
    return unit_facts.build_unit(await registrations.open_unit(deps.desk, caller, unit_id))


async def _entered(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), views.read_registration(view)
    if typed.target.grant_id:
        name = await registrations.change(deps.office, caller, typed)
    else:
        name = await registrations.enter(deps.office, caller, deps.directory, typed)
    return modals.update(views.build_registered(name, typed.target.unit_id))


async def _set(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), unit_facts.read_unit(view)
    name, changed = await registrations.set_unit(deps.office, caller, typed)
    return modals.update(unit_facts.build_unit_set(name, changed))
