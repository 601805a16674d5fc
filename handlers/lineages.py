"""The years of an item beside each other, and which item of an earlier year it continues."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import lineages
from bot.sheets.export import ExportFormat
from bot.slack.uploads import send_file
from bot.views import entry_words, years
from bot.views.actions import YEARS_EXPORT, YEARS_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import HistoryTarget
from handlers import modals
from handlers.buttons import value_of
from handlers.callers import Body, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, the search, and what is submitted."""

    async def take(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        work = _file(deps, body, client)
        modals.answer(deps, body, client, respond, work, action="years.export", above=True)

    app.action(family(YEARS_OPEN))(modals.opening(deps, _years, action="years.open", above=True))
    app.action(family(YEARS_EXPORT))(take)


async def _years(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return years.build_years(await lineages.open_years(deps.desk, caller, _target(body)))


async def _file(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
    caller, target = caller_of(body, deps.team_id), _target(body)
    shown, file = await lineages.export(deps.desk, caller, target, _format(body))
    await send_file(client, caller.user_id, file)
    return years.build_years(shown, note=years.SENT_NOTE)


def _target(body: Body) -> HistoryTarget:
    target = HistoryTarget.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return target


def _format(body: Body) -> ExportFormat:
    """The format behind the button's action id; a workbook where it names none."""
    word = str(body["actions"][0]["action_id"]).removeprefix(YEARS_EXPORT).removeprefix(":")
    return ExportFormat(word) if word in list(ExportFormat) else ExportFormat.XLSX
