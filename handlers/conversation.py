"""What is said to the bot: files go to whoever reads them; to what is typed, one line says where
to go on, and nothing of it is read.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.viewers import Caller
from bot.views.conversation import render_pointer
from handlers import errors, files
from handlers.callers import Body, is_from
from handlers.deps import Deps

_WITH_FILES = "file_share"  # the subtype of a message with files (Slack, events/message)


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for messages in the bot's own conversations."""

    async def said(body: Body, event: dict[str, Any], client: AsyncWebClient) -> None:
        if not is_from(body, deps.team_id):
            return
        if not _is_persons(event) or not deps.seen.is_new(str(body.get("event_id"))):
            return
        if file_ids := _file_ids(event):
            caller = Caller(deps.team_id, str(event["user"]))
            files.take_in(deps, client, caller, str(event["channel"]), file_ids)
            return
        deps.background.start(_point(client, event), action="conversation.answer")

    app.event("message")(said)


def _is_persons(event: dict[str, Any]) -> bool:
    """Whether a person wrote it: no edit or removal, no bot, not ourselves."""
    is_new = event.get("subtype") in (None, _WITH_FILES) and event.get("channel_type") == "im"
    is_whole = bool(event.get("user")) and bool(event.get("channel"))
    return is_new and is_whole and not event.get("bot_id")


def _file_ids(event: dict[str, Any]) -> list[str]:
    found = event.get("files")
    listed = found if isinstance(found, list) else []
    return [str(file["id"]) for file in listed if isinstance(file, dict) and file.get("id")]


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
