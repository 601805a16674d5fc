"""People: who somebody is to a unit on a day, and under which account they are reached."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.people import Role
from storage.database import Database
from tests.builders import (
    TEAM,
    add_grant,
    add_ownership,
    add_person,
    seed_ward,
)

FIRST = date(2026, 4, 1)
LAST = date(2027, 3, 31)
DAY = timedelta(days=1)

# (valid from, valid to, the day asked about, whether it holds)
VALIDITY = [
    (FIRST, LAST, FIRST - DAY, False),
    (FIRST, LAST, FIRST, True),
    (FIRST, LAST, LAST, True),
    (FIRST, LAST, LAST + DAY, False),
    (None, LAST, date(1999, 1, 1), True),
    (None, LAST, LAST + DAY, False),
    (FIRST, None, FIRST - DAY, False),
    (FIRST, None, date(2099, 1, 1), True),
    (None, None, date(1999, 1, 1), True),
]


@pytest.mark.parametrize(("valid_from", "valid_to", "day", "holds"), VALIDITY)
async def test_a_role_holds_from_its_first_to_its_last_day(
    sqlite_url: str, valid_from: date | None, valid_to: date | None, day: date, holds: bool
) -> None:
    database = Database(sqlite_url)
    async with database.begin() as uow:
        person = await add_person(uow)
        span = {"valid_from": valid_from, "valid_to": valid_to}
        grant = await add_grant(uow, person, Role.MANAGER, 6, **span)

        assert [row.id for row in await uow.people.grants(person, day)] == [grant] * holds
        in_unit = await uow.people.grants_in_unit(6, "manager", day)
        assert [row.id for row in in_unit] == [grant] * holds
        assert [row.id for row in await uow.people.all_grants(person)] == [grant]
    await database.dispose()


async def test_an_item_passes_to_its_next_owner_at_midnight(database: Database) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=1)
        (item,) = ward.initiatives
        (first,) = await uow.people.ownerships([item])
        first.valid_to = LAST
        await uow.people.add(first)
        second = await add_person(uow, "中村")
        await add_ownership(uow, item, second, valid_from=LAST + DAY)
        await uow.commit()

    async with database.read() as uow:
        before = await uow.people.ownerships_in_plan(ward.plan_id, LAST)
        after = await uow.people.ownerships_in_plan(ward.plan_id, LAST + DAY)
        assert [own.person_id for own in before] == [ward.owner]
        assert [own.person_id for own in after] == [second]
        assert await uow.people.held_by(second, LAST) == []
        ((own, plan_id, unit_id),) = await uow.people.held_by(second, LAST + DAY)
        assert (own.initiative_id, plan_id, unit_id) == (item, ward.plan_id, ward.unit_id)


async def test_a_deputy_holds_what_they_deputise(database: Database) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=2)
        await uow.commit()

    async with database.read() as uow:
        held = await uow.people.held_by(ward.people["deputy"], FIRST)
        assert {own.initiative_id for own, _, _ in held} == set(ward.initiatives)
        assert {own.person_id for own, _, _ in held} == {ward.owner}


async def test_a_person_is_found_under_their_account_in_that_workspace_alone(
    database: Database,
) -> None:
    async with database.begin() as uow:
        person = await add_person(uow, account="U1")
        await uow.commit()

    async with database.read() as uow:
        found = await uow.people.by_account(TEAM, "U1")
        assert found is not None
        assert found.id == person
        assert await uow.people.by_account("T0002", "U1") is None
        assert await uow.people.by_account(TEAM, "U2") is None


async def test_letters_go_to_the_newest_account_that_is_active(database: Database) -> None:
    gone = datetime(2026, 9, 1, tzinfo=UTC)
    async with database.begin() as uow:
        person = await add_person(uow, account="U1")
        for user in ("U2", "U3"):
            known = await add_person(uow, account=user)
            account = await uow.people.account(TEAM, user)
            assert account is not None
            assert account.person_id == known
            account.person_id = person
            await uow.people.add(account)
        newest = await uow.people.account(TEAM, "U3")
        assert newest is not None
        await uow.people.deactivate(newest, gone)
        await uow.commit()

    async with database.read() as uow:
        accounts = await uow.people.accounts([person])
        assert accounts[person].slack_user_id == "U2"


async def test_a_person_all_of_whose_accounts_are_gone_is_known_to_have_none_to_write_to(
    database: Database,
) -> None:
    gone = datetime(2026, 9, 1, tzinfo=UTC)
    async with database.begin() as uow:
        person = await add_person(uow, account="U1")
        account = await uow.people.account(TEAM, "U1")
        assert account is not None
        await uow.people.deactivate(account, gone)
        await uow.commit()

    async with database.read() as uow:
        held = (await uow.people.accounts([person]))[person]
        assert held.deactivated_at == gone


async def test_a_name_is_looked_for_among_those_who_have_to_do_with_the_unit(
    database: Database,
) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        await add_person(uow, "山田")  # a namesake without any role
        elsewhere = await add_person(uow, "鈴木")
        await add_grant(uow, elsewhere, Role.MANAGER, 6)
        await uow.commit()

    async with database.read() as uow:
        owners = await uow.people.by_name_in_unit("山田", ward.unit_id)
        managers = await uow.people.by_name_in_unit("鈴木", ward.unit_id)
        assert [person.id for person in owners] == [ward.owner]
        assert [person.id for person in managers] == [ward.people["manager"]]
