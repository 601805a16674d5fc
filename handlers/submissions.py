"""What is submitted in a modal: carried out, and acknowledged with what is to be seen then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.views.blocks import Json
from handlers import errors
from handlers.callers import Body, Screen
from handlers.deps import Deps

CarryOut = Callable[[Deps, Body, Screen, AsyncWebClient], Coroutine[Any, Any, Json]]


def submitting(deps: Deps, carry_out: CarryOut, *, action: str) -> Callable[..., Awaitable[None]]:
    """A listener: ``carry_out`` does what was asked and gives Slack's ``response_action``."""

    async def submitted(ack: AsyncAck, body: Body, view: Screen, client: AsyncWebClient) -> None:
        work = carry_out(deps, body, view, client)
        await ack(**await errors.answer_to_submission(deps, work, view, action=action))

    return submitted
