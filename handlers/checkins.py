"""The check-in's conversation: button, modal, choices in it, submission, and the next item."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotFound
from bot.services import checkins
from bot.services.checkins import AlreadyIn, AskAgain
from bot.views import checkin_form, entry_words
from bot.views.actions import (
    ANSWER_NOT_YET,
    ANSWER_OPEN,
    CHECKIN,
    CHECKIN_NEXT,
    FIELD,
    NOTICE_ONLY,
    family,
)
from bot.views.blocks import Json
from bot.views.checkin_results import build_already_in, build_saved, read_next
from bot.views.item_rows import ENTER, ENTER_FINAL, ENTER_FOR
from bot.views.targets import Target
from handlers import drafts, errors, modals
from handlers.afterwards import bring_up_to_date
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons of items, for choices in the modal, and for submissions."""
    press = modals.opening(deps, _entry, action="answer.open")

    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        drafts.keep(deps, body)
        work = errors.quietly(_rebuild(deps, body, client), action="answer.choose")
        deps.background.start(work, action="answer.choose")

    async def close(ack: AsyncAck) -> None:
        await ack()

    app.action(family(ANSWER_OPEN))(press)
    app.action(family(FIELD))(choose)
    app.view(CHECKIN)(submitting(deps, _submit, action="answer.submit"))
    app.view(CHECKIN_NEXT)(submitting(deps, _next, action="answer.next"))
    app.action(family(ANSWER_NOT_YET))(press)
    app.view(NOTICE_ONLY)(close)


async def _entry(deps: Deps, body: Body) -> Json:
    caller, action = caller_of(body, deps.team_id), body["actions"][0]
    target = Target.decode(action.get("value"))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    pressed = (action.get("text") or {}).get("text")
    if pressed not in (ENTER, ENTER_FOR):
        final = pressed == ENTER_FINAL
        found = await checkins.open_item(deps.desk, caller, target, final=final)
        return drafts.offer_or_form(found)
    asked = await checkins.open_unanswered(deps.desk, caller, target)
    if isinstance(asked, AlreadyIn):
        return build_already_in(
            asked.round, target=target, code=asked.code, saved_at=asked.saved_at
        )
    return drafts.offer_or_form(asked)


async def _rebuild(deps: Deps, body: Body, client: AsyncWebClient) -> None:
    """Show what the newest choice asks for; an older one has nothing to add to it."""
    caller, view = caller_of(body, deps.team_id), body.get("view")
    if view is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    view_id, at = str(view["id"]), float(body["actions"][0].get("action_ts") or 0)
    deps.newest.note(view_id, at)
    entry = await checkins.rebuild(deps.desk, caller, checkin_form.read(view))
    async with deps.newest.turn(view_id):
        if deps.newest.is_newest(view_id, at):
            await _redraw(deps, client, view, checkin_form.build(entry), at)


async def _redraw(
    deps: Deps, client: AsyncWebClient, view: Screen, screen: Json, at: float
) -> None:
    view_id, seen = str(view["id"]), deps.newest.hash_now(str(view.get("hash") or ""))
    left = await modals.replace(client, view_id, screen, hash_seen=seen or None)
    # Another process has shown an older choice in between: it knew nothing of this one.
    if left is None and deps.newest.is_newest(view_id, at):
        left = await modals.replace(client, view_id, screen)
    if seen and left and left != seen:
        deps.newest.redrawn(seen, left)


async def _submit(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    typed = checkin_form.read(view)
    result = await checkins.submit(deps.office, caller, typed)
    # A choice that is still being answered must not bring the form back over what comes now.
    deps.newest.outdate(str(view["id"]))
    if isinstance(result, AskAgain):
        return modals.update(checkin_form.build(result.entry))
    drafts.settled(deps, body, Target(typed.round_id, typed.initiative_id))
    bring_up_to_date(deps, client, caller.user_id, result.told)
    return modals.update(build_saved(result.saved))


async def _next(deps: Deps, body: Body, view: Screen, _client: AsyncWebClient) -> Json:
    caller = caller_of(body, deps.team_id)
    found = await checkins.open_item(deps.office, caller, read_next(view).target)
    return modals.update(drafts.offer_or_form(found))
