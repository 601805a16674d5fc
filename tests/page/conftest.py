"""A browser, and a small Slack with the page in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import letter_updates
from bot.services.office import Office
from playground import SlackStandIn
from playground.control import Control
from playground.page_api import PageApi
from playground.scene import Scene
from playground.travel import Travel
from storage import letter_claims
from storage import letter_updates as claimed_updates
from storage.database import Database
from tests.page.chromium import chromium
from tests.scenarios.office import OPENING, Story, instant, running_in, settle_in


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Each test opens pages of its own in it, which know nothing of each other."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="package")
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


@pytest_asyncio.fixture(loop_scope="package")
async def story(
    slack: SlackStandIn, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Story]:
    """The bot at work behind the page; the opening notices have gone out."""
    for module in (letter_updates, letter_claims, claimed_updates):
        monkeypatch.setattr(module, "SPACING", timedelta())
    clock, database = SetClock(instant(OPENING)), Database(sqlite_url)
    office = Office(database, clock, FORMS)
    ward = await settle_in(office, slack)
    async with running_in(slack, sqlite_url, way="socket", clock=clock) as bot:
        told = Story(slack, office, clock, sqlite_url, ward, bot)
        await told.sweep(OPENING)
        yield told
    await database.dispose()
