"""How many calls are under way at once: more with each that Slack takes, few when it says no."""

from __future__ import annotations

import asyncio
from collections import deque

MOST = 50  # calls under way at once
_FIRST = 5


class Flow:
    """A workspace's calls wait here for their turn, in order: ``async with flow``."""

    def __init__(self, most: int = MOST) -> None:
        """Slow to begin with: a workspace that wants to be left alone hears from few of us."""
        self._most = most
        self._width = min(_FIRST, most)
        self._running = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        """Wait for a turn: one of the calls that are under way."""
        if self._running >= self._width:
            await self._wait()
        else:
            self._running += 1

    async def __aexit__(self, *_: object) -> None:
        self._running -= 1
        self._admit()

    def widen(self) -> None:
        """Slack took a call: one more may be under way."""
        self._width = min(self._width + 1, self._most)

    def narrow(self) -> None:
        """Slack refused us: the next one asks alone whether it may be more again."""
        self._width = 1

    async def _wait(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._running -= 1
                self._admit()
            raise

    def _admit(self) -> None:
        while self._waiting and self._running < self._width:
            place = self._waiting.popleft()
            if not place.done():
                self._running += 1
                place.set_result(None)
