"""conversations.*: opening direct messages, and reading what is in them."""

from __future__ import annotations

from playground.errors import SlackRefusal
from playground.messages import Channel
from playground.rules import Json
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api, page


async def open_direct(api: Api, args: Arguments) -> Json:
    """conversations.open: one user for a direct message, several for a group."""
    if args.text("channel"):
        return _opened(api, api.workspace.channel(args.text("channel")), args)
    users = [u.strip() for u in args.needed("users").split(",") if u.strip()]
    if any(u not in api.workspace.users for u in users):
        raise SlackRefusal("user_not_found")
    if len(users) == 1:
        return _opened(api, _direct(api, users[0]), args)
    members = (api.workspace.bot_user_id, *users)
    return _opened(api, api.workspace.add_channel("G", "mpdm", members), args)


async def info(api: Api, args: Arguments) -> Json:
    """conversations.info."""
    return {"channel": _describe(api, api.workspace.channel(args.needed("channel")))}


async def members(api: Api, args: Arguments) -> Json:
    """conversations.members, by pages."""
    channel = api.workspace.channel(args.needed("channel"))
    some, metadata = page(list(channel.members), args, most=api.workspace.page_size)
    return {"members": some, "response_metadata": metadata}


async def history(api: Api, args: Arguments) -> Json:
    """conversations.history: newest first, by pages; metadata only when asked for."""
    channel = api.workspace.channel(args.needed("channel"))
    if api.workspace.bot_user_id not in channel.members:
        raise SlackRefusal("not_in_channel")
    messages = [m for m in channel.messages.values() if _within(m.ts, args)]
    some, metadata = page(messages[::-1], args, most=api.workspace.page_size)
    full = args.flag("include_all_metadata")
    app_id = api.workspace.app_id
    return {
        "messages": [m.describe(app_id=app_id, with_metadata=full) for m in some],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "response_metadata": metadata,
    }


def _within(ts: str, args: Arguments) -> bool:
    at, oldest, latest = float(ts), args.text("oldest"), args.text("latest")
    if args.flag("inclusive"):
        return (not oldest or at >= float(oldest)) and (not latest or at <= float(latest))
    return (not oldest or at > float(oldest)) and (not latest or at < float(latest))


def _direct(api: Api, user_id: str) -> Channel:
    if user_id == api.workspace.bot_user_id:
        raise SlackRefusal("cannot_dm_bot")
    if api.workspace.users[user_id].deleted and api.workspace.refuse_deactivated:
        raise SlackRefusal("user_disabled")
    return api.workspace.direct_channel(user_id)


def _opened(api: Api, channel: Channel, args: Arguments) -> Json:
    full = args.flag("return_im")
    return {"channel": _describe(api, channel) if full else {"id": channel.id}}


def _describe(api: Api, channel: Channel) -> Json:
    described: Json = {"id": channel.id, "is_im": channel.is_im, "is_archived": False}
    if channel.is_im:
        other = next(m for m in channel.members if m != api.workspace.bot_user_id)
        return {**described, "user": other, "is_open": True}
    return {**described, "name": channel.name, "is_channel": channel.kind == "channel"}
