"""chat.*: messages posted, edited, shown to one person, deleted and linked to."""

from __future__ import annotations

from typing import Any

from playground import limits
from playground.errors import SlackRefusal
from playground.messages import Channel, Message
from playground.rules import Json
from playground.surfaces import check_message, check_metadata
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api


async def post_message(api: Api, args: Arguments) -> Json:
    """chat.postMessage: `channel` may be a user's id, the answer always has the D… id."""
    channel = _destination(api, args.needed("channel"))
    content = _content(args)
    message = api.workspace.post(channel, user=api.workspace.bot_user_id, **content)
    api.events.emit_message(channel, message)
    return _answer(api, message)


async def post_ephemeral(api: Api, args: Arguments) -> Json:
    """chat.postEphemeral: one member of the conversation sees it."""
    channel = _destination(api, args.needed("channel"))
    to = args.needed("user")
    if to not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    content = _content(args)
    content.pop("metadata", None)
    message = api.workspace.whisper(channel, to, user=api.workspace.bot_user_id, **content)
    return {"message_ts": message.ts}


async def update(api: Api, args: Arguments) -> Json:
    """chat.update: wants the D… id; text without blocks takes the blocks away."""
    channel = api.workspace.channel(args.needed("channel"))
    message = _own_message(api, channel, args.needed("ts"), "cant_update_message")
    if len(args.text("text")) > limits.UPDATE_TEXT:
        raise SlackRefusal("msg_too_long")
    changes = _content(args)
    changes.pop("thread_ts", None)
    changes.setdefault("blocks", None)
    edited = api.workspace.edit(message, **changes)
    api.events.emit_message(channel, edited, subtype="message_changed")
    return {**_answer(api, edited), "text": edited.text}


async def delete(api: Api, args: Arguments) -> Json:
    """chat.delete: the app's own messages only."""
    channel = api.workspace.channel(args.needed("channel"))
    message = _own_message(api, channel, args.needed("ts"), "cant_delete_message")
    api.workspace.remove(message)
    api.events.emit_message(channel, message, subtype="message_deleted")
    return {"channel": channel.id, "ts": message.ts}


async def get_permalink(api: Api, args: Arguments) -> Json:
    """chat.getPermalink."""
    channel = api.workspace.channel(args.needed("channel"))
    ts = args.needed("message_ts")
    if ts not in channel.messages:
        raise SlackRefusal("message_not_found")
    link = f"{api.base_url}archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def _destination(api: Api, name: str) -> Channel:
    workspace = api.workspace
    if name == workspace.bot_user_id:
        raise SlackRefusal("cannot_dm_bot")
    user = workspace.users.get(name)
    channel = workspace.direct_channel(name) if user else workspace.channel(name)
    if workspace.bot_user_id not in channel.members:
        raise SlackRefusal("not_in_channel")
    # Slack takes a message to somebody who has left without a word (python-slack-sdk#1156).
    gone = any(workspace.users[m].deleted for m in channel.members)
    if channel.is_im and gone and workspace.refuse_deactivated:
        raise SlackRefusal(workspace.refuse_deactivated)
    return channel


def _content(args: Arguments) -> dict[str, Any]:
    blocks = args.structure("blocks", refusal="invalid_blocks_format")
    text = args.text("text")[: limits.MESSAGE_TEXT_KEPT]
    if not text.strip() and not blocks:
        raise SlackRefusal("no_text")
    content: dict[str, Any] = {"text": text}
    if blocks:
        check_message(blocks)
        content["blocks"] = blocks
    metadata = args.structure("metadata", refusal="invalid_metadata_format")
    if metadata:
        check_metadata(metadata)
        content["metadata"] = metadata
    if args.text("thread_ts"):
        content["thread_ts"] = args.text("thread_ts")
    return content


def _own_message(api: Api, channel: Channel, ts: str, refusal: str) -> Message:
    message = channel.messages.get(ts)
    if message is None:
        raise SlackRefusal("message_not_found")
    if message.user != api.workspace.bot_user_id:
        raise SlackRefusal(refusal)
    return message


def _answer(api: Api, message: Message) -> Json:
    described = message.describe(app_id=api.workspace.app_id, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": described}
