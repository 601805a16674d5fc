"""What is said of a round beforehand: who will be asked to confirm what, and what nobody could."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.services.round_previews import RoundPreview, preview
from bot.services.rounds import RoundSettings, set_round
from storage.database import Database
from tests.builders import Ward, add_initiative, add_ownership, seed_ward
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND


@pytest.fixture
def office(database: Database) -> Office:
    clock = SetClock(datetime(2026, 8, 20, 1, 0, tzinfo=UTC))
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database) -> Ward:
    """Item 4 is of no section."""
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        await add_ownership(uow, await add_initiative(uow, ward.plan_id, 4), ward.people["owner"])
        await uow.commit()
    return ward


async def previewed(office: Office, ward: Ward, levels: int) -> RoundPreview:
    async with office.database.read() as uow:
        unit = await uow.units.get(ward.unit_id)
    assert unit is not None
    settings = RoundSettings(levels=levels)
    await set_round(office, unit, year=2026, stage_key="mid-year", settings=settings)
    return await preview(office, unit, year=2026, stage_key="mid-year")


@pytest.mark.parametrize(
    ("levels", "asked"),
    [
        (0, []),
        (1, [(1, "鈴木", ("1", "2", "3")), (1, "高橋", ("1", "2", "3", "4"))]),
        (
            2,
            [
                (1, "鈴木", ("1", "2", "3")),
                (1, "高橋", ("4",)),  # which has no section chief
                (2, "高橋", ("1", "2", "3", "4")),
            ],
        ),
    ],
)
async def test_a_preview_says_who_is_asked_to_confirm_what(
    office: Office, ward: Ward, levels: int, asked: list[tuple[int, str, tuple[str, ...]]]
) -> None:
    found = await previewed(office, ward, levels)

    assert [(each.level, each.person, each.items) for each in found.confirmers] == asked
    assert all(each.reachable for each in found.confirmers)
    assert found.unconfirmable == ()


async def test_a_preview_names_what_nobody_could_confirm(
    office: Office, database: Database, ward: Ward
) -> None:
    async with database.begin() as uow:
        for grant in await uow.people.grants(ward.people["unit_manager"], office.today()):
            grant.valid_to = office.today()
            await uow.people.add(grant)
        await uow.commit()

    assert (await previewed(office, ward, 1)).unconfirmable == ("4",)
    assert (await previewed(office, ward, 2)).unconfirmable == ("1", "2", "3", "4")
