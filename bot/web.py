"""What listens on a port of ours: signed requests from Slack, /healthz and /metrics."""

from __future__ import annotations

import asyncio

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp

from bot.background import Background
from bot.domain.errors import Refused
from bot.health import Monitor
from bot.payloads import read_body
from bot.requests import answer, refuse
from bot.signatures import Sealed, Signatures

EVENTS_PATH = "/slack/events"

_LARGEST_REQUEST = 4 * 1024 * 1024
_READ_SECONDS = 10.0
_SHUTDOWN_SECONDS = 1.0
# What is refused without being read goes on coming for a while: so long it is thrown away.
_LINGER_SECONDS = 2.0


class WebServer:
    """Listens on one port: always for /healthz, and for Slack where there is an app to reach."""

    def __init__(self, *, monitor: Monitor, background: Background) -> None:
        self._monitor, self._background = monitor, background
        self._web = web.Application(client_max_size=_LARGEST_REQUEST)
        self._web.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(
            self._web,
            access_log=None,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            lingering_time=_LINGER_SECONDS,
        )

    def receive(self, app: AsyncApp, *, signing_secret: str) -> None:
        """Take what Slack sends over HTTP. What it has not signed is not even parsed."""
        metrics = self._monitor.metrics
        signatures = Signatures[BoltResponse](signing_secret)

        async def events(request: web.Request) -> web.StreamResponse:
            sealed = signatures.seal_of(request.headers)
            if sealed is None:
                return await _respond(refuse(metrics, "unsigned", status=401))
            body = await _read(request)
            if not signatures.covers(sealed, body):
                return await _respond(refuse(metrics, "unsigned", status=401))
            with self._background.busy():
                return await _respond(await once(sealed, _payload(request, body)))

        async def once(sealed: Sealed, payload: object) -> BoltResponse:
            answered = await signatures.once(sealed, lambda: answer(app, metrics, payload))
            return answered or refuse(metrics, "replayed", status=401)

        self._web.router.add_post(EVENTS_PATH, events)

    def serve_metrics(self) -> None:
        """Let Prometheus read."""
        self._web.router.add_get("/metrics", self._metrics)

    @property
    def port(self) -> int:
        """Where it listens: the system chooses when it was asked for 0."""
        return int(self._runner.addresses[0][1])

    async def start(self, host: str, port: int, *, setting: str = "PORT") -> None:
        """Listen. Raises Refused when the port can't be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise Refused(
                f"{host} の {port} 番ポートを使えません。HOST と {setting} を確かめてください。"
            ) from error

    async def stop_accepting(self) -> None:
        """Take no new connections; what is running goes on."""
        for site in list(self._runner.sites):
            await site.stop()

    async def close(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        found = await self._monitor.look()
        return web.json_response(found.record(), status=503 if found.faults else 200)

    async def _metrics(self, _request: web.Request) -> web.Response:
        page = await self._monitor.page()
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


async def _read(request: web.Request) -> bytes:
    """The body; what says beforehand that it is too large is not read at all."""
    if (request.content_length or 0) > _LARGEST_REQUEST:
        raise web.HTTPRequestEntityTooLarge(_LARGEST_REQUEST, request.content_length or 0)
    try:
        async with asyncio.timeout(_READ_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


def _payload(request: web.Request, body: bytes) -> object:
    """What the body says; nothing, where it is no payload."""
    try:
        return read_body(body, request.content_type)
    except (ValueError, RecursionError):
        return None


async def _respond(answered: BoltResponse) -> web.Response:
    return await to_aiohttp_response(answered)
