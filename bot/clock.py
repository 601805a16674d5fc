"""The one way in for time. ``now()`` is an aware UTC instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's clock moved by the seconds written in a file, read at each call.

    For a playground only: settings refuse it unless Slack's API is on loopback. Raises ValueError
    when the file holds no number.
    """

    path: Path
    base: Clock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        """The present instant plus the offset; a missing or empty file means none."""
        text = self.path.read_text(encoding="ascii").strip() if self.path.exists() else ""
        return self.base.now() + timedelta(seconds=float(text or 0))


@dataclass
class SetClock:
    """A clock that stands where it was set, for tests and for ``--at``."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self.instant.astimezone(UTC)

    def advance(self, delta: timedelta) -> None:
        """Move it on."""
        self.instant += delta


def clock_of(file: Path | None) -> Clock:
    """The machine's clock, or the one that the offset in a file shifts."""
    return ShiftedClock(file) if file else SystemClock()
