"""「お知らせを送る」: a nudge about one late item, and a note to all who are late."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import nudges
from bot.views import entry_words
from bot.views import nudges as views
from bot.views.actions import NUDGE, NUDGE_ALL, NUDGE_ONE, family
from bot.views.blocks import Json
from bot.views.targets import Target, decode_number
from handlers import modals
from handlers.buttons import value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""
    app.action(family(NUDGE))(modals.opening(deps, _form, action="nudge.open"))
    app.view(NUDGE_ONE)(submitting(deps, _send_one, action="nudge.one"))
    app.view(NUDGE_ALL)(submitting(deps, _send_all, action="nudge.all"))


async def _form(deps: Deps, body: Body) -> Json:
    caller, value = caller_of(body, deps.team_id), value_of(body)
    target, round_id = Target.decode(value), decode_number(value)
    if target is not None:
        return views.build_one(await nudges.open_one(deps.desk, caller, target))
    if round_id is not None:
        return views.build_all(await nudges.open_all(deps.desk, caller, round_id))
    raise NotFound(entry_words.ITEM_NOT_FOUND)


async def _send_one(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    return _sent(await nudges.send_one(deps.office, caller, views.read_one(view)))


async def _send_all(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    return _sent(await nudges.send_all(deps.office, caller, *views.read_all(view)))


def _sent(nudged: views.Nudged) -> Json:
    return modals.update(views.build_sent(nudged))
