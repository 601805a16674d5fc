"""Time as it passes for this process: without what it waited for a processor that others used."""

from __future__ import annotations

import time
from pathlib import Path

from playground import SlackStandIn

_WAITED = Path("/proc/self/schedstat")  # its second number: nanoseconds spent waiting to run
_ACK_SECONDS = 30.0


def monotonic() -> float:
    """Seconds that pass also while we sleep or wait for a lock, a disk or another process.

    Where the system does not tell how long we waited to run, ``time.monotonic``.
    """
    waited = int(_WAITED.read_text(encoding="ascii").split()[1]) if _WAITED.exists() else 0
    return time.monotonic() - waited / 1e9


def leave_out_waits(slack: SlackStandIn) -> None:
    """Slack and the bot are one process here: that others use the machine is not the bot's doing.

    Triggers live longer by as much, and an acknowledgement has all the time it needs: that it comes
    in time is for the test to measure by ``monotonic``.
    """
    slack.clock.source = monotonic
    slack.deliveries.ack_seconds = _ACK_SECONDS
