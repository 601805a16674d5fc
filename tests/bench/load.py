"""People who act: a closed loop of so many at once, each waiting for what comes of their deed."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.views.item_rows import ENTER, REVIEW
from playground.http_delivery import FORM
from tests.bench import payloads
from tests.bench.city import Item
from tests.bench.processes import Child
from tests.bench.slack import LeanSlack

_PATIENCE = 10.0

# Does one deed to its end; the seconds until it was acknowledged.
Deed = Callable[[], Awaitable[float]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """What some deeds took: CPU seconds of the bot for each, and when each was acknowledged."""

    cpu: float
    wall: float
    acknowledged: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """The acknowledgement that so large a share was not slower than."""
        ordered = sorted(self.acknowledged)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def perform(child: Child, deeds: Sequence[Deed], *, at_once: int) -> Batch:
    """Do all deeds, ``at_once`` at any time, and wait until the process has come to rest."""
    waiting, took = list(deeds), list[float]()

    async def somebody() -> None:
        while waiting:
            took.append(await waiting.pop()())

    await child.settle()
    cpu, wall = child.cpu(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(somebody())
    wall = time.perf_counter() - wall
    await child.settle()
    return Batch((child.cpu() - cpu) / len(deeds), wall / len(deeds), tuple(took))


@dataclass
class People:
    """Everyone at their Slack, in front of one bot. Forms that were opened stay in front."""

    slack: LeanSlack
    session: aiohttp.ClientSession
    port: int
    forms: dict[Item, Json] = field(default_factory=dict)
    answered: set[Item] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def opens(self, item: Item) -> Deed:
        """Somebody presses the button of their item, and has the form in front of them."""

        async def deed() -> float:
            trigger = f"{next(self._numbers)}.{self.port}"
            shown = self.slack.expect(trigger)
            label = REVIEW if item in self.answered else ENTER
            took, _ = await self.send(payloads.press(item, label, trigger=trigger))
            self.forms[item] = await asyncio.wait_for(shown, _PATIENCE)
            if self.forms[item]["callback_id"] != "checkin":
                raise RuntimeError(f"no form came for {item}: {self.forms[item]}")
            return took

        return deed

    def presses(self, user_id: str, action_id: str, value: str) -> Deed:
        """Somebody presses a button of a message, and has in front of them what it opens."""

        async def deed() -> float:
            trigger = f"{next(self._numbers)}.{self.port}"
            shown = self.slack.expect(trigger)
            body = payloads.button(user_id, action_id, value, trigger=trigger)
            took, _ = await self.send(body)
            view = await asyncio.wait_for(shown, _PATIENCE)
            if len(view["blocks"]) < 2:
                raise RuntimeError(f"nothing came of {action_id}: {view}")
            return took

        return deed

    def submits(self, item: Item) -> Deed:
        """Somebody completes the form in front of them, with a text that nobody wrote before."""

        async def deed() -> float:
            took, answer = await self.send(self.filled_in(item))
            del self.forms[item]
            said = json.loads(answer or "{}")
            if said.get("view", {}).get("callback_id") in ("checkin", None):
                raise RuntimeError(f"not saved: {answer}")
            self.answered.add(item)
            return took

        return deed

    def filled_in(self, item: Item) -> bytes:
        """The form in front of somebody, filled in as nobody has before."""
        text = f"参加が計画の6割にとどまる。10月から周知を見直す。第{next(self._numbers)}版"
        return payloads.submission(item.user_id, self.forms[item], text=text)

    def asks(self, user_id: str, text: str) -> Deed:
        """Somebody types `/kaikaku` and reads what it answers."""

        async def deed() -> float:
            key = f"{next(self._numbers)}-{self.port}"
            shown = self.slack.expect(key)
            url = f"{self.slack.url}/response/{key}"
            took, _ = await self.send(payloads.command(user_id, text, response_url=url))
            await asyncio.wait_for(shown, _PATIENCE)
            return took

        return deed

    def goes_home(self, user_id: str) -> Deed:
        """Somebody opens Home and sees it."""

        async def deed() -> float:
            shown = self.slack.expect(user_id)
            body = payloads.home_opened(user_id, number=next(self._numbers))
            took, _ = await self.send(body, content_type="application/json")
            await asyncio.wait_for(shown, _PATIENCE)
            return took

        return deed

    def sends(self, body: bytes) -> Deed:
        """A request that is only acknowledged."""

        async def deed() -> float:
            return (await self.send(body))[0]

        return deed

    async def send(self, body: bytes, *, content_type: str = FORM) -> tuple[float, str]:
        """One request: seconds until its answer, and the answer."""
        started = time.perf_counter()
        address = f"http://127.0.0.1:{self.port}/slack/events"
        headers = payloads.headers(body, content_type)
        async with self.session.post(address, data=body, headers=headers) as got:
            answer = await got.text()
        if got.status != 200:
            raise RuntimeError(f"refused with {got.status}: {answer[:200]}")
        return time.perf_counter() - started, answer
