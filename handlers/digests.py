"""「毎週の集計」: the coordinator says whether and where a unit's numbers go each week."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import digests
from bot.views import digests as views
from bot.views.actions import DIGEST, DIGEST_OPEN, family
from bot.views.blocks import Json
from handlers import modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""
    app.action(family(DIGEST_OPEN))(modals.opening(deps, _form, action="digest.open"))
    app.view(DIGEST)(submitting(deps, _settle, action="digest.set"))


async def _form(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_form(await digests.open_form(deps.desk, caller, number_of(body)))


async def _settle(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    form = await digests.settle(deps.office, deps.courier, caller, views.read_form(view))
    return modals.update(views.build_saved(form))
