"""The way from one process to Slack: the place of aiohttp's session, without a socket.

The real AsyncWebClient hands its requests to it and meets what aiohttp would give or raise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp

from tests.simulation.gate import Gate
from tests.simulation.slack import Json, Workspace
from tests.simulation.story import Story
from tests.simulation.weather import Befallen, Fault, Weather

BASE_URL = "http://slack.invalid/api/"
_GIVES_UP = 10.0  # seconds: the bot's own limit for a call (bot.domain.letters.CALL_TIMEOUT)


@dataclass
class Response:
    """As much of aiohttp's response as the SDK looks at."""

    status: int
    body: Json | str
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    async def json(self) -> Json:
        if isinstance(self.body, str):
            raise aiohttp.ContentTypeError(None, ())  # type: ignore[arg-type]
        return self.body

    async def text(self) -> str:
        return str(self.body)


@dataclass
class Connection:
    """What a process calls Slack through; with the process it dies."""

    slack: Workspace
    weather: Weather
    gate: Gate
    story: Story
    closed: bool = False

    def request(self, verb: str, url: str, **how: Any) -> _Exchange:
        """One call, to be entered."""
        arguments = how.get("json") or how.get("params") or how.get("data") or {}
        return _Exchange(self, url.rpartition("/")[2], arguments)


@dataclass
class _Exchange:
    """One call under way."""

    connection: Connection
    method: str
    arguments: Mapping[str, Any]

    async def __aenter__(self) -> Response:
        here = self.connection
        here.gate.enter(f"call {self.method}")
        befallen = here.weather.befall(self.method, here.slack.clock.now())
        if befallen:
            here.story.tell(f"{here.gate.name} {self.method} meets {befallen.fault}")
        await asyncio.sleep(here.weather.latency())
        answer = self._taken(befallen)
        await asyncio.sleep(here.weather.latency())
        here.gate.enter(f"answer {self.method}")
        return await _ended(befallen, answer)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def _taken(self, befallen: Befallen | None) -> Json:
        """Slack's answer. What a process sent just before it died may still arrive."""
        here = self.connection
        arrives = here.gate.is_alive or here.weather.rng.random() < 0.5
        if not arrives or (befallen and not befallen.fault.is_taken):
            return {"ok": False, "error": "never_arrived"}
        return here.slack.answer(self.method, self.arguments)


async def _ended(befallen: Befallen | None, answer: Json) -> Response:
    """What the process sees of the call's end."""
    if befallen is None:
        return Response(200, answer)
    match befallen.fault:
        case Fault.NO_CONNECTION:
            raise aiohttp.ClientConnectorError(None, OSError(111, "refused"))  # type: ignore[arg-type]
        case Fault.DROP_BEFORE | Fault.DROP_AFTER:
            raise aiohttp.ServerDisconnectedError
        case Fault.TIMEOUT_BEFORE | Fault.TIMEOUT_AFTER:
            await asyncio.sleep(_GIVES_UP)
            raise TimeoutError
        case Fault.STATUS_BEFORE | Fault.STATUS_AFTER:
            return Response(befallen.status, "<html>", content_type="text/html")
        case Fault.PLAIN_BEFORE | Fault.PLAIN_AFTER:
            return Response(200, "proxy", content_type="text/plain")
        case Fault.RATE_LIMITED:
            headers = {"Retry-After": str(befallen.retry_after)}
            return Response(429, {"ok": False, "error": "ratelimited"}, headers)
        case _:
            return Response(200, {"ok": False, "error": befallen.word})
