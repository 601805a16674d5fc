"""What is typed into a check-in's modal is kept, and offered again to the one who typed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.errors import NotSaved
from bot.services import checkins, drafts
from bot.views import checkin_form
from bot.views.actions import CHECKIN, DRAFT, NOTED, family
from bot.views.blocks import Json
from bot.views.drafts import Offer, build_offer, read_chosen, read_closed, read_typing
from bot.views.targets import Target
from handlers import errors, modals
from handlers.callers import Body, caller_of
from handlers.deps import Deps
from handlers.notepad import Page

# A database that is down for longer loses what was typed meanwhile; the modal still holds it.
_TRIES = 6


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for texts and other inputs that change nothing on the screen, for the closing of
    the form, and for what is to become of a draft.
    """

    async def note(ack: AsyncAck, body: Body) -> None:
        # Never answered by views.update: it would throw about what is being typed.
        await ack()
        keep(deps, body)

    async def closed(ack: AsyncAck, body: Body) -> None:
        await ack()
        work = errors.quietly(_write_now(deps, body), action="draft.closed")
        deps.background.start(work, action="draft.closed")

    app.action(family(NOTED))(note)
    app.action(family(DRAFT))(modals.opening(deps, _chosen, action="draft.choose"))
    app.view_closed(CHECKIN)(closed)


def keep(deps: Deps, body: Body) -> None:
    """Keep the form as it stands after a change in it, in the background. Raises nothing."""
    work = errors.quietly(_keep(deps, body), action="draft.keep")
    deps.background.start(work, action="draft.keep")


def settled(deps: Deps, body: Body, target: Target) -> None:
    """What was typed about an item need not be kept any more: it is submitted and stored."""
    deps.notepad.forget(Page(caller_of(body, deps.team_id), target))


def offer_or_form(found: checkin_form.Entry | Offer) -> Json:
    """The screen for an item that is opened: its form, unless there is a draft to ask about."""
    return build_offer(found) if isinstance(found, Offer) else checkin_form.build(found)


async def _keep(deps: Deps, body: Body) -> None:
    target, draft = read_typing(body, at=deps.desk.now())
    page = Page(caller_of(body, deps.team_id), target)
    if deps.notepad.note(page, draft):
        try:
            await _write_down(deps, page)
        finally:
            deps.notepad.close(page)


async def _write_down(deps: Deps, page: Page) -> None:
    """Store what is on a page until nothing more comes, at the notepad's pace."""
    failures = 0
    while (draft := deps.notepad.take(page)) is not None:
        try:
            await drafts.keep(deps.desk, await _writer(deps, page), page.target, draft)
        except NotSaved:
            failures += 1
            if failures == _TRIES:
                raise
            deps.notepad.note(page, draft)
        await deps.notepad.rest(page)


async def _writer(deps: Deps, page: Page) -> int:
    """Who writes there; asked of the database once a day for each page."""
    today = deps.desk.today()
    known = deps.notepad.admitted(page, today)
    if known is None:
        known = await drafts.writer(deps.desk, page.caller, page.target)
        deps.notepad.admit(page, today, known)
    return known


async def _write_now(deps: Deps, body: Body) -> None:
    view: Mapping[str, Any] = body["view"]
    deps.notepad.wake(Page(caller_of(body, deps.team_id), read_closed(view)))


async def _chosen(deps: Deps, body: Body) -> Json:
    """The form: with the draft, or with what is stored once the draft is thrown away."""
    caller, chosen = caller_of(body, deps.team_id), read_chosen(body)
    if chosen.keeps:
        return checkin_form.build(await drafts.resume(deps.desk, caller, chosen.target))
    deps.notepad.forget(Page(caller, chosen.target))
    await drafts.give_up(deps.desk, caller, chosen.target, stamp=chosen.stamp)
    return checkin_form.build(
        await checkins.open_entry(deps.desk, caller, chosen.target, final=chosen.final)
    )
