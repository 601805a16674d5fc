"""Observers: which texts they read, and from when on; on every page of a large ward too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import status
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.status import render_unit
from bot.views.targets import Filter, PageTarget
from storage.database import Database
from tests.builders import TEAM, Ward, seed_ward
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

SECRET = "参加が少ない。"
BEFORE = datetime(2026, 9, 10, 1, 42, tzinfo=UTC)
PUBLISHED = datetime(2026, 10, 5, 0, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(BEFORE)


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


async def answered(
    database: Database, *, levels: int, initiatives: int, confirmed: Collection[int]
) -> Ward:
    """Every item but the last is in with ② and its number; those ``confirmed`` are so."""
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=initiatives)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = levels
        for number, item in enumerate(ward.initiatives[:-1], start=1):
            check_in = await uow.check_ins.locked(ward.plan_id, item, "mid-year", BEFORE)
            text = f"{SECRET}項目{number}番"
            check_in.answers = {"implementation": "i", "attainment": "2", "issues": text}
            check_in.revision, check_in.source = 1, "slack"
            check_in.confirmed_level = levels if number in confirmed else 0
            await uow.check_ins.add(check_in)
        await uow.commit()
    return ward


async def read(office: Office, ward: Ward) -> set[int]:
    """The numbers of the items whose texts the observer finds on any page of any list."""
    caller = Caller(TEAM, ward.accounts["observer"])
    found = set()
    for filter_ in Filter:
        for page in range(20):
            target = PageTarget(ward.round_id, filter_, page)
            shown = str(render_unit(await status.of_page(office, caller, target)).blocks)
            numbers = range(1, len(ward.initiatives) + 1)
            found |= {number for number in numbers if f"項目{number}番" in shown}
    return found


async def test_an_observer_reads_what_is_confirmed_and_nothing_else(
    database: Database, office: Office
) -> None:
    ward = await answered(database, levels=1, initiatives=4, confirmed={2})

    assert await read(office, ward) == {2}


async def test_where_nobody_is_asked_an_observer_reads_from_the_day_of_publication(
    database: Database, office: Office, clock: SetClock
) -> None:
    ward = await answered(database, levels=0, initiatives=4, confirmed=())
    assert await read(office, ward) == set()

    clock.instant = PUBLISHED

    assert await read(office, ward) == {1, 2, 3}


async def test_where_somebody_confirms_the_day_alone_discloses_nothing(
    database: Database, office: Office, clock: SetClock
) -> None:
    ward = await answered(database, levels=1, initiatives=4, confirmed={2})
    clock.instant = PUBLISHED

    assert await read(office, ward) == {2}


async def test_what_is_sent_back_an_observer_does_not_read_even_then(
    database: Database, office: Office, clock: SetClock
) -> None:
    ward = await answered(database, levels=1, initiatives=3, confirmed={1})
    async with database.begin() as uow:
        row = await uow.check_ins.find(ward.plan_id, ward.initiatives[1], "mid-year")
        assert row is not None
        await uow.check_ins.review(row.id or 0, confirmed_level=0, sent_back_due=PUBLISHED.date())
        await uow.commit()
    clock.instant = PUBLISHED

    assert await read(office, ward) == {1}


async def test_on_the_pages_of_a_large_ward_an_observer_reads_what_is_confirmed_alone(
    database: Database, office: Office
) -> None:
    confirmed = {3, 70, 144}
    ward = await answered(database, levels=2, initiatives=145, confirmed=confirmed)

    assert await read(office, ward) == confirmed
