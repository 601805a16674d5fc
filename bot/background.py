"""Work that outlives the request that asked for it, counted so that a stop can wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

QUIET = 0.1  # seconds

log = logging.getLogger(__name__)


class Background:
    """Holds every running task: asyncio itself keeps no reference, and nobody else would wait."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._changed = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, None], *, action: str) -> asyncio.Task[None]:
        """Run it to its end; a failure is logged under ``action``, and is nobody else's."""
        task = asyncio.get_running_loop().create_task(self._guard(work, action))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count what is done in here as work to be waited for."""
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._changed.set()

    async def drain(self, seconds: float, quiet: float = QUIET) -> bool:
        """Wait until nothing runs, work begun meanwhile included; what is left is cancelled.

        Returns whether everything came to its own end. What has just arrived is not a task yet:
        only so many seconds of ``quiet`` are the end.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._quiet(quiet)
        except TimeoutError:
            left = set(self._tasks)
            for task in left:
                task.cancel()
            if left:
                await asyncio.wait(left, timeout=1)
            return False
        return True

    async def _quiet(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while self._tasks or self._busy:
            self._changed.clear()
            await self._changed.wait()
            await asyncio.sleep(seconds)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed.set()

    async def _guard(self, work: Coroutine[Any, Any, None], action: str) -> None:
        try:
            await work
        except Exception:
            log.exception("Work in the background failed.", extra={"action": action})
