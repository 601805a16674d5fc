"""An office's way out: a proxy that wants a password, and TLS by an authority of the city's own."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from aiohttp import web

from playground import SlackStandIn
from playground.server import LOOPBACK

USER, PASSWORD = "kaikaku", "p@ss-wörd:1/2"
HOSTS = ("slack.com", "wss-primary.slack.com", "hooks.slack.com")


@dataclass
class Proxy:
    """A CONNECT proxy on loopback: whatever is asked for, it leads to one port of this machine."""

    port: int = 0
    leads_to: int = 0
    password: str = PASSWORD
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _tunnels: set[asyncio.Task[None]] = field(default_factory=set)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection for as long as it lasts."""
        task = asyncio.current_task()
        assert task
        self._tunnels.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self._tunnels.discard(task)
            writer.close()

    async def cut(self) -> None:
        """Cut every tunnel."""
        for task in list(self._tunnels):
            task.cancel()
        await asyncio.gather(*self._tunnels)

    async def has_refused(self, times: int) -> None:
        """Wait until so many were refused."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.refused >= times)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        login = base64.b64encode(f"{USER}:{self.password}".encode("latin-1")).decode()
        if f"Proxy-Authorization: Basic {login}" not in headers:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            async with self._changed:
                self.refused += 1
                self._changed.notify_all()
            return
        method, target, _ = first.split()
        assert method == "CONNECT"
        self.asked.append(target)
        inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, self.leads_to)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        finally:
            inner_writer.close()


@dataclass
class Office:
    """Slack behind TLS, the certificate to trust, and the proxy; ``address`` is without it."""

    slack: SlackStandIn
    certificates: Path
    proxy: Proxy = field(default_factory=Proxy)
    socket_host: str = HOSTS[1]

    @property
    def address(self) -> str:
        """Where the stand-in speaks TLS."""
        return f"{LOOPBACK}:{self.proxy.leads_to}"

    def skip_the_proxy(self) -> None:
        """Let Slack give out addresses that can be reached without it."""
        self.socket_host = self.address
        self.slack.api.base_url = f"https://{self.address}/"


@asynccontextmanager
async def behind_a_proxy(slack: SlackStandIn, folder: Path) -> AsyncIterator[Office]:
    """The stand-in as slack.com, certified by an authority that this machine does not know."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "city.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS, LOOPBACK).configure_cert(context)
    office = Office(slack, folder / "city.pem")
    runner = web.AppRunner(_doors(office), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0, ssl_context=context).start()
    office.proxy.leads_to = runner.addresses[0][1]
    server = await asyncio.start_server(office.proxy.accept, LOOPBACK, 0)
    office.proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await office.proxy.cut()
        await runner.cleanup()


def _doors(office: Office) -> web.Application:
    """The stand-in's doors, which give out Slack's own names: slack.com, wss-primary and hooks."""
    slack = office.slack
    slack.api.base_url = f"https://{HOSTS[2]}/"

    async def connections(_request: web.Request) -> web.Response:
        query = f"ticket={slack.sockets.ticket()}&app_id={slack.workspace.app_id}"
        return web.json_response({"ok": True, "url": f"wss://{office.socket_host}/link/?{query}"})

    app = web.Application()
    app.router.add_post("/api/apps.connections.open", connections)
    app.router.add_route("*", "/api/{method}", slack._dispatcher.answer)
    app.router.add_get("/link/", slack.sockets.accept)
    app.router.add_post("/response/{key}", slack.server._respond)
    return app


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
