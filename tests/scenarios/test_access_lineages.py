"""The access table of the years of an item, of files of them, and of what items continue.

Item 2 of あおぞら区 continues an item of last year's plan, which is answered ②.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.domain.errors import KaikakuError
from bot.domain.people import Role
from bot.services import lineage_links, lineages
from bot.sheets.export import ExportFormat
from bot.views.actions import LINEAGE_OPEN, YEARS_EXPORT, YEARS_OPEN
from bot.views.lineages import TypedLinks
from bot.views.targets import HistoryTarget, LinkTarget
from storage.models import InitiativeLink
from tests.builders import add_initiative, add_plan
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling
from tests.scenarios.test_access_records import caller, files, shown_by

READERS = frozenset({"owner", "deputy", "manager", "unit_manager", "coordinator"})


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区; what item 2 continues was ② at the end of last year."""
    async with telling(sqlite_url, way="socket") as told:
        await access.settle_the_rest(told)
        told.go_to("2026-09-10")
        async with told.office.database.begin() as uow:
            plan = await add_plan(uow, told.ward.unit_id, year=2025)
            before = await add_initiative(uow, plan, 7, title="昨年の取組")
            row = await uow.check_ins.locked(plan, before, "year-end", told.clock.now())
            row.answers = {"results": "8回", "attainment": "2", "issues": access.SECRET}
            row.revision, row.source = 1, "slack"
            await uow.check_ins.add(row)
            link = InitiativeLink(initiative_id=told.ward.initiatives[1], follows_id=before)
            await uow.lineages.add(link)
            await uow.commit()
        yield told


def item(story: Story) -> str:
    return f"{story.ward.round_id}:{story.ward.initiatives[1]}"


async def test_the_past_opens_for_those_who_may_read_the_item_now(story: Story) -> None:
    for part in access.TABLE:
        for value in (item(story), str(story.ward.initiatives[1])):
            shown = await shown_by(story, part, YEARS_OPEN, value)
            assert (access.SECRET in shown) is (part in READERS), (part, value)
            assert ("昨年の取組" in shown) is (part in READERS), (part, value)


async def test_a_file_of_the_years_goes_to_those_who_may_read_it_and_to_nobody_else(
    story: Story,
) -> None:
    for part in access.TABLE:
        before = {other: files(story, other) for other in access.TABLE}

        shown = await shown_by(story, part, f"{YEARS_EXPORT}:csv", item(story))

        assert (access.SECRET in shown) is (part in READERS), part
        sent = {other for other in access.TABLE if files(story, other) != before[other]}
        assert sent == ({part} if part in READERS else set())


async def test_no_request_of_their_own_making_exports_anything(story: Story) -> None:
    before = dump(story.database_url)
    target = HistoryTarget(story.ward.round_id, story.ward.initiatives[1])

    for part in set(access.TABLE) - READERS:
        with pytest.raises(KaikakuError):
            await lineages.export(story.office, caller(story, part), target, ExportFormat.CSV)

    assert dump(story.database_url) == before


async def test_only_the_coordinator_opens_what_items_continue(story: Story) -> None:
    for part in access.TABLE:
        modal = await opened(story, part, LINEAGE_OPEN, f"{story.ward.plan_id}:0:all")
        shown = "\n".join([modal.visible_text, *map(str, modal.blocks)])
        assert ("昨年の取組" in shown) is (part == "coordinator"), part
        assert (modal.submit_text is not None) is (part == "coordinator"), part
        await modal.close()


async def test_a_search_tells_nothing_once_the_role_is_gone_or_of_another_ward(
    story: Story,
) -> None:
    modal = await opened(story, "coordinator", LINEAGE_OPEN, f"{story.ward.plan_id}:0:all")
    label = f"取組項目2　{access.TITLE}2"
    assert await modal.suggested(label, "昨年") == ["令和7年度 取組項目7　昨年の取組"]

    async with story.office.database.begin() as uow:
        grants = await uow.people.grants_in_unit(
            story.ward.unit_id, Role.COORDINATOR, date(2026, 9, 10)
        )
        for each in grants:
            grant = await uow.people.grant(each.id or 0)
            assert grant is not None
            grant.valid_to = date(2026, 9, 9)
            await uow.people.add(grant)
        await uow.commit()

    assert await modal.suggested(label, "昨年") == []


async def test_no_form_of_their_own_making_links_anything(story: Story) -> None:
    before, ward = dump(story.database_url), story.ward
    typed = TypedLinks(LinkTarget(ward.plan_id), {ward.initiatives[1]: 0}, {ward.initiatives[1]: 1})

    for part in set(access.TABLE) - {"coordinator"}:
        with pytest.raises(KaikakuError):
            await lineage_links.save(story.office, caller(story, part), typed)
        with pytest.raises(KaikakuError):
            await lineage_links.search(story.office, caller(story, part), ward.plan_id, "")

    assert dump(story.database_url) == before


async def test_the_coordinator_links_from_home_and_the_owner_reads_on(story: Story) -> None:
    home = await story.person("coordinator").open_home()
    modal = await home.click("前の年度の項目とつなぐ")
    await modal.choose(f"取組項目1　{access.TITLE}1", "令和7年度 取組項目7", typed="7")

    ended = await modal.submit()

    assert ended.outcome == "updated"
    assert "1件を保存しました。" in modal.visible_text
    value = f"{story.ward.round_id}:{story.ward.initiatives[0]}"
    assert access.SECRET in await shown_by(story, "owner", YEARS_OPEN, value)


async def test_what_is_no_value_of_ours_opens_nothing(story: Story) -> None:
    for action_id in (YEARS_OPEN, YEARS_EXPORT, LINEAGE_OPEN):
        for value in ("x", "1:2:3:4", "-1", "999:999"):
            shown = await shown_by(story, "coordinator", action_id, value)
            assert access.SECRET not in shown
            assert "あおぞら区" not in shown, (action_id, value)
