"""「保存期間と廃棄」: the coordinator says how long answers are kept, and disposes of some."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import retention
from bot.views import retention as views
from bot.views.actions import DISPOSAL, RETENTION, RETENTION_DISPOSE, RETENTION_OPEN, family
from bot.views.blocks import Json
from handlers import modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    app.action(family(RETENTION_OPEN))(modals.opening(deps, _keeping, action="retention.open"))
    app.action(family(RETENTION_DISPOSE))(
        modals.opening(deps, _asked, action="disposal.open", above=True)
    )
    app.view(RETENTION)(submitting(deps, _kept, action="retention"))
    app.view(DISPOSAL)(submitting(deps, _disposed, action="disposal"))


async def _keeping(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_keeping(await retention.open_keeping(deps.desk, caller, number_of(body)))


async def _asked(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    asked = await retention.open_disposal(deps.desk, caller, number_of(body))
    return views.build_disposal(asked.keeping, asked.plan, asked.counts)


async def _kept(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    keeping, due = await retention.keep(deps.office, caller, views.read_rule(view))
    return modals.update(views.build_saved(keeping.unit_name, keeping.rule, due))


async def _disposed(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    return modals.update(
        views.build_disposed(
            *await retention.dispose(deps.office, caller, *views.read_disposal(view))
        )
    )
