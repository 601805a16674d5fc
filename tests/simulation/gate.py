"""Where a process may be killed: before and after each call to Slack and each transaction."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.simulation.story import Story

# What a process sent before its end has arrived by then, or never will.
_ARRIVES_WITHIN = 12.0

Result = TypeVar("Result")


class Killed(BaseException):
    """The process is no more; nothing of ours may catch this and go on."""


@dataclass
class Gate:
    """``danger``: how likely the process is killed at each gate it goes through.

    ``stubbornness``: how likely the database is locked for longer than anybody waits.
    """

    name: str
    rng: random.Random
    story: Story
    danger: float = 0.0
    stubbornness: float = 0.0
    died: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_alive(self) -> bool:
        """Whether nobody has killed it yet."""
        return not self.died.is_set()

    def enter(self, where: str) -> None:
        """Go through, or raise Killed; the dead go nowhere, and nobody after a first finding."""
        if self.story.findings:
            self.died.set()
        if self.is_alive and self.danger and self.rng.random() < self.danger:
            self.died.set()
            self.story.tell(f"{self.name} is killed at {where}")
        if not self.is_alive:
            raise Killed

    async def while_alive(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do some work to its end; raises Killed when the process dies meanwhile."""
        doing = asyncio.ensure_future(work)
        died = asyncio.ensure_future(self.died.wait())
        await asyncio.wait({doing, died}, return_when=asyncio.FIRST_COMPLETED)
        died.cancel()
        if self.is_alive:
            return await doing
        await asyncio.wait({doing}, timeout=_ARRIVES_WITHIN)
        doing.cancel()
        await asyncio.wait({doing})
        if not doing.cancelled():
            doing.exception()
        raise Killed
