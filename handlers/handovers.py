"""「担当の引き継ぎ」 and 「アカウントの変更」, by the unit's coordinator."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import EntryClosed
from bot.services import account_links, handovers
from bot.views import account_links as link_views
from bot.views import handovers as views
from bot.views.actions import ACCOUNT, ACCOUNT_OPEN, HANDOVER, HANDOVER_END, HANDOVER_OPEN, family
from bot.views.blocks import Json
from bot.views.targets import HandoverTarget
from handlers import home, modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.presses import doing
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    app.action(family(HANDOVER_OPEN))(modals.opening(deps, _form, action="handover.open"))
    app.action(family(HANDOVER_END))(doing(deps, _take_back, action="handover.take-back"))
    app.view(HANDOVER)(submitting(deps, _enter, action="handover"))
    app.action(family(ACCOUNT_OPEN))(modals.opening(deps, _link_form, action="account.open"))
    app.view(ACCOUNT)(submitting(deps, _link, action="account"))


async def _form(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), number_of(body, gone=views.MAY_NOT)
    return views.build_form(await handovers.open_form(deps.desk, caller, unit_id))


async def _take_back(deps: Deps, body: Body, client: AsyncWebClient) -> Json:
    target = HandoverTarget.decode(body["actions"][0].get("value"))
    if target is None:
        raise EntryClosed(views.GONE)
    caller = caller_of(body, deps.team_id)
    done = await handovers.take_back(deps.desk, caller, target)
    home.bring_up_to_date(deps, client, caller.user_id)
    return views.build_taken_back(done)


async def _enter(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    done = await handovers.enter(deps.office, caller, views.read_form(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_done(done))


async def _link_form(deps: Deps, body: Body) -> Json:
    caller, unit_id = caller_of(body, deps.team_id), number_of(body, gone=link_views.MAY_NOT)
    return link_views.build_form(await account_links.open_form(deps.desk, caller, unit_id))


async def _link(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), link_views.read_form(view)
    name = await account_links.link(deps.office, caller, deps.directory, typed)
    return modals.update(link_views.build_done(name))
