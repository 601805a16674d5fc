"""How the post office is doing: letters by state, how many wait, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.calendar import WINDOW_OPENS, at_tokyo
from bot.services.office import Office


@dataclass(frozen=True)
class Vitals:
    """``letters``: number by state. ``oldest_seconds``: since the oldest waiting letter could go.

    A letter may go from 9:30 of its own day; 0 when none waits, or none has come to its day.
    """

    letters: Mapping[str, int]
    waiting: int
    oldest_seconds: float


async def read_vitals(office: Office) -> Vitals:
    """Count the letters. Raises NotSaved when the database can't be had."""
    async with office.database.read() as uow:
        letters = await uow.outbox.counts()
        waiting, oldest = await uow.outbox.waiting()
    now = office.now()
    since = at_tokyo(oldest, WINDOW_OPENS) if oldest else now
    return Vitals(letters, waiting, max((now - since).total_seconds(), 0.0))
