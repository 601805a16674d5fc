"""「お知らせを送る」: a nudge about one late item, and a note to all who are late."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.errors import NotFound
from bot.services import nudges
from bot.views import entry_words
from bot.views import nudges as views
from bot.views.actions import NUDGE, NUDGE_ALL, NUDGE_ONE, family
from bot.views.blocks import Json
from bot.views.targets import Target, decode_number
from handlers import errors, modals
from handlers.buttons import value_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for what is submitted."""

    async def one(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _send_one(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="nudge.one"))

    async def all_(ack: AsyncAck, body: Body, view: Screen) -> None:
        work = _send_all(deps, body, view)
        await ack(**await errors.answer_to_submission(deps, work, view, action="nudge.all"))

    app.action(family(NUDGE))(modals.opening(deps, _form, action="nudge.open"))
    app.view(NUDGE_ONE)(one)
    app.view(NUDGE_ALL)(all_)


async def _form(deps: Deps, body: Body) -> Json:
    caller, value = caller_of(body, deps.team_id), value_of(body)
    target, round_id = Target.decode(value), decode_number(value)
    if target is not None:
        return views.build_one(await nudges.open_one(deps.desk, caller, target))
    if round_id is not None:
        return views.build_all(await nudges.open_all(deps.desk, caller, round_id))
    raise NotFound(entry_words.ITEM_NOT_FOUND)


async def _send_one(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    return _sent(await nudges.send_one(deps.office, caller, views.read_one(view)))


async def _send_all(deps: Deps, body: Body, view: Screen) -> Json:
    caller = caller_of(body, deps.team_id)
    return _sent(await nudges.send_all(deps.office, caller, *views.read_all(view)))


def _sent(nudged: views.Nudged) -> Json:
    return modals.update(views.build_sent(nudged))
