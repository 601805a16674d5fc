"""Files in the bot's conversation: fetched for coordinators, looked over, applied, taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import InvalidAnswers, NotFound
from bot.domain.plans import SheetRefused
from bot.services import import_undo, imports
from bot.services.viewers import Caller
from bot.sheets.dropped import read_in_child
from bot.views import import_forms as forms
from bot.views import imports as views
from bot.views.actions import (
    IMPORT_APPLY,
    IMPORT_FILE,
    IMPORT_OPEN,
    IMPORT_PAGE,
    IMPORT_PLACE,
    IMPORT_PLACE_OPEN,
    IMPORT_UNDO,
    family,
)
from bot.views.blocks import Json, Rendered
from bot.views.errors import render_error
from bot.views.imports import ImportShown, render_import
from bot.views.targets import MessageAt
from handlers import errors, home, modals, replies
from handlers.buttons import number_of, page_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting

_Act = Callable[[Deps, Body, AsyncWebClient], Awaitable[tuple[ImportShown, int]]]

_AT_ONCE = 5  # files of one message; Slack takes ten


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons under a file, and for the modal that takes one."""
    app.action(family(IMPORT_APPLY))(_changing(deps, _apply, action="import.apply"))
    app.action(family(IMPORT_UNDO))(_changing(deps, _undo, action="import.undo"))
    app.action(family(IMPORT_PAGE))(_changing(deps, _page, action="import.page"))
    app.action(family(IMPORT_OPEN))(modals.opening(deps, _form, action="import.open"))
    app.action(family(IMPORT_PLACE_OPEN))(modals.opening(deps, _place, action="import.place"))
    app.view(IMPORT_PLACE)(submitting(deps, _chosen, action="import.place"))
    app.view(IMPORT_FILE)(submitting(deps, _handed_in, action="import.file"))


def take_in(
    deps: Deps, client: AsyncWebClient, caller: Caller, channel: str, file_ids: Iterable[str]
) -> None:
    """Read files and say in a conversation what they would change, each in a message.

    ``channel`` is the caller's own id where a form named the files: then they must be theirs.
    """

    async def say(words: str) -> None:
        await _post(client, channel, render_error(words))

    async def read() -> None:
        await imports.refuse_outsiders(deps.desk, caller)
        for file_id in list(file_ids)[:_AT_ONCE]:
            work = _read(deps, client, caller, channel, file_id)
            await errors.answering(deps, work, say, user_id=caller.user_id, action="file.read")

    answering = errors.answering(deps, read(), say, user_id=caller.user_id, action="file.read")
    deps.background.start(answering, action="file.read")


async def _read(
    deps: Deps, client: AsyncWebClient, caller: Caller, channel: str, file_id: str
) -> None:
    file = await deps.files.fetch(file_id, of=caller.user_id if channel == caller.user_id else "")
    digest = hashlib.sha256(file.data).hexdigest()
    try:
        read = await read_in_child(file.data, file.name, deps.desk.forms)
    except SheetRefused as refusal:
        shown = await imports.take_in_refusal(
            deps.desk, caller, name=file.name, digest=digest, refusal=refusal
        )
    else:
        shown = await imports.take_in(
            deps.desk, caller, deps.directory, name=file.name, digest=digest, read=read
        )
    await _post(client, channel, render_import(shown))


async def _form(deps: Deps, body: Body) -> Json:
    await imports.refuse_outsiders(deps.desk, caller_of(body, deps.team_id))
    return forms.build_file_form()


async def _place(deps: Deps, body: Body) -> Json:
    form = await imports.place_form(
        deps.desk, caller_of(body, deps.team_id), number_of(body, gone=views.GONE)
    )
    return forms.build_place_form(form, _message_of(body))


async def _apply(deps: Deps, body: Body, client: AsyncWebClient) -> tuple[ImportShown, int]:
    caller = caller_of(body, deps.team_id)
    shown = await imports.apply(deps.desk, caller, deps.directory, number_of(body, gone=views.GONE))
    home.bring_up_to_date(deps, client, caller.user_id)
    return shown, 0


async def _undo(deps: Deps, body: Body, client: AsyncWebClient) -> tuple[ImportShown, int]:
    caller = caller_of(body, deps.team_id)
    shown = await import_undo.undo(deps.desk, caller, number_of(body, gone=views.GONE))
    home.bring_up_to_date(deps, client, caller.user_id)
    return shown, 0


async def _page(deps: Deps, body: Body, _client: AsyncWebClient) -> tuple[ImportShown, int]:
    page = page_of(body, gone=views.GONE)
    return await imports.show(deps.desk, caller_of(body, deps.team_id), page.id), page.page


async def _chosen(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    batch_id, choices, at = forms.read_place_form(view)
    shown = await imports.choose(deps.office, caller, batch_id, choices)
    showing = errors.quietly(_replace(client, at, render_import(shown)), action="import.place")
    deps.background.start(showing, action="import.place")
    return {}


async def _handed_in(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller, file_ids = caller_of(body, deps.team_id), forms.read_file_form(view)
    if not file_ids:
        raise InvalidAnswers({forms.FILE: forms.NO_FILE})
    await imports.refuse_outsiders(deps.office, caller)
    take_in(deps, client, caller, caller.user_id, file_ids)
    return modals.update(forms.build_reading())


def _changing(deps: Deps, do: _Act, *, action: str) -> Callable[..., Awaitable[None]]:
    """A listener: do it, and show the message as it then stands; why not, beside it."""

    async def show(body: Body, client: AsyncWebClient) -> None:
        shown, page = await do(deps, body, client)
        await _replace(client, _message_of(body), render_import(shown, page))

    async def pressed(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        work, saying, user_id = show(body, client), replies.in_words(respond), body["user"]["id"]
        answering = errors.answering(deps, work, saying, user_id=str(user_id), action=action)
        deps.background.start(answering, action=action)

    return pressed


async def _post(client: AsyncWebClient, channel: str, said: Rendered) -> None:
    await client.chat_postMessage(
        channel=channel,
        text=said.text,
        blocks=said.blocks,
        unfurl_links=False,
        unfurl_media=False,
    )


async def _replace(client: AsyncWebClient, at: MessageAt, said: Rendered) -> None:
    await client.chat_update(
        channel=at.channel, ts=at.ts, text=said.text, blocks=said.blocks, parse="none"
    )


def _message_of(body: Body) -> MessageAt:
    """Where the button stood; NotFound for one in a screen that is no message."""
    container = body.get("container") or {}
    encoded = f"{container.get('channel_id')}:{container.get('message_ts')}"
    found = MessageAt.decode(encoded)
    if found is None:
        raise NotFound(views.GONE)
    return found
