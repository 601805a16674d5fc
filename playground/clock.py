"""The stand-in's time, which a test can move to let a trigger or a response_url run out."""

from __future__ import annotations

import time


class StandInClock:
    """Real time plus an offset in seconds; signatures never use it, they keep real time."""

    def __init__(self) -> None:
        self.offset = 0.0

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.offset += seconds

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; measures lives of triggers and URLs."""
        return time.monotonic() + self.offset

    def wall(self) -> float:
        """Unix seconds; what message timestamps are made from."""
        return time.time() + self.offset
