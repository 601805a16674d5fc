"""What the clock does: each job is a sweep that is safe to repeat, and to stop between any two."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field

from bot.domain.errors import KaikakuError
from bot.services import account_changes, drafts, letter_updates, letters, sweep, wrong_clock
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.slack.directory import Directory

log = logging.getLogger(__name__)

_NAP = 0.2  # seconds between two looks whether another process has read the directory


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
    directory: Directory
    stopping: Stopping = field(default_factory=Stopping)
    pulse: Pulse = field(default_factory=Pulse)


async def plan(desk: Desk) -> None:
    """Write the letters that are due now, and send them off."""
    at = desk.office.now()
    if await sweep.is_due(desk.office, at=at):
        await _know_who_is_there(desk)
        if await sweep.plan(desk.office, at=at):
            await deliver(desk)
    desk.pulse.beat()


async def _know_who_is_there(desk: Desk) -> None:
    """Wait for today's reading of the directory; a Slack that refuses it holds up no letter."""
    try:
        await accounts(desk)
    except KaikakuError as error:
        word = type(error).__name__
        log.warning("Accounts unread.", extra={"action": "accounts.unread", "error": word})
    # Another process may be the one that reads: nothing here would set an event.
    while not desk.stopping.asked and await account_changes.is_being_read(  # noqa: ASYNC110
        desk.office, desk.directory, at=desk.office.now()
    ):
        await asyncio.sleep(_NAP)


async def accounts(desk: Desk) -> None:
    """Note who can no longer be written to, and who can again."""
    await account_changes.read_directory(desk.office, desk.directory, at=desk.office.now())


async def deliver(desk: Desk) -> None:
    """Send what is waiting, batch after batch."""
    await letters.deliver_all(
        desk.office, desk.courier, now=desk.office.now, stopping=lambda: desk.stopping.asked
    )


async def refresh(desk: Desk) -> None:
    """Bring sent letters up to date with what has been answered since."""
    while not desk.stopping.asked and await letter_updates.is_any_waiting(desk.office):
        if not await letter_updates.refresh(desk.office, desk.courier, at=desk.office.now()):
            return


async def put_right(desk: Desk) -> None:
    """Wait no longer for moments that a clock which ran ahead has set."""
    number = await wrong_clock.put_right(desk.office)
    if number:
        log.warning("%d moments lay too far ahead.", number, extra={"action": "clock.put_right"})


async def remove_drafts(desk: Desk) -> None:
    """Delete what was typed, never submitted, and is of no use any more."""
    removed = await drafts.remove_lapsed(desk.office)
    if removed.total:
        log.info("Removed %d drafts.", removed.total, extra={"action": "drafts.removed"})
