"""Who has Home before their eyes in this process: at which place, and what it shows."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.views.home import Place

_REMEMBERED = 2000
# Slack tells of each opening, and Home is then made anew: only who looks at it now is in need.
_LOOKING_FOR = timedelta(minutes=15)
_MOST_AT_ONCE = 20


@dataclass(frozen=True)
class Shown:
    """What somebody's Home shows, and of which units it tells (None: of every one)."""

    place: Place | None = None
    digest: str = ""
    unit_ids: frozenset[int | None] = frozenset()
    opened_at: datetime | None = None


@dataclass
class HomeReaders:
    """Homes by Slack user id. What a process has forgotten, the view's own metadata still tells."""

    _shown: OrderedDict[str, Shown] = field(default_factory=OrderedDict)
    _turns: OrderedDict[str, asyncio.Lock] = field(default_factory=OrderedDict)
    _waiting: set[str] = field(default_factory=set)

    def knows(self, user_id: str) -> bool:
        """Whether they have opened Home."""
        return user_id in self._shown

    def of(self, user_id: str) -> Shown:
        """What their Home shows, as far as is known."""
        return self._shown.get(user_id, Shown())

    def opened(self, user_id: str, place: Place | None, digest: str, at: datetime) -> None:
        """Somebody has gone to Home, which shows this already."""
        known = self.of(user_id)
        self._keep(user_id, replace(known, place=place or known.place, digest=digest, opened_at=at))

    def shows(self, user_id: str, place: Place, digest: str, units: frozenset[int | None]) -> None:
        """Their Home has been made anew."""
        known = self.of(user_id)
        self._keep(user_id, replace(known, place=place, digest=digest, unit_ids=units))

    def outdate(self, user_id: str) -> None:
        """Their Home shows something else than a page of ours."""
        self._keep(user_id, replace(self.of(user_id), digest=""))

    def looking(self, user_id: str, units: frozenset[int | None], now: datetime) -> Iterator[str]:
        """Others who have opened Home lately and share one of the units; the newest first."""
        found = 0
        for other, shown in reversed(list(self._shown.items())):
            is_recent = shown.opened_at is not None and now - shown.opened_at <= _LOOKING_FOR
            shares = None in shown.unit_ids or None in units or bool(shown.unit_ids & units)
            if other != user_id and is_recent and shares and found < _MOST_AT_ONCE:
                found += 1
                yield other

    def is_anybody_else_looking(self, user_id: str, now: datetime) -> bool:
        """Whether there is anybody to be told at all."""
        return any(True for _ in self.looking(user_id, frozenset({None}), now))

    @asynccontextmanager
    async def turn(self, user_id: str) -> AsyncIterator[None]:
        """Held by the one making of a Home that is under way: what is read later is shown later."""
        lock = self._turns.setdefault(user_id, asyncio.Lock())
        if len(self._turns) > _REMEMBERED:
            self._turns.popitem(last=False)
        async with lock:
            self._waiting.discard(user_id)
            yield

    def is_first_to_wait(self, user_id: str) -> bool:
        """False when somebody's Home is about to be made anew in any case."""
        if user_id in self._waiting:
            return False
        self._waiting.add(user_id)
        return True

    def _keep(self, user_id: str, shown: Shown) -> None:
        self._shown[user_id] = shown
        self._shown.move_to_end(user_id)
        if len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)
