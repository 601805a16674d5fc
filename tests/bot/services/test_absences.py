"""Saying that somebody is away: who may, what is refused, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.youshiki3 import FORMS
from bot.services import absences
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.absences import TypedAbsence
from storage.database import Database
from storage.models import Absence
from tests.builders import TEAM, Ward, seed_ward
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

FIRST, LAST = date(2026, 9, 14), date(2026, 9, 18)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        seeded = await seed_ward(uow)
        await uow.commit()
    return seeded


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def typed(ward: Ward, **changes: Any) -> TypedAbsence:
    values = {"first": FIRST, "last": LAST, "deputy": ward.accounts["deputy"]}
    return TypedAbsence(**{"person_id": ward.owner, **values, **changes})


async def stored(office: Office, ward: Ward) -> list[Absence]:
    async with office.database.read() as uow:
        return await uow.absences.of([ward.owner], office.today())


async def test_somebody_says_that_they_are_away_once_however_often_it_comes(
    office: Office, ward: Ward
) -> None:
    for _ in range(3):
        name, away = await absences.enter(office, who(ward, "owner"), typed(ward))

    assert (name, away.first, away.last) == ("", FIRST, LAST)
    [row] = await stored(office, ward)
    assert (row.deputy_id, row.entered_by) == (ward.people["deputy"], ward.owner)


@pytest.mark.parametrize("part", ["manager", "unit_manager", "coordinator"])
async def test_who_manages_or_coordinates_may_say_it_for_them(
    office: Office, ward: Ward, part: str
) -> None:
    name, _ = await absences.enter(office, who(ward, part), typed(ward))

    assert name
    [row] = await stored(office, ward)
    assert row.entered_by == ward.people[part]


async def test_who_speaks_for_others_chooses_whom_and_only_those_they_may(
    office: Office, ward: Ward
) -> None:
    manager = who(ward, "manager")
    assert (await absences.open_form(office, manager)).reader == manager.user_id
    assert (await absences.open_form(office, who(ward, "owner"))).reader == ""
    own = typed(ward, person_id=ward.people["manager"])

    name, _ = await absences.enter(office, manager, replace(own, who=ward.accounts["owner"]))
    assert name == "山田"
    with pytest.raises(AccessDenied):
        await absences.enter(office, manager, replace(own, who=ward.accounts["observer"]))
    with pytest.raises(InvalidAnswers):
        await absences.enter(office, manager, replace(own, who="UNOBODY"))
    assert len(await stored(office, ward)) == 1


async def test_nobody_of_another_unit_is_let_in_as_a_deputy(
    office: Office, ward: Ward, database: Database
) -> None:
    other = {"code": "hikari", "name": "ひかり区", "kana": "ひかりく", "position": 26}
    async with database.begin() as uow:
        elsewhere = await seed_ward(uow, unit=other, account_prefix="H")
        await uow.commit()

    theirs = typed(ward, deputy=elsewhere.accounts["deputy"])
    with pytest.raises(InvalidAnswers) as refused:
        await absences.enter(office, who(ward, "owner"), theirs)

    assert refused.value.faults == {"deputy": "同じ区・局の方を選んでください。"}
    assert await stored(office, ward) == []


@pytest.mark.parametrize("part", ["deputy", "observer"])
async def test_nobody_else_may_nor_take_it_back(office: Office, ward: Ward, part: str) -> None:
    with pytest.raises(AccessDenied):
        await absences.open_form(office, who(ward, part), ward.owner)
    with pytest.raises(AccessDenied):
        await absences.enter(office, who(ward, part), typed(ward))
    assert await stored(office, ward) == []

    _, away = await absences.enter(office, who(ward, "owner"), typed(ward))
    with pytest.raises(AccessDenied):
        await absences.end(office, who(ward, part), away.id)
    assert len(await stored(office, ward)) == 1


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"first": None}, {"first"}),
        ({"first": date(2026, 9, 9)}, {"first"}),
        ({"first": date(2028, 1, 4), "last": None}, {"first"}),
        ({"last": date(2026, 9, 13)}, {"last"}),
        ({"deputy": "UNOBODY"}, {"deputy"}),
        ({"deputy": "UOWNER", "last": date(2026, 9, 13)}, {"deputy", "last"}),
    ],
)
async def test_every_fault_is_said_under_its_field(
    office: Office, ward: Ward, changes: dict[str, Any], faults: set[str]
) -> None:
    if changes.get("deputy") == "UOWNER":
        changes = {**changes, "deputy": ward.accounts["owner"]}

    with pytest.raises(InvalidAnswers) as refused:
        await absences.enter(office, who(ward, "owner"), typed(ward, **changes))

    assert set(refused.value.faults) == faults
    assert await stored(office, ward) == []


async def test_what_has_not_begun_is_taken_back_and_what_has_ends_yesterday(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    owner = who(ward, "owner")
    _, away = await absences.enter(office, owner, typed(ward))
    assert (await absences.end(office, owner, away.id))[1] is True
    assert await stored(office, ward) == []

    _, away = await absences.enter(office, owner, typed(ward))
    clock.instant = datetime(2026, 9, 16, 1, 0, tzinfo=UTC)
    assert (await absences.end(office, owner, away.id))[1] is False

    async with office.database.read() as uow:
        row = await uow.absences.get(away.id)
    assert row is not None
    assert row.last == date(2026, 9, 15)
    with pytest.raises(EntryClosed):
        await absences.end(office, owner, away.id)
