"""Stories as in tests/scenarios, and a workspace of many owners."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground import SlackStandIn
from tests.scenarios.conftest import story, unspaced, way_and_url

__all__ = ["slack", "story", "unspaced", "way_and_url"]


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """A workspace in which nobody is yet."""
    async with SlackStandIn() as running:
        yield running
