"""A browser, and a small Slack with the page in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from playground import SlackStandIn
from playground.control import Control
from playground.page_api import PageApi
from playground.scene import Scene
from playground.travel import Travel
from tests.page.chromium import chromium


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """A stand-in with its page, and with commands to suggest."""
    stand_in = SlackStandIn()
    commands = (
        {"text": "/kaikaku 自分", "help": "担当の取組項目"},
        {"text": "/kaikaku 状況 あおぞら区", "help": "区の入力状況"},
    )
    Control(stand_in).attach()
    travel = Travel(stand_in.clock, stand_in.changes)
    PageApi(
        stand_in, scene=Scene(title="あおぞら区役所", commands=commands), travel=travel
    ).attach()
    async with stand_in:
        yield stand_in
