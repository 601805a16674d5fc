"""Faults on request: what the Web API does wrong, for which method, and how often."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playground.clock import StandInClock

Where = Callable[[dict[str, Any]], bool]


class FaultKind(StrEnum):
    """What goes wrong."""

    RATE_LIMITED = "rate_limited"
    STATUS = "status"
    ERROR = "error"
    HANG = "hang"
    SLOW = "slow"
    DROP = "drop"
    DROP_AFTER = "drop_after"


@dataclass(frozen=True)
class Fault:
    """One way in which a call fails; made by the class methods."""

    kind: FaultKind
    seconds: float = 0.0
    status: int = 200
    code: str = ""

    @classmethod
    def rate_limited(cls, *, retry_after: int = 1) -> Fault:
        """429 with Retry-After in seconds; nothing is done."""
        return cls(FaultKind.RATE_LIMITED, seconds=retry_after, status=429, code="ratelimited")

    @classmethod
    def server_error(cls, status: int = 503) -> Fault:
        """A 5xx answer that is no JSON; nothing is done."""
        return cls(FaultKind.STATUS, status=status)

    @classmethod
    def error(cls, code: str) -> Fault:
        """`ok: false` with this code, `fatal_error` for one; nothing is done."""
        return cls(FaultKind.ERROR, code=code)

    @classmethod
    def hang(cls) -> Fault:
        """No answer until the stand-in stops; nothing is done."""
        return cls(FaultKind.HANG)

    @classmethod
    def slow(cls, seconds: float) -> Fault:
        """The right answer, so many real seconds late."""
        return cls(FaultKind.SLOW, seconds=seconds)

    @classmethod
    def drop(cls) -> Fault:
        """The connection is cut before anything is done."""
        return cls(FaultKind.DROP)

    @classmethod
    def drop_after(cls) -> Fault:
        """Everything is done, and then the connection is cut without an answer."""
        return cls(FaultKind.DROP_AFTER)


def fault_of(kind: FaultKind, *, seconds: float = 1, status: int = 503, code: str = "") -> Fault:
    """The fault of a kind, each part that it has no use for left out."""
    match kind:
        case FaultKind.RATE_LIMITED:
            return Fault.rate_limited(retry_after=round(seconds))
        case FaultKind.STATUS:
            return Fault.server_error(status)
        case FaultKind.ERROR:
            return Fault.error(code or "fatal_error")
        case FaultKind.SLOW:
            return Fault.slow(seconds)
        case _:
            return Fault(kind)


@dataclass
class _Plan:
    method: str
    fault: Fault
    times: int | None
    probability: float
    where: Where | None

    def applies(self, method: str, args: dict[str, Any]) -> bool:
        if self.method not in (method, "*") or self.times == 0:
            return False
        return self.where is None or self.where(args)


@dataclass
class Faults:
    """All that is to go wrong; nothing is, until a test asks for it."""

    clock: StandInClock
    per_channel_per_second: bool = False
    _plans: list[_Plan] = field(default_factory=list)
    _limits: dict[str, int] = field(default_factory=dict)
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _random: random.Random = field(default_factory=lambda: random.Random(0))

    def on(
        self,
        method: str,
        fault: Fault,
        *,
        times: int | None = None,
        probability: float = 1.0,
        where: Where | None = None,
    ) -> None:
        """Let calls of `method` (`*` for all) fail.

        `times` bounds how often (None: until clear), `where` picks calls by their arguments.
        """
        self._plans.append(_Plan(method, fault, times, probability, where))

    def limit(self, method: str, *, per_minute: int) -> None:
        """Answer 429 to more than so many calls of a method in a minute."""
        self._limits[method] = per_minute

    def seed(self, number: int) -> None:
        """Start the dice of `probability` again from this number."""
        self._random.seed(number)

    def clear(self) -> None:
        """Everything works again."""
        self._plans.clear()
        self._limits.clear()
        self.per_channel_per_second = False

    def next_for(self, method: str, args: dict[str, Any]) -> Fault | None:
        """The fault that befalls this call, counted as having happened."""
        for plan in self._plans:
            if plan.applies(method, args) and self._random.random() < plan.probability:
                if plan.times is not None:
                    plan.times -= 1
                return plan.fault
        return self._limited(method, args)

    def _limited(self, method: str, args: dict[str, Any]) -> Fault | None:
        if method in self._limits:
            wait = self._wait(method, self._limits[method], 60.0)
            if wait:
                return Fault.rate_limited(retry_after=wait)
        if self.per_channel_per_second and method == "chat.postMessage":
            wait = self._wait(f"{method} {args.get('channel')}", 1, 1.0)
            if wait:
                return Fault.rate_limited(retry_after=wait)
        return None

    def _wait(self, key: str, most: int, window: float) -> int:
        now, recent = self.clock.monotonic(), self._recent[key]
        while recent and now - recent[0] >= window:
            recent.popleft()
        if len(recent) < most:
            recent.append(now)
            return 0
        return max(1, round(window - (now - recent[0])))
