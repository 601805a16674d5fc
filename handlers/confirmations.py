"""The manager's step in Slack: look at an answer, confirm it, several at once, or send it back."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import confirmations, reviews
from bot.services.confirmations import LookAgain
from bot.views import confirmation_list
from bot.views import confirmations as views
from bot.views.actions import (
    CONFIRM,
    CONFIRM_LIST,
    CONFIRM_MANY,
    CONFIRM_OPEN,
    SEND_BACK,
    SEND_BACK_OPEN,
    family,
)
from bot.views.blocks import Json
from handlers import modals
from handlers.afterwards import bring_up_to_date
from handlers.buttons import number_of, target_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons that open an answer, and for what is decided of it."""
    app.action(family(CONFIRM_OPEN))(modals.opening(deps, _one, action="confirm.open", above=True))
    app.action(family(CONFIRM_LIST))(modals.opening(deps, _all, action="confirm.list"))
    app.action(family(SEND_BACK_OPEN))(modals.opening(deps, _mending, action="send-back.open"))
    app.view(CONFIRM)(submitting(deps, _confirm, action="confirm"))
    app.view(CONFIRM_MANY)(submitting(deps, _confirm_many, action="confirm.many"))
    app.view(SEND_BACK)(submitting(deps, _send_back, action="send-back"))


async def _one(deps: Deps, body: Body) -> Json:
    caller, target = caller_of(body, deps.team_id), target_of(body)
    return views.build_one(await confirmations.open_one(deps.desk, caller, target))


async def _all(deps: Deps, body: Body) -> Json:
    caller, round_id = caller_of(body, deps.team_id), number_of(body)
    return confirmation_list.build_many(*await reviews.waiting(deps.desk, caller, round_id))


async def _mending(deps: Deps, body: Body) -> Json:
    caller, target = caller_of(body, deps.team_id), target_of(body)
    answered, due, last = await confirmations.open_send_back(deps.desk, caller, target)
    return views.build_send_back(answered, due, last=last)


async def _confirm(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    target, revision, level = views.read_one(view)
    done = await confirmations.confirm(deps.office, caller, target, revision, level=level)
    if isinstance(done, LookAgain):
        return modals.update(views.build_one(done.answered))
    bring_up_to_date(deps, client, caller.user_id, done.told)
    return modals.update(views.build_confirmed(done.answered, level=done.level))


async def _confirm_many(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    chosen = confirmation_list.read_many(view)
    done = await confirmations.confirm_many(deps.office, caller, chosen)
    bring_up_to_date(deps, client, caller.user_id, done.told)
    round_, left = await reviews.waiting(deps.desk, caller, chosen.round_id)
    return modals.update(
        confirmation_list.build_confirmed_many(
            round_, done.count, done.changed, left, chosen=chosen.revisions
        )
    )


async def _send_back(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    typed = views.read_send_back(view)
    done = await confirmations.send_back(deps.office, caller, typed)
    if isinstance(done, LookAgain):
        return modals.update(views.build_one(done.answered))
    bring_up_to_date(deps, client, caller.user_id, done.told)
    return modals.update(views.build_sent_back(done.code, done.due, reached=done.reached))
