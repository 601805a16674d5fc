"""Links to items of earlier years: proposed, searched, stored once, taken away, for nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied, InvalidAnswers
from bot.domain.youshiki3 import FORMS
from bot.services import lineage_links
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.lineages import (
    LinkForm,
    TypedLinks,
    build_linked,
    build_links,
    options_of,
    read_links,
)
from bot.views.targets import LinkTarget
from storage.database import Database
from tests.bot.services.test_unreadable import SEPTEMBER
from tests.bot.views.slack import assert_modal, said
from tests.builders import TEAM, Ward, add_initiative, add_plan, add_unit, seed_ward


@dataclass
class Desk:
    """あおぞら区: items 1 to 3 of this year; last year 1 was the same, 8 had item 2's title."""

    office: Office
    ward: Ward
    earlier: tuple[int, ...]
    foreign: int  # an item of another ward

    @property
    def target(self) -> LinkTarget:
        return LinkTarget(self.ward.plan_id)

    def caller(self, part: str = "coordinator") -> Caller:
        return Caller(TEAM, self.ward.accounts[part])

    async def form(self, *, every: bool = False) -> LinkForm:
        target = LinkTarget(self.ward.plan_id, every=every)
        return await lineage_links.open_form(self.office, self.caller(), target)

    async def save(
        self, chosen: dict[int, int], shown: dict[int, int] | None = None, part: str = "coordinator"
    ) -> int:
        typed = TypedLinks(self.target, chosen, shown or {})
        return (await lineage_links.save(self.office, self.caller(part), typed))[1]

    async def ties(self) -> dict[int, tuple[int, bool]]:
        async with self.office.database.read() as uow:
            return await uow.lineages.ties(self.ward.plan_id)

    async def search(self, text: str) -> list[str]:
        found = await lineage_links.search(self.office, self.caller(), self.ward.plan_id, text)
        return [each.code for each in found]


async def _settled(database: Database, *, items: int = 3) -> Desk:
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=items)
        before = await add_plan(uow, ward.unit_id, year=2025)
        earlier = [
            await add_initiative(uow, before, 1),
            await add_initiative(uow, before, 8, title="取組その2"),
            *[await add_initiative(uow, before, n, title=f"昔の取組{n}") for n in range(20, 150)],
        ]
        hikari = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        foreign = await add_initiative(uow, await add_plan(uow, hikari, year=2025), 1)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    return Desk(Office(database, clock, FORMS, clock), ward, tuple(earlier), foreign)


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    database = Database(sqlite_url)
    yield await _settled(database)
    await database.dispose()


async def test_what_is_the_same_by_name_needs_no_hand_and_an_equal_title_is_proposed(
    desk: Desk,
) -> None:
    form = await desk.form()

    assert [each.code for each in form.listed] == ["2", "3"]
    assert [each.code for each in (await desk.form(every=True)).listed] == ["1", "2", "3"]
    second, third = form.listed
    assert second.proposed is not None
    assert (second.proposed.code, third.proposed) == ("8", None)


async def test_saving_the_page_as_it_is_stores_what_was_proposed(database: Database) -> None:
    desk = await _settled(database)
    view = build_links(await desk.form())
    assert_modal(view)
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": "external_select",
                "selected_option": block["element"].get("initial_option"),
            }
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }

    typed = read_links({**view, "state": {"values": values}})
    form, saved = await lineage_links.save(desk.office, desk.caller(), typed)

    assert saved == 1
    assert (await desk.ties())[desk.ward.initiatives[1]] == (desk.earlier[1], True)
    assert "1件を保存しました" in said(build_linked(form, saved)["blocks"])
    again = await lineage_links.save(desk.office, desk.caller(), typed)
    assert again[1] == 0


async def test_a_link_is_changed_and_taken_away_again(desk: Desk) -> None:
    item, first, second = desk.ward.initiatives[2], desk.earlier[5], desk.earlier[6]

    assert await desk.save({item: first}) == 1
    assert await desk.save({item: second}, {item: first}) == 1
    assert (await desk.ties())[item] == (second, True)

    assert await desk.save({item: 0}, {item: second}) == 1
    assert item not in await desk.ties()
    async with desk.office.database.read() as uow:
        noted = [entry.action for entry in await uow.audit.about(f"initiative:{item}")]
    assert noted == ["lineage.link", "lineage.link", "lineage.unlink"]


async def test_what_nobody_touched_stays_as_a_colleague_has_set_it_meanwhile(desk: Desk) -> None:
    item = desk.ward.initiatives[2]
    await desk.save({item: desk.earlier[5]})

    assert await desk.save({item: 0}, {item: 0}) == 0

    assert (await desk.ties())[item] == (desk.earlier[5], True)


async def test_only_an_item_of_an_earlier_plan_of_the_unit_is_taken(desk: Desk) -> None:
    first, second, _ = desk.ward.initiatives
    before = await desk.ties()

    for chosen in ({second: first}, {second: desk.foreign}, {second: 999_999}, {desk.foreign: 1}):
        with pytest.raises(InvalidAnswers):
            await desk.save(chosen)

    assert await desk.ties() == before


async def test_a_search_finds_by_number_first_then_by_any_part_of_the_title(desk: Desk) -> None:
    assert (await desk.search("120"))[0] == "120"
    assert await desk.search("昔の取組149") == ["149"]
    assert await desk.search("その２") == ["8"]
    assert await desk.search("何もない") == []
    everything = await lineage_links.search(desk.office, desk.caller(), desk.ward.plan_id, "")
    assert len(everything) == 132
    offered = options_of(everything, searched=False)
    assert len(offered) == 100
    assert offered[0]["text"]["text"] == "つながない"


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_nobody_else_links_or_searches(desk: Desk, part: str) -> None:
    before = await desk.ties()

    with pytest.raises(AccessDenied):
        await lineage_links.open_form(desk.office, desk.caller(part), desk.target)
    with pytest.raises(AccessDenied):
        await lineage_links.search(desk.office, desk.caller(part), desk.ward.plan_id, "")
    with pytest.raises(AccessDenied):
        await desk.save({desk.ward.initiatives[2]: desk.earlier[5]}, part=part)

    assert await desk.ties() == before


async def test_145_items_are_linked_page_by_page(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    desk = await _settled(database, items=145)
    form = await desk.form(every=True)
    seen: list[int] = []

    for page in range(8):
        view = build_links(LinkForm(form.plan_title, form.items, LinkTarget(1, page, every=True)))
        assert_modal(view)
        seen += [int(b["block_id"]) for b in view["blocks"] if b["type"] == "input"]

    await database.dispose()
    assert seen == list(desk.ward.initiatives)


async def test_without_an_earlier_plan_there_is_nothing_to_link(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    desk = Desk(Office(database, clock, FORMS, clock), ward, (), 0)

    view = build_links(await desk.form())

    await database.dispose()
    assert_modal(view)
    assert "submit" not in view
    assert "前の年度の計画が登録されていないため" in said(view["blocks"])
