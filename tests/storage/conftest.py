"""A ward with one item, and several processes that share its database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.builders import Ward, seed_ward


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        made = await seed_ward(uow, initiatives=1)
        await uow.commit()
    return made


@pytest.fixture
async def rivals(database_url: str) -> AsyncIterator[list[Database]]:
    """Three that share the database as processes do: no connection and no lock in common."""
    opened = [Database(database_url) for _ in range(3)]
    yield opened
    for database in opened:
        await database.dispose()
