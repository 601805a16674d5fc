"""What listens on a port of ours: signed requests from Slack, /healthz and /metrics."""

from __future__ import annotations

import logging
import time

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.background import Background
from bot.domain.errors import Refused
from bot.health import Monitor
from bot.metrics import Metrics

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"

_LARGEST_REQUEST = 4 * 1024 * 1024
_SHUTDOWN_SECONDS = 1.0


class WebServer:
    """Listens on one port: always for /healthz, and for Slack where there is an app to reach."""

    def __init__(self, *, monitor: Monitor, background: Background) -> None:
        self._monitor, self._background = monitor, background
        self._web = web.Application(client_max_size=_LARGEST_REQUEST)
        self._web.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(self._web, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)

    def receive(self, app: AsyncApp, *, signing_secret: str) -> None:
        """Take what Slack sends over HTTP. What it has not signed is not even parsed."""
        verifier = SignatureVerifier(signing_secret)

        async def events(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            if not _is_signed(verifier, request, body):
                self._monitor.metrics.note_refusal("unsigned")
                return web.Response(status=401)
            with self._background.busy():
                return await _dispatch(app, request, self._monitor.metrics)

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


async def _dispatch(app: AsyncApp, request: web.Request, metrics: Metrics) -> web.Response:
    """Bolt's answer. It stumbles over payloads with parts missing: those get a plain no."""
    started = time.perf_counter()
    try:
        asked = await to_bolt_request(request)
        answer = await app.async_dispatch(asked)
    except Exception:
        metrics.note_refusal("malformed")
        log.exception("A request has no shape we know.", extra={"action": "request.malformed"})
        return web.Response(status=400)
    seconds = time.perf_counter() - started
    metrics.note_request(asked.body, seconds, answer.status, answer.body or "")
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
