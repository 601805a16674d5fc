"""Owners assigned in Slack: choose items page by page, then the person, section and day."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import owners
from bot.views import owners as views
from bot.views.actions import OWNERS, OWNERS_OPEN, OWNERS_PAGE, family
from bot.views.blocks import Json
from handlers import home, modals
from handlers.buttons import number_of, page_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, the modal's pages, and what is submitted."""
    app.action(family(OWNERS_OPEN))(modals.opening(deps, _form, action="owners.open"))
    app.action(family(OWNERS_PAGE))(modals.opening(deps, _page, action="owners.page"))
    app.view(OWNERS)(submitting(deps, _assign, action="owners"))


async def _form(deps: Deps, body: Body) -> Json:
    caller, plan_id = caller_of(body, deps.team_id), number_of(body, gone=views.NO_PLAN)
    return views.build_owners(await owners.open_form(deps.desk, caller, plan_id))


async def _page(deps: Deps, body: Body) -> Json:
    caller, page = caller_of(body, deps.team_id), page_of(body, gone=views.NO_PLAN)
    typed = views.read_owners(body.get("view") or {})
    form = await owners.open_form(deps.desk, caller, page.id)
    return views.build_owners(form, page.page, typed)


async def _assign(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    assigned = await owners.assign(deps.office, caller, deps.directory, views.read_owners(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_assigned(assigned))
