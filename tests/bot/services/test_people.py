"""People in: who is found, what is stored of them, who takes over, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import aiohttp
import pytest

from bot.clock import SetClock
from bot.domain.people import Role
from bot.domain.plans import SheetRefused
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.services.people import ImportedPeople, import_people
from bot.sheets.people import read_roster
from bot.slack.directory import Directory
from playground import SlackStandIn
from storage.database import Database
from storage.models import Ownership, Person, RoleGrant
from tests.builders import WARD, add_initiative, add_plan, add_round, add_unit
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

HEADER = "email,slack_user_id,name,role,ward,section,initiatives,deputy,valid_from,valid_to,year"


@dataclass(frozen=True)
class Setting:
    """A ward with a plan of three initiatives, and a Slack to look people up in."""

    office: Office
    slack: SlackStandIn
    directory: Directory
    unit_id: int
    items: tuple[int, ...]

    async def take(self, *rows: str, year: int | None = None, dry: bool = False) -> ImportedPeople:
        roster = read_roster("\n".join((HEADER, *rows)).encode())
        return await import_people(self.office, roster, self.directory, year=year, dry_run=dry)

    async def faults(self, *rows: str) -> list[str]:
        with pytest.raises(SheetRefused) as refused:
            await self.take(*rows)
        return list(refused.value.faults)

    async def ownerships(self, item: int = 1) -> list[Ownership]:
        async with self.office.database.read() as uow:
            return await uow.people.ownerships([self.items[item - 1]])

    async def owners(self, item: int = 1) -> list[tuple[str, date | None, date | None]]:
        owns = await self.ownerships(item)
        async with self.office.database.read() as uow:
            people = await uow.people.named([own.person_id for own in owns])
        return [(people[own.person_id].name, own.valid_from, own.valid_to) for own in owns]

    async def person(self, email: str) -> Person:
        async with self.office.database.read() as uow:
            found = await uow.people.by_email(email)
        assert found is not None
        return found

    async def grants(self, person: Person) -> list[RoleGrant]:
        async with self.office.database.read() as uow:
            return await uow.people.all_grants(person.id or 0)

    async def account_of(self, person: Person) -> str | None:
        async with self.office.database.read() as uow:
            found = (await uow.people.accounts([person.id or 0])).get(person.id or 0)
        return found.slack_user_id if found else None


@pytest.fixture
async def ward(database: Database) -> AsyncIterator[Setting]:
    async with database.begin() as uow:
        unit_id = await add_unit(uow)
        plan_id = await add_plan(uow, unit_id)
        items = tuple([await add_initiative(uow, plan_id, n) for n in (1, 2, 3)])
        await uow.commit()
    office = Office(database, SetClock(datetime(2026, 9, 1, tzinfo=UTC)), FORMS)
    async with SlackStandIn() as slack, aiohttp.ClientSession() as session:
        directory = Directory(token=slack.bot_token, base_url=slack.api_url, session=session)
        yield Setting(office, slack, directory, unit_id, items)


async def test_an_owner_is_found_by_address_and_owns_what_the_row_names(ward: Setting) -> None:
    user = ward.slack.add_user("山田 花子", email="yamada@example.jp")

    result = await ward.take(f"Yamada@example.jp,,,owner,{WARD},保健福祉課,1;3,,,,")

    person = await ward.person("yamada@example.jp")
    assert (person.name, await ward.account_of(person)) == ("山田 花子", user.id)
    assert [await ward.owners(n) for n in (1, 2, 3)] == [
        [("山田 花子", None, None)],
        [],
        [("山田 花子", None, None)],
    ]
    assert (result.people, result.ownerships, result.unresolved) == (1, 2, ())


@EACH_KIND
async def test_importing_again_changes_nothing(ward: Setting) -> None:
    deputy = ward.slack.add_user("佐藤", email="sato@example.jp")
    ward.slack.add_user("山田", email="yamada@example.jp")
    rows = (
        f"yamada@example.jp,,,owner,{WARD},保健福祉課,1;2,{deputy.id},2026-04-01,,",
        f",,鈴木 一郎,owner,{WARD},,3,sato@example.jp,,,",
        f"nobody@example.jp,,田中,manager,{WARD},保健福祉課,,,,,",
        f",,田中,coordinator,{WARD},,,,,,",
        f",,区 長,manager,{WARD},,,,,,",
        ",,見る人,observer,*,,,,,,",
        ",U0NOBODY,,observer,*,,,,,,",
    )
    first = await ward.take(*rows)

    again = await ward.take(*rows)

    assert (again.added, again.updated, again.ended) == (0, 0, 0)
    assert again.unchanged == first.added - 1  # the deputy has no row of their own
    assert len(await ward.ownerships(1)) == 1


async def test_who_is_not_in_slack_is_listed_and_stays_an_owner(ward: Setting) -> None:
    result = await ward.take(f"nobody@example.jp,,鈴木,owner,{WARD},,2,,,,")

    assert [(each.row, each.name) for each in result.unresolved] == [(2, "鈴木")]
    assert await ward.owners(2) == [("鈴木", None, None)]
    assert await ward.account_of(await ward.person("nobody@example.jp")) is None


async def test_who_is_named_by_an_account_that_was_deactivated_stays_the_same_person(
    ward: Setting,
) -> None:
    user = ward.slack.add_user("山田")
    await ward.take(f",{user.id},,owner,{WARD},保健福祉課,1,,,,")
    [before] = await ward.ownerships()
    ward.slack.deactivate(user)
    async with ward.office.database.begin() as uow:
        account = await uow.people.account(ward.slack.team_id, user.id)
        assert account is not None
        await uow.people.deactivate(account, datetime(2026, 8, 31, tzinfo=UTC))
        await uow.commit()

    again = await ward.take(f",{user.id},,owner,{WARD},保健福祉課,1;2,,,,")

    assert {own.person_id for item in (1, 2) for own in await ward.ownerships(item)} == {
        before.person_id
    }
    assert (again.added, [each.slack_user_id for each in again.unresolved]) == (1, [user.id])


async def test_a_deactivated_account_is_listed_too(ward: Setting) -> None:
    user = ward.slack.deactivate(ward.slack.add_user("山田"))

    result = await ward.take(f",{user.id},山田,owner,{WARD},,1,,,,")

    assert [each.slack_user_id for each in result.unresolved] == [user.id]


async def test_who_is_given_by_name_only_is_listed_unless_another_row_tells_more(
    ward: Setting,
) -> None:
    ward.slack.add_user("山田", email="yamada@example.jp")

    result = await ward.take(
        f",,鈴木,owner,{WARD},,1,,,,",
        f",,山田,owner,{WARD},,2,,,,",
        f"yamada@example.jp,,山田,owner,{WARD},,3,,,,",
        f",,鈴木,coordinator,{WARD},,,,,,",
    )

    assert [(each.row, each.name) for each in result.unresolved] == [(2, "鈴木")]


async def test_guests_and_other_organisations_are_refused(ward: Setting) -> None:
    ward.slack.add_user("客", email="guest@example.jp", restricted=True)
    outsider = ward.slack.add_user("他社", external=True)

    faults = await ward.faults(
        f"guest@example.jp,,,owner,{WARD},,1,,,,",
        f",,山田,owner,{WARD},,2,{outsider.id},,,",
    )

    assert [fault.split("：")[0] for fault in faults if "ゲスト" in fault] == [
        "2行目 email",
        "3行目 deputy",
    ]


async def test_a_star_is_every_initiative_of_the_newest_plan(ward: Setting) -> None:
    await ward.take(f",,山田,owner,{WARD},,*,,,,")

    assert [len(await ward.ownerships(n)) for n in (1, 2, 3)] == [1, 1, 1]


async def test_a_number_the_plan_does_not_have_is_refused_naming_those_it_has(
    ward: Setting,
) -> None:
    (fault,) = await ward.faults(f",,山田,owner,{WARD},,1;9,,,,")

    assert "取組項目9はありません" in fault
    assert "1、2、3" in fault
    assert await ward.ownerships(1) == []


async def test_every_fault_is_told_at_once_and_nothing_is_imported(ward: Setting) -> None:
    faults = await ward.faults(
        f",,山田,owner,{WARD},,1,,,,",
        ",,山田,boss,西区,,1,,,,",
        ",,山田,owner,東,,1,,,,",
        ",,山田,manager,*,,,,,,",
        ",,山田,owner,西区,,1,,,,",
        f",,山田,owner,{WARD},,2,nobody@example.jp,,,",
        f",,山田,owner,{WARD},,2,,,,令和2年度",
    )

    assert [fault.split("：")[0] for fault in faults] == [
        "3行目 role",
        "4行目 ward",
        "5行目 ward",
        "6行目 initiatives",
        "7行目 deputy",
        "8行目 initiatives",
    ]
    assert await ward.ownerships(1) == []


async def test_one_fault_of_a_row_hides_no_other(ward: Setting) -> None:
    faults = await ward.faults(
        ",,山田,owner,ほげ区,,1;x,nobody@example.jp,,,",
        f",,鈴木,owner,{WARD},,1;9,nobody@example.jp,,,",
        "guest,,田中,boss,ほげ区,,1,,,,",
        "a@example.jp,,佐藤,owner,ほげ区,,1;x,b@example.jp,,,",
        ",,鈴木,owner,西区,,y,,,,",
    )

    assert [fault.partition("：")[0] for fault in faults] == [
        "2行目 ward",
        "2行目 initiatives",
        "3行目 initiatives",
        "3行目 deputy",
        "4行目 role",
        "4行目 email",
        "4行目 ward",
        "5行目 ward",
        "5行目 initiatives",
        "5行目 deputy",
        "6行目 initiatives",
        "6行目 initiatives",
    ]


async def test_a_dry_run_counts_and_keeps_nothing(ward: Setting) -> None:
    result = await ward.take(f",,山田,owner,{WARD},新しい課,1,,,,", dry=True)

    assert (result.people, result.added) == (1, 2)
    assert await ward.ownerships(1) == []


async def test_a_new_owner_takes_over_on_the_day_given(ward: Setting) -> None:
    await ward.take(f",,山田,owner,{WARD},,1;2,,,,")

    result = await ward.take(f",,鈴木,owner,{WARD},,1,,2026-10-01,,")

    assert await ward.owners(1) == [
        ("山田", None, date(2026, 9, 30)),
        ("鈴木", date(2026, 10, 1), None),
    ]
    assert await ward.owners(2) == [("山田", None, None)]
    assert result.ended == 1


async def test_a_new_owner_from_always_takes_the_place_of_the_old_one(ward: Setting) -> None:
    await ward.take(f",,山田,owner,{WARD},,1,,2026-04-01,,")

    await ward.take(f",,鈴木,owner,{WARD},,1,,,,")

    assert await ward.owners(1) == [("鈴木", None, None)]
    async with ward.office.database.read() as uow:
        entries = await uow.audit.about(f"initiative:{ward.items[0]}")
    assert [entry.action for entry in entries] == [
        "ownership.add",
        "ownership.end",
        "ownership.add",
    ]


async def test_an_owner_of_another_time_is_left_alone(ward: Setting) -> None:
    await ward.take(f",,山田,owner,{WARD},,1,,2025-04-01,2026-03-31,")

    await ward.take(f",,鈴木,owner,{WARD},,1,,2026-04-01,,")

    assert len(await ward.ownerships(1)) == 2
    assert (await ward.owners(1))[0] == ("山田", date(2025, 4, 1), date(2026, 3, 31))


async def test_two_owners_in_one_file_own_it_jointly(ward: Setting) -> None:
    rows = (f",,山田,owner,{WARD},,1,,,,", f",,鈴木,owner,{WARD},,1,,2026-10-01,,")

    await ward.take(*rows)
    await ward.take(*rows)

    assert await ward.owners(1) == [("山田", None, None), ("鈴木", date(2026, 10, 1), None)]


async def test_deputy_and_section_are_kept_with_the_ownership(ward: Setting) -> None:
    deputy = ward.slack.add_user("佐藤 次郎", email="sato@example.jp")
    await ward.take(f",,山田,owner,{WARD},保健福祉課,1,{deputy.id},,,")
    (before,) = await ward.ownerships(1)

    await ward.take(f",,山田,owner,{WARD},総務課,1,,,,")

    (after,) = await ward.ownerships(1)
    async with ward.office.database.read() as uow:
        names = await uow.people.named([before.deputy_id or 0])
        sections = await uow.people.sections([before.section_id or 0, after.section_id or 0])
    assert [person.name for person in names.values()] == ["佐藤 次郎"]
    assert list(sections.values()) == ["保健福祉課", "総務課"]
    assert (after.id, after.deputy_id) == (before.id, None)


async def test_a_deputy_may_be_somebody_of_the_same_file_without_slack(ward: Setting) -> None:
    await ward.take(
        f",,山田,owner,{WARD},,1,sato@example.jp,,,",
        f"sato@example.jp,,佐藤,owner,{WARD},,2,,,,",
    )

    (own,) = await ward.ownerships(1)
    assert own.deputy_id == (await ward.person("sato@example.jp")).id


async def test_nobody_is_their_own_deputy(ward: Setting) -> None:
    ward.slack.add_user("山田", email="yamada@example.jp")

    (fault,) = await ward.faults(f"yamada@example.jp,,,owner,{WARD},,1,yamada@example.jp,,,")

    assert "副担当" in fault


async def test_roles_reach_as_far_as_the_row_says(ward: Setting) -> None:
    await ward.take(
        f"a@example.jp,,甲,manager,{WARD},保健福祉課,,,,,",
        f"b@example.jp,,乙,manager,{WARD},,,,,,",
        f"c@example.jp,,丙,coordinator,{WARD},,,,2026-04-01,2027-03-31,",
        "d@example.jp,,丁,observer,*,,,,,,",
    )

    found = [
        (grant.role, grant.unit_id, grant.section_id is not None, grant.valid_to)
        for email in ("a", "b", "c", "d")
        for grant in await ward.grants(await ward.person(f"{email}@example.jp"))
    ]
    assert found == [
        (Role.MANAGER, ward.unit_id, True, None),
        (Role.MANAGER, ward.unit_id, False, None),
        (Role.COORDINATOR, ward.unit_id, False, date(2027, 3, 31)),
        (Role.OBSERVER, None, False, None),
    ]


async def test_owner_and_manager_meet_in_one_section_however_it_is_written(
    ward: Setting,
) -> None:
    await ward.take(
        f",,山田,owner,{WARD},総務課(企画),1,,,,",
        f"a@example.jp,,甲,manager,{WARD},総務課（企画）,,,,,",
    )

    (own,) = await ward.ownerships(1)
    (grant,) = await ward.grants(await ward.person("a@example.jp"))
    assert own.section_id == grant.section_id


async def test_the_end_of_a_role_is_entered_in_its_place(ward: Setting) -> None:
    await ward.take(f"a@example.jp,,甲,coordinator,{WARD},,,,2026-04-01,,")

    result = await ward.take(f"a@example.jp,,甲,coordinator,{WARD},,,,2026-04-01,2026-09-30,")

    (grant,) = await ward.grants(await ward.person("a@example.jp"))
    assert (grant.valid_to, result.updated) == (date(2026, 9, 30), 1)


async def test_one_person_may_have_several_rows_and_a_new_name(ward: Setting) -> None:
    ward.slack.add_user("Hanako Yamada", email="yamada@example.jp")
    await ward.take(f"yamada@example.jp,,,owner,{WARD},,1,,,,")

    result = await ward.take(
        f"yamada@example.jp,,山田 花子,owner,{WARD},,1,,,,",
        f"yamada@example.jp,,,manager,{WARD},,,,,,",
    )

    person = await ward.person("yamada@example.jp")
    assert (result.people, person.name) == (1, "山田 花子")
    assert [grant.role for grant in await ward.grants(person)] == ["manager"]


async def test_an_address_entered_later_stays_with_the_account(ward: Setting) -> None:
    user = ward.slack.add_user("山田", email="yamada@example.jp")
    await ward.take(f",{user.id},,owner,{WARD},,1,,,,")

    result = await ward.take(f"yamada@example.jp,{user.id},,owner,{WARD},,1,,,,")

    assert (result.people, result.updated, result.added) == (1, 1, 0)
    assert await ward.account_of(await ward.person("yamada@example.jp")) == user.id


async def test_an_address_and_an_account_of_two_people_are_refused(ward: Setting) -> None:
    one = ward.slack.add_user("山田", email="yamada@example.jp")
    await ward.take(f",{one.id},,owner,{WARD},,1,,,,", f"sato@example.jp,,佐藤,owner,{WARD},,2,,,,")

    (fault,) = await ward.faults(f"sato@example.jp,{one.id},,owner,{WARD},,3,,,,")

    assert "別の人" in fault


async def test_two_people_of_one_name_are_told_apart_by_address(ward: Setting) -> None:
    await ward.take(
        f"a@example.jp,,山田,owner,{WARD},,1,,,,",
        f"b@example.jp,,山田,owner,{WARD},,2,,,,",
    )

    (fault,) = await ward.faults(f",,山田,owner,{WARD},,3,,,,")

    assert "同じ名前" in fault


async def test_the_same_item_twice_with_other_content_is_refused(ward: Setting) -> None:
    (fault,) = await ward.faults(
        f",,山田,owner,{WARD},総務課,1;2,,,,", f",,山田,owner,{WARD},保健福祉課,1;2,,,,"
    )

    assert fault.startswith("3行目 initiatives")


async def test_the_year_of_row_or_option_chooses_the_plan(ward: Setting) -> None:
    async with ward.office.database.begin() as uow:
        newer = await add_plan(uow, ward.unit_id, year=2027)
        await add_initiative(uow, newer, 1)
        older = await uow.plans.find(ward.unit_id, "youshiki3", 2026)
        assert older is not None
        await add_round(uow, older.id or 0)
        await uow.commit()

    newest = await ward.take(f",,山田,owner,{WARD},,1,,,,")
    nothing = await ward.ownerships(1)
    chosen = await ward.take(f",,山田,owner,{WARD},,1,,,,", year=2026)
    await ward.take(f",,鈴木,owner,{WARD},,2,,,,R8")

    assert nothing == []
    assert any("令和8年度" in warning for warning in newest.warnings)
    assert chosen.warnings == ()
    assert (len(await ward.ownerships(1)), len(await ward.ownerships(2))) == (1, 1)


async def test_an_owner_of_nothing_is_known_and_warned_of(ward: Setting) -> None:
    result = await ward.take(f"a@example.jp,,甲,owner,{WARD},,,,,,")

    assert [g.role for g in await ward.grants(await ward.person("a@example.jp"))] == ["owner"]
    assert any("取組項目がありません" in warning for warning in result.warnings)


async def test_slack_is_not_asked_again_for_whom_it_named(ward: Setting) -> None:
    ward.slack.add_user("山田", email="yamada@example.jp")
    row = f"yamada@example.jp,,,owner,{WARD},,1,,,,"
    await ward.take(row)
    asked = len(ward.slack.calls("users.lookupByEmail"))

    await ward.take(row)

    assert asked == 1
    assert len(ward.slack.calls("users.lookupByEmail")) == 1  # known, and not asked again


class BesideAWriter(Directory):
    """Somebody else writes while Slack is asked."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def team_id(self) -> str:
        return "T0001"

    async def lookup(self, email: str) -> None:
        async with asyncio.timeout(3), self.office.database.begin() as uow:
            await uow.audit.about(email)
            await uow.commit()


async def test_no_transaction_is_open_while_slack_is_asked(ward: Setting) -> None:
    beside = replace(ward, directory=BesideAWriter(ward.office))

    result = await beside.take(f"yamada@example.jp,,山田,owner,{WARD},,1,,,,")

    assert [each.row for each in result.unresolved] == [2]


async def test_a_roster_of_names_alone_needs_nothing_of_slack(ward: Setting) -> None:
    await ward.take(f",,山田,owner,{WARD},,1,,,,")

    assert ward.slack.calls() == []
    assert await ward.owners(1) == [("山田", None, None)]


async def test_the_trail_holds_no_name_and_no_address(ward: Setting) -> None:
    await ward.take(f"yamada@example.jp,,山田 花子,owner,{WARD},,1,,,,")

    person = await ward.person("yamada@example.jp")
    async with ward.office.database.read() as uow:
        entries = [
            *await uow.audit.about(f"person:{person.id}"),
            *await uow.audit.about(f"initiative:{ward.items[0]}"),
        ]
    assert [entry.action for entry in entries] == ["person.add", "ownership.add"]
    assert not any("山田" in str(entry.detail) or "@" in str(entry.detail) for entry in entries)
