"""The Home tab, made anew each time it is opened, and when its owner has saved an answer."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import status
from bot.services.viewers import Caller
from bot.views.blocks import Json
from bot.views.home import build_home, build_home_refusal
from handlers import errors
from handlers.callers import Body, is_from
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the tab being opened."""

    async def opened(body: Body, event: dict[str, Any], client: AsyncWebClient) -> None:
        if not is_from(body, deps.team_id):
            return
        if event.get("tab") == "home" and deps.seen.is_new(str(body.get("event_id"))):
            user_id = str(event["user"])
            deps.at_home.is_new(user_id)
            deps.background.start(_publish(deps, client, user_id), action="home.publish")

    app.event("app_home_opened")(opened)


def bring_up_to_date(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    """Make somebody's Home anew, if they have opened it: Slack goes on showing what it was."""
    if deps.at_home.knows(user_id):
        deps.background.start(_publish(deps, client, user_id), action="home.publish")


async def _publish(deps: Deps, client: AsyncWebClient, user_id: str) -> None:
    async def say_why(message: str) -> None:
        await client.views_publish(user_id=user_id, view=build_home_refusal(message))

    async def publish() -> None:
        await client.views_publish(user_id=user_id, view=await _home(deps, user_id))

    await errors.answering(deps, publish(), say_why, user_id=user_id, action="home.publish")


async def _home(deps: Deps, user_id: str) -> Json:
    return build_home(await status.mine(deps.desk, Caller(deps.team_id, user_id)))
