"""Time travel: the clock goes from morning to morning, and each time a command is run that sweeps.

What a sweep is, and which mornings matter, the one who starts the stand-in says: nothing of it is
known here. The offset goes into a file, which the app under trial reads as its own clock.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playground.changes import Changes
from playground.clock import StandInClock
from playground.rules import Json

TOKYO = timezone(timedelta(hours=9))
# A journey of more stops than this takes several mornings with one command.
MOST_COMMANDS = 40
_SETTLED = 300  # what is kept of the complaint of a command that failed


class AlreadyMoving(Exception):
    """One journey at a time."""


@dataclass
class Travel:
    """Moves the clock forward. `mornings` are the instants at which to sweep on the way."""

    clock: StandInClock
    changes: Changes
    file: Path | None = None
    command: str = ""
    mornings: Sequence[datetime] = ()
    target: datetime | None = None
    error: str | None = None
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    def resume(self) -> None:
        """Take over the offset that the file holds."""
        if self.file and self.file.exists():
            self.clock.offset = float(self.file.read_text(encoding="ascii").strip() or 0)

    def now(self) -> datetime:
        """The stand-in's present, in Japanese time."""
        return datetime.fromtimestamp(self.clock.wall(), TOKYO)

    def next_morning(self) -> datetime | None:
        """The first of the mornings that is still to come."""
        return next((each for each in self.mornings if each > self.now()), None)

    def start(self, target: datetime) -> None:
        """Set out; ValueError for the past, AlreadyMoving while under way."""
        if self._task and not self._task.done():
            raise AlreadyMoving("時計を進めているところです。")
        if target <= self.now():
            raise ValueError(
                "時計は戻せません。はじめからやり直すときは、もう一度起動してください。"
            )
        self.target, self.error = target, None
        self._task = asyncio.get_running_loop().create_task(self._go(target))
        self.changes.notify()

    async def close(self) -> None:
        """Give up a journey under way."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def describe(self) -> Json:
        """What the page shows of it."""
        target = self.target.isoformat() if self.target else None
        return {"now": self.now().isoformat(), "target": target, "error": self.error}

    async def _go(self, target: datetime) -> None:
        try:
            for leg in legs(self._between(target), MOST_COMMANDS):
                self._set(leg[-1])
                await self._sweep(leg)
            if self.now() < target:
                self._set(target)
                await self._sweep([target])
        except OSError as fault:
            self.error = f"時計を進められませんでした：{fault.strerror}"
        finally:
            self.target = None
            self.changes.notify()

    def _between(self, target: datetime) -> list[datetime]:
        now = self.now()
        return [each for each in self.mornings if now < each <= target]

    def _set(self, instant: datetime) -> None:
        self.clock.advance(instant.timestamp() - self.clock.wall())
        self.write()
        self.changes.notify()

    def write(self) -> None:
        """Put the offset into the file, whole at every moment."""
        if self.file:
            fresh = self.file.with_name(f"{self.file.name}.new")
            fresh.write_text(f"{self.clock.offset:.3f}", encoding="ascii")
            fresh.replace(self.file)

    async def _sweep(self, leg: Sequence[datetime]) -> None:
        if not self.command:
            return
        words = [*shlex.split(self.command), "--at", leg[0].isoformat()]
        if len(leg) > 1:
            words += ["--until", leg[-1].isoformat()]
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ,
        )
        try:
            _, complaint = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            words_of_it = complaint.decode(errors="replace").strip()[-_SETTLED:]
            self.error = f"お知らせの処理が失敗しました：{words_of_it}"


def legs(mornings: Sequence[datetime], most: int) -> list[Sequence[datetime]]:
    """The mornings in at most so many groups, each in order."""
    size = max(-(-len(mornings) // most), 1)
    return [mornings[start : start + size] for start in range(0, len(mornings), size)]
