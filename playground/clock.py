"""The stand-in's time, which a test can move to let a trigger or a response_url run out."""

from __future__ import annotations

import time
from collections.abc import Callable


class StandInClock:
    """Real time plus an offset in seconds; signatures never use it, they keep real time.

    ``source`` is read for how long something lives; seconds that never go back.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self.source: Callable[[], float] = time.monotonic

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.offset += seconds

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; measures lives of triggers and URLs."""
        return self.source() + self.offset

    def wall(self) -> float:
        """Unix seconds; what message timestamps are made from."""
        return time.time() + self.offset
