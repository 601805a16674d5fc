"""An attack from a test that runs in no loop, as Hypothesis wants it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings

from playground.deliveries import Kind
from tests.fuzz.target import Answer, Target

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))


class Attack:
    """A bot that is attacked, and the loop in which it runs."""

    def __init__(self, target: Target, runner: asyncio.Runner) -> None:
        self.target, self.runner = target, runner

    def send(self, kind: Kind, payload: Any) -> Answer:
        """A payload, signed as Slack signs it."""
        return self.runner.run(self.target.send(kind, payload))

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Any bytes with any headers."""
        return self.runner.run(self.target.post(body, headers))

    def come_to_rest(self) -> None:
        """Wait for the end of everything that was begun."""
        self.runner.run(self.target.story.bot.background.drain(5))


def examples(number: int) -> settings:
    """So many examples, the same in every run; ``make fuzz`` asks for more, and other ones."""
    return settings(
        max_examples=EXAMPLES or number,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
