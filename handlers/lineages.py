"""The years of an item beside each other, and which item of an earlier year it continues."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import KaikakuError, NotFound
from bot.services import lineage_links, lineages
from bot.slack.uploads import Upload
from bot.views import entry_words, years
from bot.views import lineages as views
from bot.views.actions import (
    LINEAGE,
    LINEAGE_OPEN,
    LINEAGE_SEARCH,
    YEARS_EXPORT,
    YEARS_OPEN,
    family,
)
from bot.views.blocks import Json
from bot.views.targets import LinkTarget
from handlers import home, modals
from handlers.buttons import format_of, history_of, value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.presses import sending
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, the search, and what is submitted."""

    async def offer(ack: AsyncAck, body: Body) -> None:
        await ack(options=await _offered(deps, body))

    app.action(family(LINEAGE_OPEN))(modals.opening(deps, _links, action="lineage.open"))
    app.view(LINEAGE)(submitting(deps, _link, action="lineage"))
    app.options(family(LINEAGE_SEARCH))(offer)
    app.action(family(YEARS_OPEN))(modals.opening(deps, _years, action="years.open", above=True))
    app.action(family(YEARS_EXPORT))(sending(deps, _file, action="years.export"))


async def _years(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return years.build_years(await lineages.open_years(deps.desk, caller, history_of(body)))


async def _file(deps: Deps, body: Body) -> tuple[Upload, Json]:
    caller, target = caller_of(body, deps.team_id), history_of(body)
    shown, file = await lineages.export(deps.desk, caller, target, format_of(body))
    return file, years.build_years(shown, note=years.SENT_NOTE)


async def _links(deps: Deps, body: Body) -> Json:
    caller, target = caller_of(body, deps.team_id), LinkTarget.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return views.build_links(await lineage_links.open_form(deps.desk, caller, target))


async def _link(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    form, saved = await lineage_links.save(deps.office, caller, views.read_links(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_linked(form, saved))


async def _offered(deps: Deps, body: Body) -> list[Json]:
    """What a search finds; nothing for who may not search: Slack shows no words in its place."""
    try:
        caller, (target, text) = caller_of(body, deps.team_id), views.read_search(body)
        found = await lineage_links.search(deps.office, caller, target.plan_id, text)
    except KaikakuError:
        return []
    return views.options_of(found, searched=bool(text.strip()))
