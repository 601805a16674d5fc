"""Fixtures for stories: the bot runs over each way in, on each kind of database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.services import letter_updates, sweep
from storage import letter_claims
from storage import letter_updates as claimed_updates
from tests.scenarios.office import NAP, Story, telling
from tests.scenarios.standing import entered, for_one_question

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
    monkeypatch.setattr(sweep, "_SHORTEST_NAP", NAP)


@pytest.fixture
async def story(way_and_url: tuple[str, str], unspaced: None) -> AsyncIterator[Story]:
    """A bot at work for あおぞら区, on the morning on which its mid-year round opens."""
    way, url = way_and_url
    async with telling(url, way=way) as told:
        yield told


@pytest.fixture(scope="module")
def module_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """DATABASE_URL of an SQLite file for a whole file of tests."""
    path = tmp_path_factory.mktemp("standing") / "kaikaku.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def known(standing: Story) -> dict[str, Any]:
    """What was entered in the file's office before the first question."""
    return entered(standing)


@pytest_asyncio.fixture(loop_scope="module")
async def asked(standing: Story, known: dict[str, Any]) -> AsyncIterator[Story]:
    """The office that the file's ``standing`` set up once, for one question that stores nothing.

    A test that changes what people have entered fails; it takes a ``story`` of its own.
    """
    async with for_one_question(standing, known) as office:
        yield office
