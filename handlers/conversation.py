"""What is typed to the bot: one line that says where to go on, and nothing is read."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.conversation import render_pointer
from handlers.callers import Body
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for messages in the bot's own conversations."""

    async def said(body: Body, event: dict[str, Any], client: AsyncWebClient) -> None:
        if _is_persons(event) and deps.seen.is_new(str(body.get("event_id"))):
            deps.background.start(_point(client, event), action="conversation.answer")

    app.event("message")(said)


def _is_persons(event: dict[str, Any]) -> bool:
    """Whether a person wrote it: no edit or removal, no bot, not ourselves."""
    is_new = event.get("subtype") is None and event.get("channel_type") == "im"
    return is_new and bool(event.get("user")) and not event.get("bot_id")


async def _point(client: AsyncWebClient, event: dict[str, Any]) -> None:
    said = render_pointer()
    await client.chat_postMessage(
        channel=str(event["channel"]),
        text=said.text,
        blocks=said.blocks,
        unfurl_links=False,
        unfurl_media=False,
    )
