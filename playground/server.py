"""The HTTP server in front of the stand-in: routes, and the gate that keeps strangers out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from aiohttp import web

from playground.errors import SlackRefusal
from playground.responses import respond
from playground.webapi.context import Api
from playground.webapi.dispatch import Dispatcher
from playground.webapi.files import receive_upload

LOOPBACK = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost")
MAX_UPLOAD = 100 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Listens on 127.0.0.1 and nowhere else."""

    def __init__(self, api: Api, dispatcher: Dispatcher, *, host: str, port: int) -> None:
        if host != LOOPBACK:
            raise ValueError(f"the stand-in listens on {LOOPBACK} only, not on {host}")
        self._api, self._dispatcher, self._wanted_port = api, dispatcher, port
        self._runner: web.AppRunner | None = None
        self.app = web.Application(middlewares=[gate], client_max_size=MAX_UPLOAD)
        self.app.router.add_route("*", "/api/{method}", dispatcher.answer)
        self.app.router.add_get("/link/", api.sockets.accept)
        self.app.router.add_post("/response/{key}", self._respond)
        self.app.router.add_post("/upload/v1/{file}", self._upload)
        self.app.router.add_get("/files-pri/{file}/{name}", self._download)

    async def start(self) -> None:
        """Listen; from here on `api.base_url` is known."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._wanted_port)
        await site.start()
        port = self._runner.addresses[0][1]
        self._api.base_url = f"http://{LOOPBACK}:{port}/"

    async def hear_out(self) -> None:
        """Read all that was sent so far, also by who has ended since; nobody else may be sending.

        What a process wrote before it was killed waits in the kernel until it is read here.
        """
        _, behind_all = await asyncio.open_connection(LOOPBACK, urlsplit(self._api.base_url).port)
        behind_all.close()
        listening = self._runner.server if self._runner else None
        # The kernel closes what a dead process had open: aiohttp tells of it only by its list.
        while listening and listening.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for _ in range(20):  # what was read last comes to its handler
            await asyncio.sleep(0)

    async def stop(self) -> None:
        """Stop listening; calls that hang are let go."""
        self._dispatcher.stopping.set()
        await self._api.sockets.close()
        await asyncio.sleep(0)
        if self._runner:
            await self._runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.text())
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        try:
            url = self._api.response_urls.use(request.match_info["key"])
            respond(self._api.workspace, self._api.events, url, body)
        except SlackRefusal as refusal:
            gone = refusal.code in ("used_url", "expired_url", "invalid_url")
            return web.json_response(refusal.answer(), status=404 if gone else 400)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _uploaded(request)
        if not receive_upload(self._api, request.match_info["file"], content):
            return web.Response(status=400, text="failed")
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self._api.workspace.files.get(request.match_info["file"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if token != self._api.workspace.bot_token:
            # Slack sends those without a token to a page where they can sign in.
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        if file is None or not file.complete:
            return web.Response(status=404)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"Content-Disposition": disposition}
        return web.Response(body=file.content, headers=headers)


async def _uploaded(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a page of another site could send: a foreign Host or Origin."""
    origin = request.headers.get("Origin")
    own = f"http://{request.host}"
    if urlsplit(own).hostname not in NAMES or (origin is not None and origin != own):
        return web.Response(status=403, text="loopback only")
    return await handler(request)
