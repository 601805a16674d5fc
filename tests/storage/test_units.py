"""Units: the wards a database begins with, their sections and closures."""

from __future__ import annotations

from datetime import date

from storage.database import Database

OFFICIAL_ORDER = [
    *("北区", "都島区", "福島区", "此花区", "中央区", "西区", "港区", "大正区"),
    *("天王寺区", "浪速区", "西淀川区", "淀川区", "東淀川区", "東成区", "生野区", "旭区"),
    *("城東区", "鶴見区", "阿倍野区", "住之江区", "住吉区", "東住吉区", "平野区", "西成区"),
]


async def test_the_24_wards_are_there_from_the_start_in_their_official_order(
    database: Database,
) -> None:
    async with database.read() as uow:
        units = await uow.units.all()

    assert [unit.name for unit in units] == OFFICIAL_ORDER
    assert [unit.position for unit in units] == list(range(1, 25))


async def test_a_closure_belongs_to_the_unit_that_entered_it(database: Database) -> None:
    async with database.begin() as uow:
        await uow.units.set_closures(1, [date(2026, 9, 17), date(2026, 9, 17)])
        await uow.units.set_closures(2, [date(2026, 10, 1)])
        await uow.commit()

    async with database.read() as uow:
        assert await uow.units.closures([1, 2, 3]) == {
            1: frozenset({date(2026, 9, 17)}),
            2: frozenset({date(2026, 10, 1)}),
            3: frozenset(),
        }


async def test_closures_that_are_set_again_replace_the_former_ones(database: Database) -> None:
    async with database.begin() as uow:
        await uow.units.set_closures(1, [date(2026, 9, 17), date(2026, 9, 18)])
        await uow.units.set_closures(1, [date(2026, 9, 18), date(2026, 9, 24)])
        await uow.commit()

    async with database.read() as uow:
        closed = (await uow.units.closures([1]))[1]
        assert closed == {date(2026, 9, 18), date(2026, 9, 24)}


async def test_a_section_is_entered_once_in_each_unit(database: Database) -> None:
    async with database.begin() as uow:
        first = await uow.units.section(1, "保健福祉課")
        again = await uow.units.section(1, "保健福祉課")
        elsewhere = await uow.units.section(2, "保健福祉課")
        await uow.commit()

    assert first.id == again.id
    assert first.id != elsewhere.id
    async with database.read() as uow:
        assert [section.name for section in await uow.units.sections(1)] == ["保健福祉課"]
