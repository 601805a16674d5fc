"""「毎週の集計」: the coordinator says whether and where a unit's numbers go each week."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.services import digests
from bot.views import digests as views
from bot.views.actions import DIGEST, DIGEST_OPEN, family
from bot.views.blocks import Json
from handlers import errors, modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""

    async def submit(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _settle(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="digest.set"))

    app.action(family(DIGEST_OPEN))(modals.opening(deps, _form, action="digest.open"))
    app.view(DIGEST)(submit)


async def _form(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_form(await digests.open_form(deps.desk, caller, number_of(body)))


async def _settle(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    form = await digests.settle(deps.office, deps.courier, caller, views.read_form(view))
    return modals.update(views.build_saved(form))
