"""The machines' clock, which may be wrong, over the loop's time, which is true."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.calendar import at_tokyo, japanese_date

START = at_tokyo(date(2026, 4, 1), time(0, 0)).astimezone(UTC)


@dataclass
class SkewedClock:
    """``now`` is what the bot believes. ``ahead`` is the latest that it has ever believed."""

    loop: asyncio.AbstractEventLoop
    skew: timedelta = timedelta()
    ahead: datetime = field(default=START)
    wrong_on: set[date] = field(default_factory=set)  # the true days on which it was wrong

    def now(self) -> datetime:
        """The machines' instant, aware, in UTC."""
        shown = self.true() + self.skew
        self.ahead = max(self.ahead, shown)
        return shown

    def true(self) -> datetime:
        """The instant as it really is."""
        return START + timedelta(seconds=self.loop.time())

    def today(self) -> date:
        """The Japanese date that the bot believes in."""
        return japanese_date(self.now())

    def true_day(self) -> date:
        """The Japanese date as it really is."""
        return japanese_date(self.true())

    def go_wrong(self, skew: timedelta) -> None:
        """From now on the machines believe another time."""
        self.skew = skew
        self.wrong_on.add(self.true_day())

    async def until(self, day: date, hour: time) -> None:
        """Let time pass until that true moment, if it is still to come."""
        left = (at_tokyo(day, hour) - self.true()).total_seconds()
        if left > 0:
            await asyncio.sleep(left)
