"""Retention: nothing goes before its time or by mistake, and what goes leaves a record alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.retention import Rule, is_due, kept_until
from bot.domain.rounds import RoundDates
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, confirmations, retention
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.confirmations import SentBack
from bot.views.retention import TypedRule
from bot.views.targets import Target
from storage.database import Database
from storage.models import ImportBatch, Table
from tests.builders import TEAM, Ward, add_initiative, add_plan, add_round, letter_values, seed_ward
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

SECRET = "参加が少ないので、周知を増やす。"
ANSWER = {"implementation": "i", "attainment": "2", "issues": SECRET}
DUE_DAY = datetime(2032, 4, 1, 1, 0, tzinfo=UTC)  # five years after FY2026 has ended


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database, office: Office) -> Ward:
    """A plan about which something of every kind has been stored."""
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = 1
        values = letter_values(ward.owner, text=SECRET, state="sent", item_ids=[1, 2])
        await uow.outbox.write(values, [(ward.round_id, "opening")])
        uow._session.add(_batch(ward))
        await uow.commit()
    about = Target(ward.round_id, ward.initiatives[0])
    typed = Typed(about.round_id, about.initiative_id, 0, answers=ANSWER, complete_state=True)
    await checkins.submit(office, who(ward, "owner"), typed)
    wish = SentBack(about, 1, SECRET, date(2026, 9, 15))
    await confirmations.send_back(office, who(ward, "manager"), wish)
    return ward


def _batch(ward: Ward) -> ImportBatch:
    return ImportBatch(
        kind="plan",
        unit_id=ward.unit_id,
        file_name="計画.csv",
        digest="0",
        content={"text": SECRET},
        undo={},
        entered_by=ward.people["coordinator"],
        at=datetime(2026, 4, 10, tzinfo=UTC),
    )


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


async def everything(office: Office) -> str:
    """Every cell of every table."""
    found = [row for name in Table.metadata.tables for row in await rows_of(office, name)]
    return "\n".join(str(cell) for row in found for cell in row)


async def count(office: Office, table: str) -> int:
    return len(await rows_of(office, table))


async def rows_of(office: Office, table: str) -> list[Any]:
    query = text(f"SELECT * FROM {table}")
    async with office.database.read() as uow:
        found = await uow._connection.run_sync(lambda each: each.execute(query).fetchall())
        return list(found)


def test_five_years_count_from_the_end_of_the_fiscal_year() -> None:
    assert kept_until(2026, Rule()) == date(2032, 3, 31)
    assert not is_due(2026, Rule(), date(2032, 3, 31))
    assert is_due(2026, Rule(), date(2032, 4, 1))
    assert is_due(2026, Rule(1), date(2028, 4, 1))


async def test_a_disposal_leaves_nothing_of_the_plan_but_its_record(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    assert SECRET in await everything(office)
    clock.instant = DUE_DAY

    name, done = await retention.dispose(
        office, who(ward, "coordinator"), ward.plan_id, "あおぞら区"
    )

    assert (name, done.fiscal_year, done.name) == ("あおぞら区", 2026, "田中")
    left = await everything(office)
    assert SECRET not in left
    assert "取組その" not in left
    for table in ("check_in", "revision", "decision", "letter", "letter_line", "ownership"):
        assert await count(office, table) == 0, table
    counted = {key: done.counts[key] for key in ("initiative", "check_in", "decision", "letter")}
    assert counted == {"initiative": 3, "check_in": 1, "decision": 1, "letter": 2}
    keeping = await retention.open_keeping(office, who(ward, "coordinator"), ward.unit_id)
    assert keeping.plans == ()
    assert [each.counts for each in keeping.disposals] == [done.counts]
    async with office.database.read() as uow:
        [entry] = await uow.audit.about(f"plan:{ward.plan_id}")
    assert (entry.action, entry.person_id) == ("plan.dispose", ward.people["coordinator"])
    assert SECRET not in str(entry.detail)


async def test_another_plan_of_the_unit_keeps_everything(
    office: Office, ward: Ward, clock: SetClock, database: Database
) -> None:
    dates = RoundDates(date(2027, 9, 1), date(2027, 9, 17), date(2027, 10, 1), date(2027, 10, 5))
    async with database.begin() as uow:
        later = await add_plan(uow, ward.unit_id, year=2027)
        await add_initiative(uow, later)
        round_id = await add_round(uow, later, dates=dates)
        both = letter_values(ward.owner, date(2027, 9, 1), text=SECRET, state="sent")
        await uow.outbox.write(both, [(ward.round_id, "after-9"), (round_id, "opening")])
        await uow.commit()
    clock.instant = DUE_DAY

    await retention.dispose(office, who(ward, "coordinator"), ward.plan_id, "あおぞら区")

    assert (await count(office, "initiative"), await count(office, "review_round")) == (1, 1)
    assert await count(office, "letter") == 1  # it was sent, and says nothing any more
    assert SECRET not in await everything(office)
    with pytest.raises(EntryClosed):  # its own time has not come
        await retention.dispose(office, who(ward, "coordinator"), later, "あおぞら区")


async def test_every_table_that_refers_to_a_plan_or_its_parts_is_emptied(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    """Whoever adds such a table adds it to what a disposal takes away."""
    clock.instant = DUE_DAY
    parts = {"plan", "initiative", "review_round", "check_in"}
    referring = {
        name
        for name, table in Table.metadata.tables.items()
        if parts & {key.column.table.name for key in table.foreign_keys}
    }

    _, done = await retention.dispose(office, who(ward, "coordinator"), ward.plan_id, "あおぞら区")

    assert (referring | parts) - set(done.counts) == set()


async def test_looking_at_what_would_go_takes_nothing_away(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = DUE_DAY
    before = await everything(office)

    asked = await retention.open_disposal(office, who(ward, "coordinator"), ward.plan_id)

    assert (asked.plan.due, asked.counts["revision"]) == (True, 1)
    assert await everything(office) == before


@pytest.mark.parametrize("typed", ["", "ひかり区", "あおぞら", "はい"])
async def test_nothing_goes_unless_the_units_name_is_typed(
    office: Office, ward: Ward, clock: SetClock, typed: str
) -> None:
    clock.instant = DUE_DAY

    with pytest.raises(InvalidAnswers):
        await retention.dispose(office, who(ward, "coordinator"), ward.plan_id, typed)

    assert await count(office, "check_in") == 1


async def test_nothing_goes_before_its_time_or_while_a_round_is_open(
    office: Office, ward: Ward, clock: SetClock, database: Database
) -> None:
    coordinator = who(ward, "coordinator")
    clock.instant = datetime(2032, 3, 31, 14, 59, tzinfo=UTC)  # 23:59 in Japan
    with pytest.raises(EntryClosed):
        await retention.dispose(office, coordinator, ward.plan_id, "あおぞら区")
    clock.instant = DUE_DAY
    async with database.begin() as uow:
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.publishes = date(2032, 4, 1)  # reopened
        await uow.commit()
    with pytest.raises(EntryClosed):
        await retention.dispose(office, coordinator, ward.plan_id, "あおぞら区")

    assert await count(office, "check_in") == 1


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_nobody_but_the_coordinator_keeps_or_disposes(
    office: Office, ward: Ward, clock: SetClock, part: str
) -> None:
    clock.instant = DUE_DAY

    for act in (
        retention.open_keeping(office, who(ward, part), ward.unit_id),
        retention.keep(office, who(ward, part), TypedRule(ward.unit_id, 1, "")),
        retention.open_disposal(office, who(ward, part), ward.plan_id),
        retention.dispose(office, who(ward, part), ward.plan_id, "あおぞら区"),
    ):
        with pytest.raises(AccessDenied):
            await act
    assert await count(office, "check_in") == 1
    assert await count(office, "retention") == 0


async def test_disposing_twice_is_disposing_once(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = DUE_DAY
    coordinator = who(ward, "coordinator")
    await retention.dispose(office, coordinator, ward.plan_id, "あおぞら区")

    with pytest.raises(EntryClosed):
        await retention.dispose(office, coordinator, ward.plan_id, "あおぞら区")

    assert await count(office, "disposal") == 1


async def test_of_two_who_dispose_at_once_one_does(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = DUE_DAY
    coordinator = who(ward, "coordinator")

    ended = await asyncio.gather(
        *(retention.dispose(office, coordinator, ward.plan_id, "あおぞら区") for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(isinstance(each, EntryClosed) for each in ended) == [False, True]
    assert await count(office, "disposal") == 1


@pytest.mark.parametrize("years", [None, 0, 101])
async def test_a_rule_needs_a_number_of_years(office: Office, ward: Ward, years: Any) -> None:
    with pytest.raises(InvalidAnswers):
        await retention.keep(
            office, who(ward, "coordinator"), TypedRule(ward.unit_id, years, "規程")
        )
    assert await count(office, "retention") == 0


async def test_a_units_own_rule_says_what_is_due_and_where_it_comes_from(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2030, 4, 1, 1, 0, tzinfo=UTC)
    coordinator = who(ward, "coordinator")
    assert not (await retention.open_keeping(office, coordinator, ward.unit_id)).plans[0].due

    rule = TypedRule(ward.unit_id, 3, "公文書管理規程 別表第1")
    _, due = await retention.keep(office, coordinator, rule)

    assert due == 1
    keeping = await retention.open_keeping(office, coordinator, ward.unit_id)
    assert keeping.rule == Rule(3, "公文書管理規程 別表第1")
    assert keeping.plans[0].due
    await retention.set_rule(office, "あおぞら区", years=10, basis=None)
    [keeping] = await retention.listing(office, "あおぞら区")
    assert (keeping.rule, keeping.plans[0].due) == (Rule(10, "公文書管理規程 別表第1"), False)
    assert await count(office, "retention") == 1
