"""Rounds: which of them may speak on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.builders import MID_YEAR_DATES, add_plan, add_round, seed_ward

DAY = timedelta(days=1)
OPENS, PUBLISHES = MID_YEAR_DATES.opens, MID_YEAR_DATES.publishes
KNOWN = date(2027, 6, 1)


async def speaking(uow: UnitOfWork, day: date) -> list[int | None]:
    return [row.id for row in await uow.rounds.speaking_on(day)]


@pytest.mark.parametrize(
    ("day", "speaks"),
    [(OPENS - DAY, False), (OPENS, True), (PUBLISHES, True), (PUBLISHES + DAY, False)],
)
async def test_a_round_speaks_from_the_day_it_opens_to_its_publication(
    sqlite_url: str, day: date, speaks: bool
) -> None:
    database = Database(sqlite_url)
    async with database.begin() as uow:
        ward = await seed_ward(uow)

        assert await speaking(uow, day) == [ward.round_id] * speaks
    await database.dispose()


async def test_a_round_on_a_draft_never_speaks(database: Database) -> None:
    async with database.begin() as uow:
        await seed_ward(uow, plan={"state": "draft"})

        assert await speaking(uow, OPENS) == []


async def test_a_closed_round_speaks_again_when_figures_are_to_be_confirmed(
    database: Database,
) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        now = datetime(2026, 9, 10, tzinfo=UTC)
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], "mid-year", now)
        held.ask_again_on = KNOWN
        await uow.check_ins.add(held)

        assert await speaking(uow, KNOWN - DAY) == []
        assert await speaking(uow, KNOWN) == [ward.round_id]
        assert await speaking(uow, KNOWN + DAY) == [ward.round_id]


async def test_figures_of_one_stage_do_not_make_the_other_speak(database: Database) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        now = datetime(2026, 9, 10, tzinfo=UTC)
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], "year-end", now)
        held.ask_again_on = KNOWN
        await uow.check_ins.add(held)

        assert await speaking(uow, KNOWN) == []


async def test_a_plan_has_one_round_of_each_stage(database: Database) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        year_end = await add_round(uow, ward.plan_id, "year-end")
        other_plan = await add_plan(uow, ward.unit_id, year=2025)

        found = await uow.rounds.find(ward.plan_id, "year-end")
        assert found is not None
        assert found.id == year_end
        assert await uow.rounds.find(other_plan, "year-end") is None
        of_plans = await uow.rounds.of_plans([ward.plan_id, other_plan])
        assert {row.id for row in of_plans} == {ward.round_id, year_end}
