"""The one place where an error becomes a reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.domain.errors import InvalidAnswers, KaikakuError, NotRegistered, NotSaved
from bot.domain.people import Refusal
from bot.views import checkin_form
from bot.views.actions import CHECKIN
from bot.views.blocks import Json
from bot.views.checkin_results import build_refusal
from bot.views.errors import NOT_OPENED, UNAVAILABLE, UNEXPECTED, not_saved, still_saving
from bot.views.refusals import refusal_words
from handlers.deps import Deps

log = logging.getLogger(__name__)

Reply = Callable[[str], Awaitable[object]]

# An acknowledgement must reach Slack within 3 s, the way there included.
_ANSWER_WITHIN = 2.3

_REFUSED = "確認してください"


def register(app: AsyncApp, _deps: Deps) -> None:
    """Take over from Bolt, whose words about a failure may quote the payload."""

    async def fail(error: Exception) -> BoltResponse:
        log.error("A payload has no shape we know.", exc_info=error, extra={"action": "payload"})
        return BoltResponse(status=400)

    app.error(fail)


async def answering(
    deps: Deps, work: Awaitable[None], reply: Reply, *, user_id: str, action: str
) -> None:
    """Do what was asked for; if it can't be done, say why through ``reply``. Raises nothing."""
    words = await _why_not(deps, work, user_id=user_id, action=action)
    if not words:
        return
    try:
        await reply(words)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        _log_refused_call(error, action)


async def _why_not(deps: Deps, work: Awaitable[None], *, user_id: str, action: str) -> str:
    """Do it; what to say when it can't be done, else nothing."""
    try:
        await work
    except NotRegistered as refusal:
        _log_refusal(refusal, action)
        return await _to_stranger(deps, refusal, user_id)
    except KaikakuError as error:
        _log_refusal(error, action)
        return _words(error)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        _log_refused_call(error, action)
        return NOT_OPENED
    except Exception:
        log.exception("A request could not be carried out.", extra={"action": action})
        return UNEXPECTED
    return ""


async def quietly(work: Awaitable[object], *, action: str) -> None:
    """Do what nobody waits for: what was on the screen stays there when it can't be done."""
    try:
        await work
    except (KaikakuError, SlackApiError) as error:
        word = error.response.get("error") if isinstance(error, SlackApiError) else type(error)
        log.info("Left as it was.", extra={"action": action, "error": word})


async def as_view(deps: Deps, work: Awaitable[Json], *, user_id: str, action: str) -> Json:
    """A view, or the small modal that says why there is none. Raises nothing."""
    try:
        return await work
    except NotRegistered as refusal:
        _log_refusal(refusal, action)
        return build_refusal(_REFUSED, await _to_stranger(deps, refusal, user_id))
    except KaikakuError as error:
        _log_refusal(error, action)
        return build_refusal(_REFUSED, _words(error))
    except Exception:
        log.exception("A screen could not be made.", extra={"action": action})
        return build_refusal(_REFUSED, UNEXPECTED)


async def answer_to_submission(
    deps: Deps, work: Coroutine[Any, Any, Json], view: Mapping[str, Any], *, action: str
) -> Json:
    """What to acknowledge a submission with, in time whatever happens. Raises nothing.

    What takes too long goes on: sent again, it is known to be the same.
    """
    answers: list[Json] = []

    async def run() -> None:
        answers.append(await _answer(work, view, action))

    task = deps.background.start(run(), action=action)
    await asyncio.wait({task}, timeout=_ANSWER_WITHIN)
    return answers[0] if answers else _under_the_whole(view, _late(view, still_saving))


async def _answer(work: Awaitable[Json], view: Mapping[str, Any], action: str) -> Json:
    try:
        return await work
    except InvalidAnswers as error:
        return _under_its_fields(view, error.faults)
    except NotSaved:
        return _under_the_whole(view, _late(view, not_saved))
    except KaikakuError as error:
        _log_refusal(error, action)
        return _under_the_whole(view, error.message)
    except Exception:
        log.exception("A submission could not be carried out.", extra={"action": action})
        return _under_the_whole(view, UNEXPECTED)


def _late(view: Mapping[str, Any], words: Callable[..., str]) -> str:
    """Why the database's answer is missing: nothing was being stored where nothing is typed."""
    if view.get("callback_id") != CHECKIN:
        return UNAVAILABLE
    submit = (view.get("submit") or {}).get("text")
    return words(correcting=submit == checkin_form.submit_words(correcting=True))


def _under_its_fields(view: Mapping[str, Any], faults: Mapping[str, str]) -> Json:
    try:
        return {"response_action": "errors", "errors": checkin_form.errors(view, faults)}
    except KaikakuError as error:  # a modal that has lost its inputs
        return {"response_action": "update", "view": build_refusal(_REFUSED, error.message)}


def _under_the_whole(view: Mapping[str, Any], message: str) -> Json:
    try:
        block_id = checkin_form.whole_fault_block(view)
    except KaikakuError:  # a modal without inputs has no place for it
        return {"response_action": "update", "view": build_refusal(_REFUSED, message)}
    return {"response_action": "errors", "errors": {block_id: message}}


async def _to_stranger(deps: Deps, refusal: NotRegistered, user_id: str) -> str:
    """Guests and others are told that this is for staff; only Slack knows who is one."""
    try:
        account = await deps.directory.info(user_id)
    except KaikakuError:
        return refusal.message
    if account is not None and not account.is_staff:
        return refusal_words(Refusal.NOT_STAFF)
    return refusal.message


def _words(error: KaikakuError) -> str:
    return UNAVAILABLE if isinstance(error, NotSaved) else error.message


def _log_refusal(error: KaikakuError, action: str) -> None:
    """That somebody was refused, and on what ground: never what they were told."""
    extra = {"action": action, "reason": type(error).__name__}
    log.info("What was asked for is refused.", extra=extra)


def _log_refused_call(error: Exception, action: str) -> None:
    word = type(error).__name__
    if isinstance(error, SlackApiError) and hasattr(error.response, "get"):
        word = error.response.get("error")
    log.warning("Slack refused a call.", extra={"action": action, "error": word})
