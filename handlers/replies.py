"""Answers through a response_url: seen by one person only, wherever they asked."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncRespond

from bot.views.blocks import Rendered
from bot.views.errors import render_error
from handlers import errors
from handlers.callers import Body
from handlers.deps import Deps

log = logging.getLogger(__name__)


def answer(
    deps: Deps,
    body: Body,
    respond: AsyncRespond,
    work: Awaitable[Rendered],
    *,
    action: str,
    replaces: bool = True,
) -> None:
    """Say what ``work`` finds, or why it finds nothing, once the request is acknowledged.

    ``replaces``: in place of what only its reader saw, and in which the button was pressed.
    """
    user_id = str(body.get("user_id") or (body.get("user") or {}).get("id", ""))
    saying = _say(respond, work, replacing=replaces and _is_ephemeral(body))
    answered = errors.answering(deps, saying, in_words(respond), user_id=user_id, action=action)
    deps.background.start(answered, action=action)


async def _say(respond: AsyncRespond, work: Awaitable[Rendered], *, replacing: bool) -> None:
    await whisper(respond, await work, replacing=replacing)


async def whisper(respond: AsyncRespond, said: Rendered, *, replacing: bool = False) -> None:
    """Say it to the one who asked; ``replacing`` what they pressed a button in."""
    if not respond.response_url:
        log.warning("There is no way to answer.", extra={"action": "answer.lost"})
        return
    answer = await respond(
        text=said.text,
        blocks=said.blocks,
        response_type="ephemeral",
        replace_original=replacing,
    )
    if answer.status_code != 200:
        log.warning(
            "An answer was not taken.",
            extra={"action": "answer.lost", "error": f"http_{answer.status_code}"},
        )


def in_words(respond: AsyncRespond) -> Callable[[str], Awaitable[None]]:
    """How a sentence is said to the one who asked."""

    async def say(message: str) -> None:
        await whisper(respond, render_error(message))

    return say


def _is_ephemeral(body: Body) -> bool:
    """Whether the button stood in something only its presser sees, which may be replaced."""
    return bool((body.get("container") or {}).get("is_ephemeral"))
