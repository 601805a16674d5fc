"""「担当が違う・相談する」, 「入力予定日を決める」, and the coordinator's answer."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services import consultations
from bot.views import consultations as views
from bot.views.actions import (
    CONSULT,
    CONSULT_ANSWER,
    CONSULT_OPEN,
    CONSULT_REPLY,
    LETTER_CONSULT,
    LETTER_PLAN_DATE,
    PLAN_DATE,
    PLAN_DATE_OPEN,
    family,
)
from bot.views.blocks import Json
from bot.views.targets import Target, decode_number
from handlers import home, modals
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    for opens in (LETTER_CONSULT, CONSULT_OPEN):
        app.action(family(opens))(modals.opening(deps, _ask, action="consult.open"))
    for opens in (LETTER_PLAN_DATE, PLAN_DATE_OPEN):
        app.action(family(opens))(modals.opening(deps, _plan, action="plan-date.open"))
    app.action(family(CONSULT_ANSWER))(modals.opening(deps, _reply, action="consult.answer"))
    app.view(CONSULT)(submitting(deps, _asked, action="consult"))
    app.view(PLAN_DATE)(submitting(deps, _planned, action="plan-date"))
    app.view(CONSULT_REPLY)(submitting(deps, _replied, action="consult.reply"))


async def _ask(deps: Deps, body: Body) -> Json:
    caller, about = caller_of(body, deps.team_id), Target.decode(_value(body, CONSULT_OPEN))
    return views.build_ask(await consultations.open_ask(deps.desk, caller, about))


async def _plan(deps: Deps, body: Body) -> Json:
    caller, round_id = caller_of(body, deps.team_id), decode_number(_value(body, PLAN_DATE_OPEN))
    return views.build_plan(await consultations.open_plan(deps.desk, caller, round_id))


def _value(body: Body, action_id: str) -> object:
    """What a button of that family carries; a letter's carries the letter, which says nothing."""
    pressed = body["actions"][0]
    return pressed.get("value") if family(action_id).match(str(pressed["action_id"])) else None


async def _reply(deps: Deps, body: Body) -> Json:
    caller, number = caller_of(body, deps.team_id), number_of(body)
    return views.build_reply(await consultations.open_reply(deps.desk, caller, number))


async def _asked(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    told = await consultations.ask(deps.office, caller, views.read_ask(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_asked(told.round))


async def _planned(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    day = await consultations.plan(deps.office, caller, *views.read_plan(view))
    return modals.update(views.build_planned(day))


async def _replied(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    await consultations.reply(deps.office, caller, *views.read_reply(view))
    home.bring_up_to_date(deps, client, caller.user_id)
    return modals.update(views.build_replied())
