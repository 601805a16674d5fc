"""What is typed to the bot: one line that says where to go on, and nothing is read."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.conversation import render_pointer
from handlers import errors
from handlers.callers import Body, is_from
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for messages in the bot's own conversations."""

    async def said(body: Body, event: dict[str, Any], client: AsyncWebClient) -> None:
        if not is_from(body, deps.team_id):
            return
        if _is_persons(event) and deps.seen.is_new(str(body.get("event_id"))):
            deps.background.start(_point(client, event), action="conversation.answer")

    app.event("message")(said)


def _is_persons(event: dict[str, Any]) -> bool:
    """Whether a person wrote it: no edit or removal, no bot, not ourselves."""
    is_new = event.get("subtype") is None and event.get("channel_type") == "im"
    is_whole = bool(event.get("user")) and bool(event.get("channel"))
    return is_new and is_whole and not event.get("bot_id")


async def _point(client: AsyncWebClient, event: dict[str, Any]) -> None:
    said = render_pointer()
    posting = client.chat_postMessage(
        channel=str(event["channel"]),
        text=said.text,
        blocks=said.blocks,
        unfurl_links=False,
        unfurl_media=False,
    )
    await errors.quietly(posting, action="conversation.answer")
