"""Buttons that send a file into the conversation of who presses them, and say so in the modal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.uploads import Upload, send_file
from bot.views.blocks import Json
from handlers import modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps

Make = Callable[[Deps, Body], Awaitable[tuple[Upload, Json]]]


def sending(deps: Deps, make: Make, *, action: str) -> Callable[..., Awaitable[None]]:
    """A listener: ``make`` gives the file and the modal that is shown once it is sent."""

    async def pressed(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        work = _send(deps, make, body, client)
        modals.answer(deps, body, client, respond, work, action=action, above=True)

    return pressed


async def _send(deps: Deps, make: Make, body: Body, client: AsyncWebClient) -> Json:
    file, view = await make(deps, body)
    await send_file(client, caller_of(body, deps.team_id).user_id, file)
    return view
