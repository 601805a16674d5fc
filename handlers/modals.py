"""Opening and changing modals within the life of a trigger (3 s, one use; Slack, interactivity)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.actions import NOTICE_ONLY
from bot.views.blocks import Json
from bot.views.checkin_results import build_loading
from handlers import errors, replies
from handlers.callers import Body
from handlers.deps import Deps

log = logging.getLogger(__name__)

_CONFLICT = "hash_conflict"
_CLOSED = frozenset({"not_found", "view_not_found"})


Build = Callable[[Deps, Body], Awaitable[Json]]


def opening(
    deps: Deps, build: Build, *, action: str, above: bool = False
) -> Callable[..., Awaitable[None]]:
    """A listener for a button that opens the modal which ``build`` makes of the payload."""

    async def opened(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        answer(deps, body, client, respond, build(deps, body), action=action, above=above)

    return opened


def update(view: Json) -> Json:
    """What a submission is acknowledged with, for ``view`` to stand in the modal's place."""
    return {"response_action": "update", "view": view}


def answer(
    deps: Deps,
    body: Body,
    client: AsyncWebClient,
    respond: AsyncRespond,
    work: Awaitable[Json],
    *,
    action: str,
    above: bool = False,
) -> None:
    """Show the modal that ``work`` builds, or why there is none, once the click is acknowledged.

    ``above``: what is typed in the modal in which the button was pressed is still there below.
    """
    user_id = str(body.get("user_id") or body["user"]["id"])  # a command has the former
    reading = errors.as_view(deps, work, user_id=user_id, action=action)
    showing = show(client, body, reading, patience=deps.patience, above=above)
    saying = replies.in_words(respond)
    answering = errors.answering(deps, showing, saying, user_id=user_id, action=action)
    deps.background.start(answering, action=action)


async def show(
    client: AsyncWebClient,
    body: Body,
    reading: Awaitable[Json],
    *,
    patience: float,
    above: bool = False,
) -> None:
    """Show a view that is being read; after ``patience`` seconds 「読み込み中」 until it is there.

    ``reading`` raises nothing. Raises SlackApiError when no modal can be opened any more.
    """
    loading: list[asyncio.Task[Mapping[str, Any]]] = []

    def lose_patience() -> None:
        opening = _present(client, body, build_loading(), above=above)
        loading.append(asyncio.ensure_future(opening))

    timer = asyncio.get_running_loop().call_later(patience, lose_patience)
    try:
        view = await reading
    finally:
        timer.cancel()
    if not loading:
        await _present(client, body, view, above=above)
        return
    opened = await loading[0]
    await replace(client, str(opened["id"]), view)


async def replace(
    client: AsyncWebClient, view_id: str, view: Json, *, hash_seen: str | None = None
) -> str | None:
    """Replace a modal on the screen; its new hash, or None when it changed since ``hash_seen``.

    One that was closed meanwhile is left closed.
    """
    try:
        answer = await client.views_update(view_id=view_id, view=view, hash=hash_seen)
    except SlackApiError as error:
        if error.response.get("error") == _CONFLICT:
            return None
        if error.response.get("error") not in _CLOSED:
            raise
        log.info("A modal was closed meanwhile.", extra={"action": "modal.closed"})
        return ""
    shown: Mapping[str, Any] = answer["view"]
    return str(shown.get("hash", ""))


async def _present(
    client: AsyncWebClient, body: Body, view: Json, *, above: bool
) -> Mapping[str, Any]:
    """Open a modal, or change the one in which the button was pressed.

    One that asks for something stays below another that is to be shown ``above`` it.
    """
    shown = body.get("view") or {}
    if shown.get("type") == "modal" and above and shown.get("callback_id") != NOTICE_ONLY:
        answer = await client.views_push(trigger_id=str(body["trigger_id"]), view=view)
    elif shown.get("type") == "modal":
        answer = await client.views_update(view_id=str(shown["id"]), view=view)
    else:
        answer = await client.views_open(trigger_id=str(body["trigger_id"]), view=view)
    found: Mapping[str, Any] = answer["view"]
    return found
