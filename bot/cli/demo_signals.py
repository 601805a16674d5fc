"""Ctrl-C and its like: they end a demo wherever it is, save between a fork and its note."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """No error: a signal asks for the end."""


class Signals:
    """What a signal does while a demo runs."""

    def __init__(self) -> None:
        self._held = self._asked = False

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Let a signal end the block, also where SIGINT was ignored before.

        A job that a shell starts in the background inherits it ignored. After the first signal
        the rest are ignored, so that the end comes to its end.
        """
        before = {each: signal.signal(each, self._end) for each in _CAUGHT}
        try:
            yield
        except Ended:
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put a signal off to the end of the block, in which something begins that must be ended:
        raised half-way, nobody would know of it.
        """
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._asked:
            raise Ended

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        for each in _CAUGHT:
            signal.signal(each, signal.SIG_IGN)
        self._asked = True
        if not self._held:
            raise Ended
