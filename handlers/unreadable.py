"""Marks that a published file lost: the coordinator answers them from the paper."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import unreadable
from bot.views import unreadable as views
from bot.views.actions import UNREADABLE, UNREADABLE_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import Page
from handlers import modals
from handlers.afterwards import bring_up_to_date
from handlers.buttons import number_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, the modal's pages, and what is submitted."""
    app.action(family(UNREADABLE_OPEN))(modals.opening(deps, _page, action="unreadable.open"))
    app.view(UNREADABLE)(submitting(deps, _confirm, action="unreadable"))


async def _page(deps: Deps, body: Body) -> Json:
    caller, value = caller_of(body, deps.team_id), value_of(body)
    page = Page.decode(value) or Page(number_of(body))
    return views.build_list(await unreadable.open_list(deps.desk, caller, page.id), page.page)


async def _confirm(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), views.read_list(view)
    confirmed = await unreadable.confirm(deps.office, caller, typed)
    bring_up_to_date(deps, client, caller.user_id, confirmed.told)
    return modals.update(views.build_confirmed(confirmed, typed))
