"""対象外 for several items at once, by the coordinator."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import exemptions
from bot.views import exemptions as views
from bot.views.actions import EXEMPT, EXEMPT_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import Page
from handlers import modals
from handlers.afterwards import bring_up_to_date
from handlers.buttons import number_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""
    app.action(family(EXEMPT_OPEN))(modals.opening(deps, _choice, action="exempt.open"))
    app.view(EXEMPT)(submitting(deps, _exempt, action="exempt"))


async def _choice(deps: Deps, body: Body) -> Json:
    caller, value = caller_of(body, deps.team_id), value_of(body)
    target = Page.decode(value) or Page(number_of(body))
    form = await exemptions.open_exempt(deps.desk, caller, target.id)
    return views.build_exempt(replace(form, page=target.page))


async def _exempt(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    done = await exemptions.exempt(deps.office, caller, views.read_exempt(view))
    bring_up_to_date(deps, client, caller.user_id, done.told)
    return modals.update(views.build_exempted(done.codes, done.skipped))
