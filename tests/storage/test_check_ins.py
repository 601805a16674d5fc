"""Check-ins: one answer about one thing at one stage, its history, and who may change it when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.models import CheckIn, Revision
from tests.builders import Ward, known, seed_ward

NOW = datetime(2026, 9, 9, 23, 30, tzinfo=UTC)  # 10 September, 08:30 in Japan
MID_YEAR = "mid-year"


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        made = await seed_ward(uow, initiatives=2)
        await uow.commit()
    return made


@pytest.fixture
async def rivals(database_url: str) -> AsyncIterator[list[Database]]:
    opened = [Database(database_url) for _ in range(2)]
    yield opened
    for database in opened:
        await database.dispose()


def blank(ward: Ward, initiative_id: int | None, **changes: Any) -> CheckIn:
    values = {"stage": MID_YEAR, "revision": 0, "answers": {}, "unreadable": [], "source": ""}
    about = {"plan_id": ward.plan_id, "initiative_id": initiative_id, "at": NOW}
    return CheckIn(**{**values, **about, **changes})


def revision(check_in: CheckIn, fingerprint: str, **changes: Any) -> Revision:
    values = {"number": 1, "before": {}, "after": {"attainment": "1"}, "asked": {}, "at": NOW}
    row = {"check_in_id": known(check_in.id), "source": "slack", "fingerprint": fingerprint}
    return Revision(**{**values, **row, **changes})


@pytest.mark.parametrize("whole_unit", [False, True])
async def test_rivals_who_change_one_answer_take_turns(
    rivals: list[Database], ward: Ward, whole_unit: bool
) -> None:
    about = None if whole_unit else ward.initiatives[0]

    async def add_one(database: Database) -> None:
        async with database.begin() as uow:
            held = await uow.check_ins.locked(ward.plan_id, about, MID_YEAR, NOW)
            held.revision += 1
            await uow.check_ins.add(held)
            await uow.commit()

    await asyncio.gather(*(add_one(rivals[n % 2]) for n in range(10)))

    async with rivals[0].read() as uow:
        (stored,) = await uow.check_ins.of_plan(ward.plan_id, MID_YEAR)
    assert (stored.revision, stored.initiative_id) == (10, about)


async def test_answers_about_different_things_are_kept_apart(
    database: Database, ward: Ward
) -> None:
    first, second = ward.initiatives
    async with database.begin() as uow:
        for about, stage in [
            (first, MID_YEAR),
            (second, MID_YEAR),
            (first, "year-end"),
            (None, MID_YEAR),
        ]:
            held = await uow.check_ins.locked(ward.plan_id, about, stage, NOW)
            held.answers = {"results": f"{about} {stage}"}
            await uow.check_ins.add(held)
        await uow.commit()

    async with database.read() as uow:
        found = await uow.check_ins.find(ward.plan_id, first, "year-end")
        unit = await uow.check_ins.find(ward.plan_id, None, MID_YEAR)
        assert found is not None
        assert unit is not None
        assert found.answers == {"results": f"{first} year-end"}
        assert unit.answers == {"results": f"None {MID_YEAR}"}
        assert await uow.check_ins.find(ward.plan_id, second, "year-end") is None
        assert len(await uow.check_ins.of_initiatives([first])) == 2


@pytest.mark.parametrize("whole_unit", [False, True])
async def test_there_is_one_answer_about_one_thing_at_one_stage(
    database: Database, ward: Ward, whole_unit: bool
) -> None:
    about = None if whole_unit else ward.initiatives[0]
    async with database.begin() as uow:
        await uow.check_ins.add(blank(ward, about))
        await uow.check_ins.add(blank(ward, about, stage="year-end"))
        with pytest.raises(IntegrityError):
            await uow.check_ins.add(blank(ward, about))


async def test_a_submission_is_stored_once(database: Database, ward: Ward) -> None:
    async with database.begin() as uow:
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], MID_YEAR, NOW)
        await uow.check_ins.add(revision(held, "f1"))
        await uow.commit()

    async with database.begin() as uow:
        assert await uow.check_ins.knows("f1")
        assert not await uow.check_ins.knows("f2")
        with pytest.raises(IntegrityError):
            await uow.check_ins.add(revision(held, "f1", number=2))


async def test_a_revision_number_is_given_once(database: Database, ward: Ward) -> None:
    async with database.begin() as uow:
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], MID_YEAR, NOW)
        await uow.check_ins.add(revision(held, "f1"))
        with pytest.raises(IntegrityError):
            await uow.check_ins.add(revision(held, "f2"))


async def test_the_history_of_an_answer_is_told_in_order_and_as_it_was(
    database: Database, ward: Ward
) -> None:
    texts = ["参加が計画の6割。<!channel> & *太字*", "𠮷野家前で開催 🎌", "あ" * 3000]
    async with database.begin() as uow:
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], MID_YEAR, NOW)
        for number in (3, 1, 2):
            after = {"issues": texts[number - 1]}
            asked = {"target": "年12回"}
            row = revision(held, f"f{number}", number=number, after=after, asked=asked)
            await uow.check_ins.add(row)
        await uow.commit()

    async with database.read() as uow:
        told = await uow.check_ins.revisions([known(held.id)])
    assert [row.after["issues"] for row in told] == texts
    assert {row.asked["target"] for row in told} == {"年12回"}
    assert {row.at for row in told} == {NOW}


async def test_owners_of_two_items_do_not_wait_for_each_other(postgres_url: str) -> None:
    """On SQLite they do: it has one writer at a time."""
    database = Database(postgres_url, wait=0.5)
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=2)
        await uow.commit()
    first, second = ward.initiatives

    async with database.begin() as mine, database.begin() as theirs:
        await mine.check_ins.locked(ward.plan_id, first, MID_YEAR, NOW)
        held = await theirs.check_ins.locked(ward.plan_id, second, MID_YEAR, NOW)
        assert held.initiative_id == second
    await database.dispose()


async def test_a_day_to_ask_again_comes_back_as_a_day(database: Database, ward: Ward) -> None:
    async with database.begin() as uow:
        held = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], "year-end", NOW)
        held.ask_again_on = date(2027, 6, 1)
        await uow.check_ins.add(held)
        await uow.commit()

    async with database.read() as uow:
        found = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "year-end")
        assert found is not None
        assert found.ask_again_on == date(2027, 6, 1)
