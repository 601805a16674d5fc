"""Which item continues which: links first, then code and title, over as many years as there are."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.database import Database
from storage.models import InitiativeLink
from storage.unit_of_work import UnitOfWork
from tests.builders import add_initiative, add_plan, add_unit, known

NOW = datetime(2026, 9, 10, tzinfo=UTC)


async def answer(uow: UnitOfWork, plan_id: int, item: int, text: str) -> None:
    row = await uow.check_ins.locked(plan_id, item, "year-end", NOW)
    row.answers, row.revision, row.source = {"results": text}, 1, "slack"
    await uow.check_ins.add(row)


async def link(uow: UnitOfWork, item: int, follows: int) -> None:
    await uow.lineages.add(InitiativeLink(initiative_id=item, follows_id=follows))


async def lineage(uow: UnitOfWork, item: int) -> list[tuple[int, str]]:
    rows = await uow.lineages.answers([item], 0)
    return [(row.year, row.answers["results"]) for row in rows]


async def years(uow: UnitOfWork, unit_id: int, *items: tuple[int, str, str]) -> dict[int, int]:
    """One item a year, (year, code, title), each answered with its year; their ids by year."""
    ids = {}
    for year, code, title in items:
        plan_id = await add_plan(uow, unit_id, year=year)
        ids[year] = await add_initiative(uow, plan_id, 1, code=code, title=title)
        await answer(uow, plan_id, ids[year], f"{year}年")
    return ids


async def test_code_and_title_lead_through_all_years_over_a_gap(database: Database) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow)
        ids = await years(
            uow, unit, (2022, "1", "見守り"), (2023, "1", "見守り"), (2025, "1", "見守り")
        )

        assert await lineage(uow, ids[2025]) == [
            (2022, "2022年"),
            (2023, "2023年"),
            (2025, "2025年"),
        ]


async def test_a_link_leads_on_where_number_and_title_have_changed(database: Database) -> None:
    """When plan 2.0 became 3.0, item 7 of many years became item 3 under another title."""
    async with database.begin() as uow:
        unit = await add_unit(uow)
        ids = await years(
            uow, unit, (2018, "7", "見守り"), (2019, "7", "見守り"), (2020, "3", "訪問")
        )
        assert await lineage(uow, ids[2020]) == [(2020, "2020年")]

        await link(uow, ids[2020], ids[2019])

        assert await lineage(uow, ids[2020]) == [
            (2018, "2018年"),
            (2019, "2019年"),
            (2020, "2020年"),
        ]
        found = await uow.lineages.ancestors([ids[2020]])
        assert [(item, row.code, plan.last_year) for item, row, plan in found] == [
            (ids[2020], "3", 2020),
            (ids[2020], "7", 2019),
            (ids[2020], "7", 2018),
        ]


async def test_a_link_stands_above_the_same_code_and_title(database: Database) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow)
        ids = await years(uow, unit, (2025, "1", "見守り"), (2026, "1", "見守り"))
        other = await add_plan(uow, unit, year=2024)
        elder = await add_initiative(uow, other, 1, code="9", title="訪問")
        await answer(uow, other, elder, "2024年")

        await link(uow, ids[2026], elder)

        assert await lineage(uow, ids[2026]) == [(2024, "2024年"), (2026, "2026年")]


async def test_another_unit_or_form_is_no_namesake(database: Database) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow)
        other = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        ids = await years(uow, unit, (2026, "1", "見守り"))
        await years(uow, other, (2025, "1", "見守り"))
        vision = await add_plan(uow, unit, year=2025, form="vision")
        await answer(uow, vision, await add_initiative(uow, vision, 1, title="見守り"), "他の様式")

        assert await lineage(uow, ids[2026]) == [(2026, "2026年")]


async def test_a_circle_of_links_ends(database: Database) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow)
        ids = await years(uow, unit, (2025, "1", "見守り"), (2026, "2", "訪問"))
        await link(uow, ids[2026], ids[2025])
        await link(uow, ids[2025], ids[2026])

        rows = await uow.lineages.answers([ids[2026]], 0)

        assert {row.year for row in rows} == {2025, 2026}


async def test_ties_say_what_each_item_continues_and_who_said_so(database: Database) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow)
        before = await add_plan(uow, unit, year=2025)
        first = [await add_initiative(uow, before, n) for n in (1, 2, 3)]
        after = await add_plan(uow, unit, year=2026)
        same = await add_initiative(uow, after, 1)
        renamed = await add_initiative(uow, after, 2, title="別の題名")
        new = await add_initiative(uow, after, 4)
        await link(uow, renamed, first[2])

        ties = await uow.lineages.ties(after)

        assert ties == {same: (first[0], False), renamed: (first[2], True)}
        assert new not in ties
        plan = await uow.plans.get(after)
        assert plan is not None
        earlier = await uow.lineages.earlier(plan)
        assert [known(item.id) for item, _ in earlier] == first
