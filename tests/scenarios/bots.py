"""A whole bot in front of the stand-in for Slack, over HTTP or over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.app import Running, running
from bot.clock import Clock
from bot.config import Settings
from playground import SlackStandIn

WAYS = ("socket", "http")


def settings_for(slack: SlackStandIn, database_url: str, *, way: str) -> Settings:
    """The settings of a bot in that workspace; the system chooses the port."""
    settings = Settings(
        bot_token=slack.bot_token,
        signing_secret=slack.signing_secret,
        api_url=slack.api_url,
        database_url=database_url,
        host="127.0.0.1",
        port=0,
    )
    return replace(settings, app_token=slack.app_token) if way == "socket" else settings


@asynccontextmanager
async def running_in(
    slack: SlackStandIn, database_url: str, *, way: str, clock: Clock
) -> AsyncIterator[Running]:
    """The bot at work, reachable for Slack."""
    async with running(settings_for(slack, database_url, way=way), clock=clock) as bot:
        if way == "http":
            slack.send_to(f"http://127.0.0.1:{bot.port}/slack/events")
        yield bot
