"""「様式を出力」: what to take is chosen; the file is made meanwhile, for the one who asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.documents import FormFormat
from bot.services import document_requests
from bot.services.document_requests import Prepared
from bot.slack.uploads import send_file
from bot.views import documents as views
from bot.views.actions import DOCUMENT, DOCUMENT_OPEN, family
from bot.views.blocks import Json
from bot.views.errors import render_error
from bot.views.targets import AllTarget
from handlers import errors, modals
from handlers.buttons import number_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps


@dataclass(frozen=True)
class _Sending:
    """A file that somebody waits for, and the screen that says so."""

    client: AsyncWebClient
    user_id: str
    view_id: str
    prepared: Prepared
    format: FormFormat
    shown: asyncio.Event


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is chosen."""

    async def take(ack: AsyncAck, body: Body, view: Screen, client: AsyncWebClient) -> None:
        shown = asyncio.Event()  # what comes of it must not be on the screen before it
        work = _chosen(deps, body, view, client, shown)
        await ack(**await errors.answer_to_submission(deps, work, view, action="document.take"))
        shown.set()

    app.action(family(DOCUMENT_OPEN))(
        modals.opening(deps, _form, action="document.open", above=True)
    )
    app.view(DOCUMENT)(take)


async def _form(deps: Deps, body: Body) -> Json:
    caller, units = caller_of(body, deps.team_id), AllTarget.decode(value_of(body))
    if units is not None:
        return views.build_form(await document_requests.open_units_form(deps.desk, caller, units))
    found = await document_requests.open_form(deps.desk, caller, number_of(body))
    return views.build_form(found)


async def _chosen(
    deps: Deps, body: Body, view: Screen, client: AsyncWebClient, shown: asyncio.Event
) -> Json:
    """Refused at once, or 「作っています」 while the file is made."""
    caller, typed = caller_of(body, deps.team_id), views.read_form(view)
    prepared = await document_requests.prepare(deps.office, caller, typed)
    sending = _Sending(client, caller.user_id, str(view["id"]), prepared, typed.format, shown)
    deps.background.start(_send(deps, sending), action="document.send")
    return modals.update(views.build_making())


async def _send(deps: Deps, to: _Sending) -> None:
    """Make the file and send it to the one who asked; say on the screen how that went."""

    async def make() -> None:
        await to.shown.wait()
        async with deps.making:
            file = await document_requests.upload(to.prepared, to.format)
        await send_file(to.client, to.user_id, file)
        await modals.replace(to.client, to.view_id, views.build_sent(file.name))

    async def say(words: str) -> None:
        if not await modals.replace(to.client, to.view_id, views.build_not_made(words)):
            await _post(to.client, to.user_id, words)

    await errors.answering(deps, make(), say, user_id=to.user_id, action="document.send")


async def _post(client: AsyncWebClient, user_id: str, words: str) -> None:
    """The screen is closed: it is said in the conversation in which the file would have come."""
    said = render_error(f"{views.NOT_SENT_TITLE}。{words}")
    await client.chat_postMessage(channel=user_id, text=said.text, blocks=said.blocks)
