"""What people wait for: how many statements it takes, however much is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from bot.clock import SetClock
from bot.domain.publications import Announcement
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, publications, status
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.targets import Target
from storage.database import Database
from tests.builders import TEAM, Ward, add_initiative, add_plan, add_round, seed_ward
from tests.databases import noting_statements

ANSWERS = {"implementation": "i", "attainment": "1", "issues": ""}


@dataclass
class Counted:
    """An office whose database is listened to."""

    office: Office
    ward: Ward
    asked: list[str]

    @property
    def owner(self) -> Caller:
        return Caller(TEAM, self.ward.accounts["owner"])

    async def statements(self, work: Awaitable[object]) -> int:
        """How many a piece of work sends, BEGIN and COMMIT apart."""
        before = len(self.asked)
        await work
        return len(self.asked) - before

    async def opening(self, nth: int) -> int:
        target = Target(self.ward.round_id, self.ward.initiatives[nth])
        return await self.statements(checkins.open_unanswered(self.office, self.owner, target))

    async def freeze(self) -> None:
        """The round is published; a coordinator may still put it right."""
        who = Caller(TEAM, self.ward.accounts["coordinator"])
        wanted = Announcement("総務第123号", date(2026, 10, 5))
        await publications.publish(self.office, who, self.ward.round_id, wanted, anyway=True)

    async def correcting(self) -> int:
        who = Caller(TEAM, self.ward.accounts["coordinator"])
        target = Target(self.ward.round_id, self.ward.initiatives[0])
        return await self.statements(checkins.open_item(self.office, who, target))

    async def submission(self, nth: int) -> int:
        typed = Typed(self.ward.round_id, self.ward.initiatives[nth], 0, ANSWERS, True)
        return await self.statements(checkins.submit(self.office, self.owner, typed))

    async def status(self) -> int:
        manager = Caller(TEAM, self.ward.accounts["unit_manager"])
        return await self.statements(status.of_unit(self.office, manager, self.ward.unit_id))


@asynccontextmanager
async def counted(database: Database, *, initiatives: int) -> AsyncIterator[Counted]:
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=initiatives)
        last_year = await add_plan(uow, ward.unit_id, year=2025)
        for position in range(1, initiatives + 1):
            await add_initiative(uow, last_year, position)
        await add_round(uow, last_year)
        await uow.commit()
    clock, asked = SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC)), list[str]()
    office = Office(database, clock, FORMS, clock)
    with noting_statements(database, asked):
        yield Counted(office, ward, asked)


@pytest.fixture(params=[2, 40])
async def office(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Counted]:
    """An owner of two items, and one of forty."""
    async with counted(database, initiatives=request.param) as listened:
        yield listened


async def test_what_is_published_costs_no_statement_more(office: Counted) -> None:
    before = await office.status()
    await office.freeze()

    assert await office.correcting() == 5
    assert await office.status() == before


async def test_opening_a_form_takes_six_statements(office: Counted) -> None:
    # who asks, the round, the item, a draft of theirs, how far they are, earlier answers
    assert await office.opening(0) == 6


async def test_a_first_answer_takes_thirteen_statements_in_all(office: Counted) -> None:
    # who, round, item; hold the answer (3); is it known; revision, answer, letters, draft,
    # how far they are; audit
    assert await office.submission(0) == 13


async def test_what_a_ward_stands_at_takes_seven_statements(office: Counted) -> None:
    # who asks, the unit, its plans and rounds, the plan with closures, the items, who is away
    await office.submission(1)

    assert await office.status() == 7
