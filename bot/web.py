"""What listens on our port: signed requests from Slack, and /healthz."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.background import Background
from bot.domain.errors import Refused

log = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"

_LARGEST_REQUEST = 4 * 1024 * 1024
_SHUTDOWN_SECONDS = 1.0

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
