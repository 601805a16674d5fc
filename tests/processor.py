"""Time as it passes for this process: without what it waited for a processor that others used."""

from __future__ import annotations

import time
from pathlib import Path

_WAITED = Path("/proc/self/schedstat")  # its second number: nanoseconds spent waiting to run


def monotonic() -> float:
    """Seconds that pass also while we sleep or wait for a lock, a disk or another process.

    Where the system does not tell how long we waited to run, ``time.monotonic``.
    """
    waited = int(_WAITED.read_text(encoding="ascii").split()[1]) if _WAITED.exists() else 0
    return time.monotonic() - waited / 1e9
