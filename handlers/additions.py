"""Items added during the year, by the coordinator."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import additions
from bot.views import additions as views
from bot.views.actions import ITEM, ITEMS_OPEN, family
from bot.views.blocks import Json
from handlers import home, modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""
    app.action(family(ITEMS_OPEN))(modals.opening(deps, _form, action="items.open"))
    app.view(ITEM)(submitting(deps, _add, action="items.add"))


async def _form(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_form(await additions.open_form(deps.desk, caller, number_of(body)))


async def _add(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    added = await additions.add(deps.office, caller, views.read_form(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_added(added))
