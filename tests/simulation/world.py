"""Everything that a simulated year consists of, and the few things all parts of it ask of it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.clock import SkewedClock
from tests.simulation.ledger import Ledger
from tests.simulation.process import Engines, Process, start_process
from tests.simulation.slack import Workspace
from tests.simulation.story import Story
from tests.simulation.town import Town, Ward
from tests.simulation.truth import Truth
from tests.simulation.weather import Weather

PROCESSES = ("alpha", "beta")


@dataclass(frozen=True)
class Backup:
    """A copy of the database, and of the book at that moment."""

    file: Path
    ledger: Ledger


@dataclass
class World:
    """One simulated year. Every choice comes from ``rng``, every moment from ``clock``."""

    url: str
    folder: Path
    rng: random.Random
    clock: SkewedClock
    story: Story
    slack: Workspace
    weather: Weather
    truth: Truth
    engines: Engines
    town: Town = field(default_factory=Town)
    ledger: Ledger = field(default_factory=Ledger)
    told: dict[str, frozenset[tuple[int, int, str]]] = field(default_factory=dict)
    named: dict[str, set[int]] = field(default_factory=dict)  # by message, items named by right
    backup: Backup | None = None
    was_restored: bool = False
    danger: float = 0.0
    stubbornness: float = 0.0
    _living: dict[str, Process] = field(default_factory=dict)

    def seconds(self) -> float:
        """Since the year began, truly."""
        return self.clock.loop.time()

    def chance(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self.rng.random() < probability

    async def process(self, name: str | None = None) -> Process:
        """A living process, of that name or any; a dead one is started again after a while."""
        name = name or self.rng.choice(PROCESSES)
        found = self._living.get(name)
        if found is None or not found.gate.is_alive:
            if found is not None:
                await found.bury()
                await asyncio.sleep(self.rng.uniform(1, 90))
            found = self._living[name] = start_process(
                name,
                self.url,
                slack=self.slack,
                weather=self.weather,
                story=self.story,
                engines=self.engines,
            )
        found.gate.danger, found.gate.stubbornness = self.danger, self.stubbornness
        return found

    async def stop_all(self) -> None:
        """End every process in order."""
        for process in self._living.values():
            await process.bury()
        self._living.clear()

    def turn_calm(self) -> None:
        """From now on nothing goes wrong any more."""
        self.weather.roughness, self.weather.barred = 0.0, False
        self.danger = self.stubbornness = 0.0
        for process in self._living.values():
            process.gate.danger = process.gate.stubbornness = 0.0

    def touch(self, ward: Ward) -> None:
        """Note that a ward's people, dates or days off change now."""
        ward.edited_at = self.seconds()
