"""「不在の登録」: from Home, from `/kaikaku 不在`, and for others by who may speak for them."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import absences
from bot.views import absences as views
from bot.views import entry_words
from bot.views.actions import ABSENCE, ABSENCE_END, ABSENCE_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import decode_number
from handlers import home, modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.presses import doing
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    app.action(family(ABSENCE_OPEN))(
        modals.opening(deps, absence_form, action="absence.open", above=True)
    )
    app.action(family(ABSENCE_END))(doing(deps, _end, action="absence.end"))
    app.view(ABSENCE)(submitting(deps, _enter, action="absence"))


async def absence_form(deps: Deps, body: Body) -> Json:
    """The form that was asked for by a button, with whom it is about; a command is one's own."""
    caller = caller_of(body, deps.team_id)
    value = body["actions"][0].get("value") if "actions" in body else None
    person_id = decode_number(value)
    if value and person_id is None and value != "self":
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return views.build_form(await absences.open_form(deps.desk, caller, person_id))


async def _end(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
    caller, number = caller_of(body, deps.team_id), number_of(body)
    away, taken_back = await absences.end(deps.desk, caller, number)
    home.bring_up_to_date(deps, client, caller.user_id)
    return views.build_ended(away, taken_back=taken_back)


async def _enter(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    name, away = await absences.enter(deps.office, caller, views.read_form(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_entered(name, away))
