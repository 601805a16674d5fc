"""What the clock does: each job is a sweep that is safe to repeat, and to stop between any two."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bot.services import letters, sweep
from bot.services.office import Office
from bot.slack.delivery import Courier


@dataclass
class Stopping:
    """Whether the process is on its way out: nothing more is claimed."""

    asked: bool = False


@dataclass
class Pulse:
    """When this process last finished looking for what is due; its start counts as the first."""

    at: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """It has just finished."""
        self.at = time.monotonic()

    def lag(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self.at


@dataclass(frozen=True)
class Desk:
    """What a job works with."""

    office: Office
    courier: Courier
    stopping: Stopping = field(default_factory=Stopping)
    pulse: Pulse = field(default_factory=Pulse)


async def plan(desk: Desk) -> None:
    """Write the letters that are due now, and send them off."""
    at = desk.office.now()
    if await sweep.is_due(desk.office, at=at) and await sweep.plan(desk.office, at=at):
        await deliver(desk)
    desk.pulse.beat()


async def deliver(desk: Desk) -> None:
    """Send what is waiting, batch by batch."""
    while not desk.stopping.asked:
        if not await letters.deliver(desk.office, desk.courier, at=desk.office.now()):
            return


async def refresh(desk: Desk) -> None:
    """Bring sent letters up to date with what has been answered since."""
    while not desk.stopping.asked:
        if not await letters.refresh(desk.office, desk.courier, at=desk.office.now()):
            return
