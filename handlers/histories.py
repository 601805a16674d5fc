"""「履歴」 of an item: its pages, and the file of it for the one who asks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.services import histories
from bot.slack.uploads import Upload
from bot.views import histories as views
from bot.views.actions import HISTORY_EXPORT, HISTORY_OPEN, family
from bot.views.blocks import Json
from handlers import modals
from handlers.buttons import format_of, history_of
from handlers.callers import Body, caller_of
from handlers.deps import Deps
from handlers.presses import sending


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons."""
    app.action(family(HISTORY_OPEN))(modals.opening(deps, _page, action="history.open", above=True))
    app.action(family(HISTORY_EXPORT))(sending(deps, _file, action="history.export"))


async def _page(deps: Deps, body: Body) -> Json:
    caller, target = caller_of(body, deps.team_id), history_of(body)
    return views.build_history(await histories.open_history(deps.desk, caller, target))


async def _file(deps: Deps, body: Body) -> tuple[Upload, Json]:
    caller, target = caller_of(body, deps.team_id), history_of(body)
    history, file = await histories.export(deps.desk, caller, target, format_of(body))
    return file, views.build_history(history, note=views.SENT_NOTE)
