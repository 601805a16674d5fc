"""Socket Mode: two WebSocket connections to Slack, and the watchdog that replaces a dead one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.background import Background
from bot.metrics import Metrics
from bot.requests import answer

log = logging.getLogger(__name__)

# The SDK closes the old connection before it opens the new one, and what is clicked in between is
# lost: while one is refreshed, the other takes it. Slack allows ten for an app.
CONNECTIONS = 2
_GOODBYE_SECONDS = 1.0

MakeClient = Callable[[float], SocketModeClient]  # from the seconds between two pings


@dataclass(frozen=True)
class Pace:
    """Seconds: between two pings, and how long the SDK has to mend a connection by itself."""

    ping: float = 5.0
    patience: float = 30.0
    look: float = 1.0


PACE = Pace()


class SocketConnections:
    """The connections of one process; each envelope comes on one of them."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        make: MakeClient,
        background: Background,
        metrics: Metrics,
        pace: Pace = PACE,
    ) -> None:
        """The token must have been checked: a wrong one is retried for ever, without a word."""
        self._app, self._background, self._metrics = app, background, metrics
        self._make, self._pace = make, pace
        # Opened together, they are asked to refresh together: each keeps what it has meanwhile.
        self._turn = asyncio.Lock()
        self._lines: list[_Line] = []
        self._watch: asyncio.Task[None] | None = None

    async def start(self, seconds: float) -> None:
        """Connect; after so many seconds it goes on trying in the background."""
        self._lines = [self._line() for _ in range(CONNECTIONS)]
        await asyncio.wait({line.connecting for line in self._lines}, timeout=seconds)
        self._watch = asyncio.ensure_future(self._watch_over())

    async def count_open(self) -> int:
        """How many connections answer."""
        return sum([await line.client.is_connected() for line in self._lines])

    async def close(self) -> None:
        """Close them; acknowledgements must have gone out by now."""
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await asyncio.gather(*(line.close() for line in self._lines))

    def _line(self) -> _Line:
        client = self._make(self._pace.ping)
        client.socket_mode_request_listeners.append(self._receive)
        client.connect_operation_lock = self._turn
        return _Line(client, asyncio.ensure_future(client.connect()))  # type: ignore[no-untyped-call]

    async def _watch_over(self) -> None:
        """The SDK reconnects by itself, but has been seen to stop: open, dead, and no word."""
        clock = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._pace.look)
            for index, line in enumerate(self._lines):
                if await line.has_been_down(clock.time()) > self._pace.patience:
                    self._lines[index] = self._line()
                    self._background.start(line.close(), action="socket.close")
                    log.warning(
                        "A connection to Slack was dead; there is a new one in its place.",
                        extra={"action": "socket.replaced"},
                    )

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._background.busy():
            answered = await answer(self._app, self._metrics, request.payload)
            await send_async_response(client, request, answered, 0.0)


@dataclass
class _Line:
    """One connection with the reconnecting that the SDK does for it."""

    client: SocketModeClient
    connecting: asyncio.Future[None]
    down_since: float | None = None

    async def has_been_down(self, now: float) -> float:
        """Seconds since it was first seen not to answer; 0 when it does."""
        if await self.client.is_connected():
            self.down_since = None
            return 0.0
        self.down_since = now if self.down_since is None else self.down_since
        return now - self.down_since

    async def close(self) -> None:
        """Close it. A peer that is gone is not waited for: its goodbye may take ten seconds."""
        self.connecting.cancel()
        with suppress(asyncio.CancelledError):
            await self.connecting
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self.client.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            await self._cut()

    async def _cut(self) -> None:
        """What the SDK does after the goodbye that did not come: else each dead one would stay."""
        client = self.client
        for task in (client.message_processor, client.current_session_monitor):
            if task is not None:
                task.cancel()
        if client.message_receiver is not None:
            client.message_receiver.cancel()
        await client.aiohttp_client_session.close()
