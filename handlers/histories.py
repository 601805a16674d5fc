"""「履歴」 of an item: its pages, and the file of it for the one who asks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import histories
from bot.sheets.export import ExportFormat
from bot.slack.uploads import send_file
from bot.views import entry_words
from bot.views import histories as views
from bot.views.actions import HISTORY_EXPORT, HISTORY_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import HistoryTarget
from handlers import modals
from handlers.buttons import value_of
from handlers.callers import Body, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons."""

    async def take(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        work = _file(deps, body, client)
        modals.answer(deps, body, client, respond, work, action="history.export", above=True)

    app.action(family(HISTORY_OPEN))(modals.opening(deps, _page, action="history.open", above=True))
    app.action(family(HISTORY_EXPORT))(take)


async def _page(deps: Deps, body: Body) -> Json:
    caller, target = caller_of(body, deps.team_id), _target(body)
    return views.build_history(await histories.open_history(deps.desk, caller, target))


async def _file(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
    caller, target, format_ = caller_of(body, deps.team_id), _target(body), _format(body)
    history, file = await histories.export(deps.desk, caller, target, format_)
    await send_file(client, caller.user_id, file)
    return views.build_history(history, note=views.SENT_NOTE)


def _target(body: Body) -> HistoryTarget:
    target = HistoryTarget.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return target


def _format(body: Body) -> ExportFormat:
    """The format behind the button's action id; a workbook where it names none."""
    word = str(body["actions"][0]["action_id"]).removeprefix(HISTORY_EXPORT).removeprefix(":")
    return ExportFormat(word) if word in list(ExportFormat) else ExportFormat.XLSX
