"""The real Bolt in front of the stand-in, over HTTP or over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn

WAYS = ("http", "socket")


class Reachable(Protocol):
    """What an app needs to know of a Slack: SlackStandIn has it, and so has Address."""

    @property
    def api_url(self) -> str: ...

    bot_token: str
    app_token: str
    signing_secret: str


@dataclass
class Address:
    """A Slack in another process."""

    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str


def an_app(slack: Reachable) -> AsyncApp:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


@asynccontextmanager
async def over_http(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[None]:
    async with serve(slack, app.server(path="/slack/events").web_app):
        yield


@asynccontextmanager
async def serve(slack: SlackStandIn, app: web.Application) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.send_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def over_socket(
    slack: SlackStandIn, app: AsyncApp, *, ping_seconds: float = 5
) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_seconds)
    before = len(slack.sockets.connections)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.wait_until(lambda: len(slack.sockets.connections) > before)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def connected(slack: SlackStandIn, app: AsyncApp, way: str) -> AsyncIterator[None]:
    async with over_http(slack, app) if way == "http" else over_socket(slack, app):
        yield
