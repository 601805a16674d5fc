"""What nobody listens for: an old button, a forged one. Acknowledged, and nothing is done."""

from __future__ import annotations

import logging
import re

from slack_bolt.async_app import AsyncAck, AsyncApp

from handlers.deps import Deps

log = logging.getLogger(__name__)

_ANY = re.compile(r"")


def register(app: AsyncApp, _deps: Deps) -> None:
    """Listen last of all."""

    async def ignore(ack: AsyncAck) -> None:
        await ack()
        log.info("Nobody listens for this.", extra={"action": "unknown"})

    app.action(_ANY)(ignore)
    app.view(_ANY)(ignore)
    app.view_closed(_ANY)(ignore)
    app.shortcut(_ANY)(ignore)
    app.event(_ANY)(ignore)
