"""The ways in from Slack: signed HTTP requests, or Socket Mode; and /healthz on the port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Background
from bot.domain.errors import Refused

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"

_PING_SECONDS = 10
_LARGEST_REQUEST = 4 * 1024 * 1024
_SHUTDOWN_SECONDS = 1.0
_GOODBYE_SECONDS = 1.0

# What is not well, by name; nothing when everything is.
Health = Callable[[], Awaitable[list[str]]]


class WebServer:
    """Listens on one port: always for /healthz, and for Slack where there is an app to reach."""

    def __init__(self, *, health: Health, background: Background) -> None:
        self._health, self._background = health, background
        self._web = web.Application(client_max_size=_LARGEST_REQUEST)
        self._web.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(self._web, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)

    def receive(self, app: AsyncApp, *, signing_secret: str) -> None:
        """Take what Slack sends over HTTP. What it has not signed is not even parsed."""
        verifier = SignatureVerifier(signing_secret)

        async def events(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            if not _is_signed(verifier, request, body):
                return web.Response(status=401)
            with self._background.busy():
                return await _dispatch(app, request)

        self._web.router.add_post(EVENTS_PATH, events)

    @property
    def port(self) -> int:
        """Where it listens: the system chooses when it was asked for 0."""
        return int(self._runner.addresses[0][1])

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises Refused when the port can't be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise Refused(
                f"{host} の {port} 番ポートを使えません。HOST と PORT を確かめてください。"
            ) from error

    async def stop_accepting(self) -> None:
        """Take no new connections; what is running goes on."""
        for site in list(self._runner.sites):
            await site.stop()

    async def close(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        faults = await self._health()
        status = "ok" if not faults else "failing"
        return web.json_response(
            {"status": status, "faults": faults}, status=503 if faults else 200
        )


async def _dispatch(app: AsyncApp, request: web.Request) -> web.Response:
    """Bolt's answer. It stumbles over payloads with parts missing: those get a plain no."""
    try:
        answer = await app.async_dispatch(await to_bolt_request(request))
    except Exception:
        log.exception("A request has no shape we know.", extra={"action": "request.malformed"})
        return web.Response(status=400)
    return await to_aiohttp_response(answer)


def _is_signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    try:
        return verifier.is_valid(
            body,
            request.headers.get("X-Slack-Request-Timestamp", ""),
            request.headers.get("X-Slack-Signature", ""),
        )
    except ValueError:  # a time that is no number, a body that is no text
        return False


class SocketConnection:
    """A Socket Mode connection that reconnects by itself."""

    def __init__(
        self, app: AsyncApp, *, app_token: str, client: AsyncWebClient, background: Background
    ) -> None:
        """The token must have been checked: a wrong one is retried for ever, without a word."""
        self._app, self._background = app, background
        self._client = SocketModeClient(
            app_token=app_token, web_client=client, ping_interval=_PING_SECONDS
        )
        self._client.socket_mode_request_listeners.append(self._receive)
        self._connecting: asyncio.Task[None] | None = None

    async def start(self, seconds: float) -> None:
        """Connect; after so many seconds it goes on trying in the background."""
        self._connecting = asyncio.ensure_future(self._client.connect())  # type: ignore[no-untyped-call]
        await asyncio.wait({self._connecting}, timeout=seconds)

    async def is_connected(self) -> bool:
        """Whether there is a connection that answers."""
        return await self._client.is_connected()

    async def close(self) -> None:
        """Close it; acknowledgements must have gone out by now."""
        if self._connecting:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        # A peer that is gone is not waited for: its goodbye may take ten seconds not to come.
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._client.close()  # type: ignore[no-untyped-call]

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._background.busy():
            answer = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, answer, 0.0)
