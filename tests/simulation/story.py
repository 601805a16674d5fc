"""What happened in a simulated year, line by line; two years are the same when their lines are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.calendar import TOKYO
from tests.simulation.clock import SkewedClock


@dataclass
class Story:
    """The lines so far, and what was found to be wrong, each finding once."""

    clock: SkewedClock
    lines: list[str] = field(default_factory=list)
    findings: dict[str, str] = field(default_factory=dict)

    def tell(self, what: str) -> None:
        """Note that something happened now, by the machines' clock."""
        self.lines.append(f"{self._shown():%Y-%m-%d %H:%M:%S.%f} {what}")

    def find(self, invariant: str, what: str) -> None:
        """Note that an invariant does not hold; the first time counts."""
        if invariant not in self.findings:
            self.findings[invariant] = f"{self._shown():%Y-%m-%d %H:%M} {what}"
            self.tell(f"BROKEN {invariant}: {what}")

    def digest(self) -> str:
        """The same for the same story, and for no other."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    def _shown(self) -> datetime:
        return self.clock.now().astimezone(TOKYO)
