"""An event loop whose time moves only when everybody waits, so that a year passes in seconds.

Nothing runs beside it: what would go to a thread runs at once. Given the same random numbers the
same things therefore happen in the same order, and a seed replays exactly.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TypeVar, TypeVarTuple, Unpack
from unittest.mock import patch

from storage import sqlite

# The loop watches its own pipe; whatever else is watched is a server that will answer.
_OWN = 1
_ANSWER_WITHIN = 30.0  # seconds of real time

Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class _Skipping(selectors.DefaultSelector):
    """Where a loop would sleep until the next timer, the time of that timer has come."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if len(self.get_map() or ()) > _OWN:
            return super().select(_ANSWER_WITHIN)
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing is left that could happen")
        self.seconds += max(timeout, 0.0)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """``time()`` begins at 0 and counts the seconds that were waited for."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._skipping.seconds

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Given]], Result],
        *args: *Given,
    ) -> asyncio.Future[Result]:
        """Run it here and now."""
        future: asyncio.Future[Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever awaits the future gets it
            future.set_exception(error)
        return future


@contextmanager
def virtual_time() -> Iterator[asyncio.Runner]:
    """A runner on such a loop; the storage's own patience counts the loop's seconds too."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        loop = runner.get_loop()
        with patch.object(sqlite, "monotonic", loop.time):
            yield runner
