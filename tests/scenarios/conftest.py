"""Fixtures for stories: the bot runs over each way in, on each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.services import letter_updates
from storage import letter_claims
from storage import letter_updates as claimed_updates
from tests.scenarios.office import Story, telling

# Each way and each database once; every combination would tell us nothing more.
_PAIRS = (("socket", "sqlite_url"), ("http", "postgres_url"))


@pytest.fixture(params=_PAIRS, ids=["socket-sqlite", "http-postgres"])
def way_and_url(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A way in from Slack, and DATABASE_URL of a fresh database."""
    way, fixture = request.param
    return way, request.getfixturevalue(fixture)


@pytest.fixture
def unspaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in takes messages as fast as they come: nothing waits for a second to pass."""
    for module in (letter_updates, letter_claims, claimed_updates):
        monkeypatch.setattr(module, "SPACING", timedelta())


@pytest.fixture
async def story(way_and_url: tuple[str, str], unspaced: None) -> AsyncIterator[Story]:
    """A bot at work for あおぞら区, on the morning on which its mid-year round opens."""
    way, url = way_and_url
    async with telling(url, way=way) as told:
        yield told
