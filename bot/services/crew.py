"""Work that runs side by side to its end: what fails stops nothing else, and is raised last."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from types import TracebackType
from typing import Any, Self


class Crew:
    """An async context manager; leaving it waits for all, and raises what failed as a group.

    When it is cancelled, so is all that runs.
    """

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and not isinstance(error, Exception):
            await self._abandon()
            return
        await self.shrinks_to(0)
        if self.failures and error is None:
            raise ExceptionGroup("letters that could not be recorded", self.failures)

    def start(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Begin all of it."""
        for each in work:
            task = asyncio.ensure_future(each)
            self._running.add(task)
            task.add_done_callback(self._end)

    async def shrinks_to(self, most: int) -> None:
        """Wait until no more than so many run."""
        try:
            while len(self._running) > most:
                self._changed.clear()
                await self._changed.wait()
        except asyncio.CancelledError:
            await self._abandon()
            raise

    async def _abandon(self) -> None:
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._changed.set()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.failures.append(error)


async def side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run it all to its end."""
    async with Crew() as crew:
        crew.start(work)
