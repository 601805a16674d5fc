"""What every use case needs: the database, the time, and the forms that units publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.clock import Clock, SystemClock
from bot.domain.calendar import japanese_date
from bot.domain.form import Form
from storage.database import Database


@dataclass(frozen=True)
class Office:
    """Handed to each service. Handlers get one whose database gives up within 1.5 s.

    ``clock`` says which day it is in the office; ``machine`` times leases, retries and updates,
    and is never shifted.
    """

    database: Database
    clock: Clock
    forms: Mapping[str, Form]
    machine: Clock = field(default_factory=SystemClock)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The Japanese date."""
        return japanese_date(self.now())
