"""Waiting for the workspace to change, without polling: whoever changes it says so here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """A counter of changes that coroutines of one event loop can wait on."""

    def __init__(self) -> None:
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wake everyone who waits; called after each change of state."""
        self.version += 1
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def wait_until(self, predicate: Callable[[], T | None], *, timeout: float) -> T:
        """Return the first true answer of `predicate`; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not (answer := predicate()):
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(waiter)
                await waiter
            return answer
