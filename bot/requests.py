"""One payload from Slack, whichever way it came: refused, or handed to Bolt, and counted."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.metrics import Metrics
from bot.payloads import is_whole

log = logging.getLogger(__name__)

# Its sender is known by now: Bolt has no signature to look at, and no body to parse again.
_KNOWN_SENDER = "socket_mode"


async def answer(app: AsyncApp, metrics: Metrics, payload: object) -> BoltResponse:
    """What to answer to a payload whose sender is known to be Slack. Raises nothing.

    Headers are none of Bolt's business: some of its own would steer it.
    """
    if not isinstance(payload, dict) or not is_whole(payload):
        return refuse(metrics, "malformed", status=400)
    started = time.perf_counter()
    answered = await _dispatch(app, payload)
    seconds = time.perf_counter() - started
    metrics.note_request(payload, seconds, answered.status, answered.body or "")
    if answered.status == 404:
        return refuse(metrics, "unknown", status=404)
    return answered


def refuse(metrics: Metrics, reason: str, *, status: int) -> BoltResponse:
    """Count and log what is not taken: that it came, and nothing of what it was."""
    metrics.note_refusal(reason)
    log.info("A request is refused.", extra={"action": "request.refused", "reason": reason})
    return BoltResponse(status=status, body="")


async def _dispatch(app: AsyncApp, payload: Mapping[str, Any]) -> BoltResponse:
    try:
        asked = AsyncBoltRequest(mode=_KNOWN_SENDER, body=dict(payload))
        return await app.async_dispatch(asked)
    except Exception:
        log.exception("A request was not understood.", extra={"action": "request.failed"})
        return BoltResponse(status=400, body="")
