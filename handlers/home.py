"""The Home tab: made when it is opened or another tab is chosen, and when something has changed.

It is published only when it says something else than before, so that nothing flickers.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import home as homes
from bot.services.viewers import Caller
from bot.views.actions import HOME_TAB, family
from bot.views.home import build_home, build_home_refusal, decode_place, read_home
from handlers import errors
from handlers.callers import Body, caller_of, is_from
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the tab being opened, and for what is chosen on it."""

    async def opened(body: Body, event: dict[str, Any], client: AsyncWebClient) -> None:
        if not is_from(body, deps.team_id):
            return
        if event.get("tab") == "home" and deps.seen.is_new(str(body.get("event_id"))):
            user_id = str(event["user"])
            place, digest = read_home(event.get("view"))
            deps.at_home.opened(user_id, place, digest, deps.desk.machine.now())
            deps.background.start(_publish(deps, client, user_id), action="home.publish")

    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        go(deps, client, body)

    app.event("app_home_opened")(opened)
    app.action(family(HOME_TAB))(choose)


def is_home(body: Body) -> bool:
    """Whether a button was pressed on Home."""
    return (body.get("view") or {}).get("type") == "home"


def go(deps: Deps, client: AsyncWebClient, body: Body) -> None:
    """Show the place that a button or a list on Home names."""
    work = errors.quietly(_go(deps, client, body), action="home.tab")
    deps.background.start(work, action="home.tab")


async def _go(deps: Deps, client: AsyncWebClient, body: Body) -> None:
    user_id = caller_of(body, deps.team_id).user_id
    pressed = body["actions"][0]
    chosen = pressed.get("selected_option") or pressed
    _, digest = read_home(body.get("view"))
    place = decode_place(chosen.get("value"))
    deps.at_home.opened(user_id, place, digest, deps.desk.machine.now())
    await _publish(deps, client, user_id)


def bring_up_to_date(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    """Make the Home of who did something anew if they have opened it, and that of colleagues who
    are looking at theirs: Slack goes on showing what it was.
    """
    if deps.at_home.knows(user_id):
        _make_anew(deps, client, user_id)
    if deps.at_home.is_anybody_else_looking(user_id, deps.desk.machine.now()):
        deps.background.start(_tell_colleagues(deps, client, user_id), action="home.colleagues")


def _make_anew(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    if deps.at_home.is_first_to_wait(user_id):
        deps.background.start(_publish(deps, client, user_id), action="home.publish")


async def _tell_colleagues(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    units = await homes.units_of(deps.desk, Caller(deps.team_id, user_id))
    for each in deps.at_home.looking(user_id, units, deps.desk.machine.now()):
        _make_anew(deps, client, each)


async def _publish(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    async def say_why(message: str) -> None:
        deps.at_home.outdate(user_id)
        await client.views_publish(user_id=user_id, view=build_home_refusal(message))

    async with deps.at_home.turn(user_id):
        work = _show(deps, client, user_id)
        await errors.answering(deps, work, say_why, user_id=user_id, action="home.publish")


async def _show(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    shown = deps.at_home.of(user_id)
    reader = await homes.read(deps.desk, Caller(deps.team_id, user_id), shown.place)
    view = build_home(reader.home)
    place, digest = reader.home.place, read_home(view)[1]
    if digest != shown.digest:
        await client.views_publish(user_id=user_id, view=view)
    deps.at_home.shows(user_id, place, digest, reader.unit_ids)
