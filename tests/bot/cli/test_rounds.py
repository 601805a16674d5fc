"""`kaikaku rounds set` takes the same ladder as the form in Slack, and keeps the rest of it."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from tests.bot.cli.command import Command, Prepared
from tests.bot.cli.test_status_and_sweep import REGISTER
from tests.builders import add_ownership, add_person

NAMED = ("--ward", "西区", "--year", "2026", "--kind", "mid-year")


@pytest.fixture
def ward(prepared: Prepared) -> Command:
    """西区 with an owner who answers for both initiatives of FY2026."""
    return prepared(with_an_owner)


def with_an_owner(kaikaku: Command) -> None:
    register = kaikaku.write("plan.csv", REGISTER)
    assert kaikaku("import", register, "--ward", "西区", "--year", "2026").code == 0
    asyncio.run(_own_all(kaikaku.settings["DATABASE_URL"]))


async def _own_all(database_url: str) -> None:
    database = Database(database_url)
    async with database.begin() as uow:
        person = await add_person(uow)
        for item in await uow.plans.initiatives(1):
            await add_ownership(uow, item.id or 0, person)
        await uow.commit()
    await database.dispose()


def _steps(ward: Command) -> list[str]:
    notices = ward("rounds", "preview", *NAMED, "--json").record["notices"]
    return [each["step"].partition(":")[0] for each in notices]


def test_the_ladder_is_set_part_by_part(ward: Command) -> None:
    assert ward("rounds", "set", *NAMED, "--after", "2,4").code == 0
    assert _steps(ward) == ["opening", "before-3", "due", "after-2", "after-4"]

    assert ward("rounds", "set", *NAMED, "--before", "none").code == 0

    assert _steps(ward) == ["opening", "due", "after-2", "after-4"]


def test_when_the_ward_head_is_told_is_set_in_business_days(ward: Command) -> None:
    assert ward("rounds", "set", *NAMED, "--ward-head-after", "8").code == 0

    assert ward("rounds", "set", *NAMED, "--ward-head-after", "11").code == 2


@pytest.mark.parametrize("steps", ["三日", "0", "31", "1,2,3,4,5,6", "-1"])
def test_a_ladder_of_no_days_is_refused(ward: Command, steps: str) -> None:
    assert ward("rounds", "set", *NAMED, f"--after={steps}").code == 2
