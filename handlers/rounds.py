"""「振り返りの日程」 and 「お知らせの一時停止」: the coordinator opens, moves and ends a round."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import InvalidAnswers, NotFound, Refused
from bot.services import pauses, round_changes
from bot.views import entry_words, round_previews, round_settings
from bot.views import pauses as pause_views
from bot.views.actions import (
    PAUSE,
    PAUSE_END,
    PAUSE_OPEN,
    ROUND,
    ROUND_BACK,
    ROUND_CLOSE,
    ROUND_OPEN,
    ROUND_PREVIEW,
    family,
)
from bot.views.blocks import Json
from bot.views.targets import RoundTarget
from handlers import home, modals
from handlers.buttons import number_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.presses import doing
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    app.action(family(ROUND_OPEN))(modals.opening(deps, _form, action="round.open"))
    app.action(family(ROUND_CLOSE))(modals.opening(deps, _closing, action="round.close"))
    app.action(family(ROUND_BACK))(modals.opening(deps, _back, action="round.back"))
    app.action(family(PAUSE_OPEN))(modals.opening(deps, _pausing, action="pause.open"))
    app.action(family(PAUSE_END))(doing(deps, _end_pause, action="pause.end"))
    app.view(ROUND)(submitting(deps, _look, action="round.look"))
    app.view(ROUND_PREVIEW)(submitting(deps, _store, action="round.set"))
    app.view(PAUSE)(submitting(deps, _pause, action="pause"))


async def _form(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    target = RoundTarget.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return round_settings.build_form(await round_changes.open_form(deps.desk, caller, target))


async def _closing(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    found = await round_changes.open_closing(deps.desk, caller, number_of(body))
    return round_previews.build_preview(*found)


async def _back(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    typed = round_previews.read_preview(body.get("view") or {})
    return round_settings.build_form(await round_changes.retyped(deps.desk, caller, typed))


async def _look(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), round_settings.read_form(view)
    plans = await round_changes.look(deps.office, caller, typed)
    return modals.update(round_previews.build_preview(typed, plans))


async def _store(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), round_previews.read_preview(view)
    try:
        titles = await round_changes.change(deps.office, caller, typed)
    except InvalidAnswers as fault:  # this screen has no fields under which it could stand
        raise Refused("".join(fault.faults.values())) from fault
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(round_previews.build_stored(titles))


async def _pausing(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return pause_views.build_form(await pauses.open_form(deps.desk, caller, number_of(body)))


async def _pause(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    typed = pause_views.read_form(view)
    names = await pauses.pause(deps.office, caller, typed)
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(pause_views.build_paused(*names))


async def _end_pause(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    name, rested = await pauses.resume(deps.desk, caller, number_of(body))
    home.bring_up_to_date(deps, client, caller.user_id)
    return pause_views.build_resumed(name, rested=rested)
