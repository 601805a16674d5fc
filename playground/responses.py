"""What an app sends to a response_url, or in the acknowledgement of a slash command."""

from __future__ import annotations

from typing import Any

from playground.errors import SlackRefusal
from playground.events import Events
from playground.messages import Channel, Message
from playground.rules import Json
from playground.surfaces import check_message, check_metadata
from playground.triggers import ResponseUrl
from playground.workspace import Workspace


def respond(workspace: Workspace, events: Events, url: ResponseUrl, body: Json) -> None:
    """Carry out one use of a response URL; ephemeral unless it says otherwise."""
    original = _current(workspace, url)
    if body.get("delete_original"):
        if original is None:
            raise SlackRefusal("message_not_found")
        workspace.remove(original)
    elif body.get("replace_original") and original is not None:
        edited = workspace.edit(original, **{"blocks": None, **_content(body)})
        if not edited.ephemeral_to:
            events.emit_message(url.channel, edited, subtype="message_changed")
    else:
        say_to(workspace, events, url.channel, url.user_id, body)


def say_to(
    workspace: Workspace, events: Events, channel: Channel, user_id: str, body: Json
) -> Message:
    """Show an answer to one person, or with `in_channel` to everyone in the conversation."""
    content = _content(body)
    bot = workspace.bot_user_id
    if body.get("response_type") != "in_channel":
        content.pop("metadata", None)
        return workspace.whisper(channel, user_id, user=bot, **content)
    message = workspace.post(channel, user=bot, **content)
    events.emit_message(channel, message)
    return message


def _current(workspace: Workspace, url: ResponseUrl) -> Message | None:
    if url.original is None:
        return None
    return workspace.message(url.original.channel, url.original.ts)


def _content(body: Json) -> dict[str, Any]:
    blocks, text = body.get("blocks"), body.get("text")
    if not blocks and not (isinstance(text, str) and text.strip()):
        raise SlackRefusal("no_text")
    content: dict[str, Any] = {"text": str(text or "")}
    if blocks:
        check_message(blocks, total=None)
        content["blocks"] = blocks
    if body.get("metadata"):
        check_metadata(body["metadata"])
        content["metadata"] = body["metadata"]
    return content
