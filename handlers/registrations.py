"""The roster and a unit's facts in Slack: lists and forms for the unit's coordinator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import registrations
from bot.views import registrations as views
from bot.views import unit_facts
from bot.views.actions import PEOPLE_OPEN, PEOPLE_PAGE, PERSON, PERSON_OPEN, UNIT, UNIT_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import Page, RegistrationTarget, decode_number
from handlers import errors, modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps

Screen = Mapping[str, Any]


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the lists, the forms, and what is submitted."""

    def opener(
        build: Callable[[Deps, Body], Awaitable[Json]], action: str
    ) -> Callable[..., Awaitable[None]]:
        async def opened(
            ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
        ) -> None:
            await ack()
            modals.answer(deps, body, client, respond, build(deps, body), action=action)

        return opened

    async def person(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _entered(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="person"))

    async def unit(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _set(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="unit"))

    app.action(family(PEOPLE_OPEN))(opener(_list, "people.open"))
    app.action(family(PEOPLE_PAGE))(opener(_page, "people.page"))
    app.action(family(PERSON_OPEN))(opener(_form, "person.open"))
    app.action(family(UNIT_OPEN))(opener(_unit, "unit.open"))
    app.view(PERSON)(person)
    app.view(UNIT)(unit)


async def _list(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), _number(body)
    return views.build_list(await registrations.list_registered(deps.desk, caller, unit_id))


async def _page(deps: Deps, body: Body) -> Json:
    caller, page = caller_of(body, deps.team_id), Page.decode(body["actions"][0].get("value"))
    if page is None:
        raise NotFound(views.GONE)
    listed = await registrations.list_registered(deps.desk, caller, page.id)
    return views.build_list(listed, page.page)


async def _form(deps: Deps, body: Body) -> Json:
    target = RegistrationTarget.decode(body["actions"][0].get("value"))
    if target is None:
        raise NotFound(views.GONE)
    caller = caller_of(body, deps.team_id)
    return views.build_registration(await registrations.open_form(deps.desk, caller, target))


async def _unit(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), _number(body)
    return unit_facts.build_unit(await registrations.open_unit(deps.desk, caller, unit_id))


async def _entered(deps: Deps, body: Body, view: Screen) -> Json:
    caller, typed = caller_of(body, deps.team_id), views.read_registration(view)
    if typed.target.grant_id:
        name = await registrations.change(deps.office, caller, typed)
    else:
        name = await registrations.enter(deps.office, caller, deps.directory, typed)
    return _update(views.build_registered(name, typed.target.unit_id))


async def _set(deps: Deps, body: Body, view: Screen) -> Json:
    caller, typed = caller_of(body, deps.team_id), unit_facts.read_unit(view)
    name, changed = await registrations.set_unit(deps.office, caller, typed)
    return _update(unit_facts.build_unit_set(name, changed))


def _number(body: Body) -> int:
    found = decode_number(body["actions"][0].get("value"))
    if found is None:
        raise NotFound(views.GONE)
    return found


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
