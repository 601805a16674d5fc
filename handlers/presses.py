"""Buttons behind which something is done, or a file sent, and the modal that says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.uploads import Upload, send_file
from bot.views.blocks import Json
from handlers import modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps

Do = Callable[[Deps, Body, AsyncWebClient], Awaitable[Json]]
Make = Callable[[Deps, Body], Awaitable[tuple[Upload, Json]]]


def doing(
    deps: Deps, do: Do, *, action: str, above: bool = False
) -> Callable[..., Awaitable[None]]:
    """A listener: ``do`` does it once the click is acknowledged, and gives the modal to show."""

    async def pressed(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        work = do(deps, body, client)
        modals.answer(deps, body, client, respond, work, action=action, above=above)

    return pressed


def sending(deps: Deps, make: Make, *, action: str) -> Callable[..., Awaitable[None]]:
    """A listener: what ``make`` makes is sent into the conversation of the one who pressed.

    ``make`` gives the file and the modal to show once it is there.
    """

    async def send(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
        file, view = await make(deps, body)
        await send_file(client, caller_of(body, deps.team_id).user_id, file)
        return view

    return doing(deps, send, action=action, above=True)
