"""「保存期間と廃棄」: the coordinator says how long answers are kept, and disposes of some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import retention
from bot.views import entry_words
from bot.views import retention as views
from bot.views.actions import DISPOSAL, RETENTION, RETENTION_DISPOSE, RETENTION_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import decode_number
from handlers import errors, modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps

Screen = Mapping[str, Any]


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""

    async def look(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        modals.answer(deps, body, client, respond, _keeping(deps, body), action="retention.open")

    async def ask(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        work = _asked(deps, body)
        modals.answer(deps, body, client, respond, work, action="disposal.open", above=True)

    async def keep(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _kept(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="retention"))

    async def dispose(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _disposed(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="disposal"))

    app.action(family(RETENTION_OPEN))(look)
    app.action(family(RETENTION_DISPOSE))(ask)
    app.view(RETENTION)(keep)
    app.view(DISPOSAL)(dispose)


async def _keeping(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_keeping(await retention.open_keeping(deps.desk, caller, _number(body)))


async def _asked(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    asked = await retention.open_disposal(deps.desk, caller, _number(body))
    return views.build_disposal(asked.keeping, asked.plan, asked.counts)


async def _kept(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    keeping, due = await retention.keep(deps.office, caller, views.read_rule(view))
    return _update(views.build_saved(keeping.unit_name, keeping.rule, due))


async def _disposed(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    return _update(
        views.build_disposed(
            *await retention.dispose(deps.office, caller, *views.read_disposal(view))
        )
    )


def _number(body: Body) -> int:
    number = decode_number(body["actions"][0].get("value"))
    if number is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return number


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
