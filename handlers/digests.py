"""「毎週の集計」: the coordinator says whether and where a unit's numbers go each week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import digests
from bot.views import digests as views
from bot.views import entry_words
from bot.views.actions import DIGEST, DIGEST_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import decode_number
from handlers import errors, modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps

Screen = Mapping[str, Any]


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""

    async def press(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        modals.answer(deps, body, client, respond, _form(deps, body), action="digest.open")

    async def submit(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _settle(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="digest.set"))

    app.action(family(DIGEST_OPEN))(press)
    app.view(DIGEST)(submit)


async def _form(deps: Deps, body: Body) -> Json:
    caller, number = caller_of(body, deps.team_id), decode_number(body["actions"][0].get("value"))
    if number is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return views.build_form(await digests.open_form(deps.desk, caller, number))


async def _settle(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    form = await digests.settle(deps.office, deps.courier, caller, views.read_form(view))
    return {"response_action": "update", "view": views.build_saved(form)}
