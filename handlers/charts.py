"""「図で見る」: a round's numbers or all units', and a picture of them for the one who asks."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.charts import Chart
from bot.domain.errors import NotFound
from bot.services import charts
from bot.slack.uploads import Upload
from bot.views import charts as views
from bot.views import entry_words
from bot.views.actions import CHART_OPEN, CHART_SEND, family
from bot.views.blocks import Json, Rendered
from bot.views.charts import Charts
from bot.views.targets import AllTarget
from handlers import modals, replies
from handlers.buttons import number_of, value_of
from handlers.callers import Body, caller_of
from handlers.deps import Deps
from handlers.presses import sending


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons."""

    async def look(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        if _target(body) and respond.response_url:
            work = _table(deps, body)
            replies.answer(deps, body, respond, work, action="chart.open", replaces=False)
            return
        modals.answer(
            deps, body, client, respond, _open(deps, body), action="chart.open", above=True
        )

    app.action(family(CHART_OPEN))(look)
    app.action(family(CHART_SEND))(sending(deps, _picture, action="chart.send"))


async def _open(deps: Deps, body: Body) -> Json:
    return views.build_charts(await _charts(deps, body))


async def _table(deps: Deps, body: Body) -> Rendered:
    """A modal takes no table; a message does."""
    return views.render_table(await _charts(deps, body))


async def _picture(deps: Deps, body: Body) -> tuple[Upload, Json]:
    word = str(body["actions"][0]["action_id"]).rpartition(":")[2]
    if word not in list(Chart):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    found = await _charts(deps, body)
    picture = await charts.picture(found, Chart(word))
    return picture, views.build_charts(found, note=views.SENT_NOTE)


async def _charts(deps: Deps, body: Body) -> Charts:
    caller, target = caller_of(body, deps.team_id), _target(body)
    if target is not None:
        return await charts.of_units(deps.desk, caller, target)
    return await charts.of_round(deps.desk, caller, number_of(body))


def _target(body: Body) -> AllTarget | None:
    return AllTarget.decode(value_of(body))
