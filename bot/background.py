"""Work that outlives the request that asked for it, counted so that a stop can wait for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

_QUIET_SECONDS = 0.1

log = logging.getLogger(__name__)


class Background:
    """Holds every running task: asyncio itself keeps no reference, and nobody else would wait."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None], *, action: str) -> asyncio.Task[None]:
        """Run it to its end; a failure is logged under ``action``, and is nobody else's."""
        task = asyncio.get_running_loop().create_task(self._guard(work, action))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count what the running task does in here as work to be waited for."""
        task = asyncio.current_task()
        if task is None or task in self._tasks:
            yield
            return
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self, seconds: float) -> bool:
        """Wait until nothing runs, work begun meanwhile included; what is left is cancelled.

        Returns whether everything came to its own end.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        # What has just arrived is not a task yet: only a moment of quiet is the end.
        await asyncio.sleep(_QUIET_SECONDS)
        while self._tasks and (left := until - loop.time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
            await asyncio.sleep(_QUIET_SECONDS)
        cut_short = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in cut_short:
            task.cancel()
        if cut_short:
            await asyncio.wait(cut_short, timeout=1)
        return not cut_short

    async def _guard(self, work: Coroutine[Any, Any, None], action: str) -> None:
        try:
            await work
        except Exception:
            log.exception("Work in the background failed.", extra={"action": action})
