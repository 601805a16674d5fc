"""Whether a request is Slack's own: signed, fresh, and not one that has come already.

Slack, authentication/verifying-requests-from-slack: HMAC-SHA256 over version, time and body.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.clock import Clock, SystemClock

_TOLERANCE = 5 * 60  # seconds either way (Slack)
_REMEMBERED = 20_000
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_TIME = re.compile(r"\d{1,12}", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True)
class Sealed:
    """What a request's headers say: when it was signed (Unix seconds, as sent), and how."""

    at: str
    signature: str


class Signatures(Generic[T]):
    """Checks signatures, and remembers those it has seen for as long as they hold.

    Other processes have memories of their own; what is done twice all the same is known again
    by what is stored.
    """

    def __init__(self, secret: str, *, clock: Clock | None = None) -> None:
        self._secret, self._clock = secret.encode(), clock or SystemClock()
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Future[T]] = {}

    def seal_of(self, headers: Mapping[str, str]) -> Sealed | None:
        """The signature that the headers claim; None when none can hold, whatever the body."""
        at = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not (_TIME.fullmatch(at) and _SIGNATURE.fullmatch(signature)):
            return None
        return Sealed(at, signature) if abs(self._now() - int(at)) <= _TOLERANCE else None

    def covers(self, sealed: Sealed, body: bytes) -> bool:
        """Whether this body was signed so."""
        base = b"v0:%b:%b" % (sealed.at.encode(), body)
        expected = hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={expected}", sealed.signature)

    async def once(self, sealed: Sealed, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do the work for one signature once: a copy that comes meanwhile gets the same answer.

        None for one that comes later: Slack signs anew what it sends again.
        """
        key = bytes.fromhex(sealed.signature.removeprefix("v0="))
        if key in self._under_way:
            return await self._under_way[key]
        if key in self._seen:
            return None
        self._remember(key)
        task = self._under_way[key] = asyncio.ensure_future(work())
        try:
            return await task
        finally:
            del self._under_way[key]

    def _remember(self, key: bytes) -> None:
        now = self._now()
        self._seen[key] = now
        # A time that lies ahead is taken too, so that a signature may hold for twice as long.
        while len(self._seen) > _REMEMBERED or next(iter(self._seen.values())) < now - (
            2 * _TOLERANCE
        ):
            self._seen.popitem(last=False)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
