"""The access table of marks that a published file lost: the unit's coordinator, and nobody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import product

import pytest

from bot.domain.errors import KaikakuError
from bot.services import unreadable
from bot.views.actions import UNREADABLE_OPEN
from bot.views.unreadable import TypedMarks
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling
from tests.scenarios.test_access_records import caller

NOBODY_ELSE = [part for part in access.TABLE if part != "coordinator"]


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    """あおぞら区, whose sheet has lost a mark of item 1, and ひかり区."""
    async with telling(sqlite_url, way="socket") as told:
        await access.settle_the_rest(told)
        told.go_to("2026-09-10")
        async with told.office.database.begin() as uow:
            plan_id, item = told.ward.plan_id, told.ward.initiatives[0]
            row = await uow.check_ins.locked(plan_id, item, "mid-year", told.clock.now())
            row.answers, row.revision, row.source = {"attainment": "1"}, 1, "sheet"
            row.unreadable = ["implementation"]
            await uow.check_ins.add(row)
            await uow.commit()
        yield told


async def test_nobody_but_the_coordinator_sees_what_was_lost(story: Story) -> None:
    before = dump(story.database_url)

    for part in NOBODY_ELSE:
        modal = await opened(story, part, UNREADABLE_OPEN, f"{story.ward.unit_id}:0")
        shown = "\n".join([modal.visible_text, *map(str, modal.blocks)])
        assert modal.submit_text is None, part
        assert access.TITLE not in shown, part
        await modal.close()

    assert dump(story.database_url) == before


async def test_no_form_of_their_own_making_stores_what_the_paper_says(story: Story) -> None:
    found = await story.check_in()
    assert found is not None
    before, ward = dump(story.database_url), story.ward
    async with story.office.database.read() as uow:
        other = next(unit.id or 0 for unit in await uow.units.all() if unit.name == "ひかり区")

    for part, unit_id in product(NOBODY_ELSE, (ward.unit_id, other)):
        typed = TypedMarks(unit_id, {(found.id or 0, "implementation"): "i"})
        try:
            done = await unreadable.confirm(story.office, caller(story, part), typed)
        except KaikakuError:
            continue
        # Their own ward takes none of this one's.
        assert (unit_id, done.saved, done.skipped) == (other, 0, 1), part

    assert dump(story.database_url) == before


async def test_no_value_of_their_own_making_opens_anything(story: Story) -> None:
    for value in ("0", "999999", "-1", "1:a", "x"):
        modal = await opened(story, "coordinator", UNREADABLE_OPEN, value)
        assert modal.submit_text is None, value
        await modal.close()


async def test_the_coordinator_answers_from_home_and_home_forgets_it(story: Story) -> None:
    home = await story.person("coordinator").open_home()
    modal = await home.click("判読できない印を確認する")
    await modal.choose("取組内容の実施見込み", "(i) 実施見込み")

    ended = await modal.submit()

    assert ended.outcome == "updated"
    assert "1件を保存しました。" in modal.visible_text
    row = await story.check_in()
    assert row is not None
    assert (row.answers["implementation"], row.unreadable, row.source) == ("i", [], "sheet")
    [*_, last] = await story.revisions()
    assert last.entered_by == story.ward.people["coordinator"]
    await home.until(lambda each: "判読できない印" not in each.visible_text)


async def test_a_page_that_names_strange_answers_stores_nothing_of_them(story: Story) -> None:
    modal = await opened(story, "coordinator", UNREADABLE_OPEN, str(story.ward.unit_id))
    metadata = json.loads(modal.view["private_metadata"])
    assert metadata["u"] == str(story.ward.unit_id)
    before = dump(story.database_url)

    typed = TypedMarks(story.ward.unit_id, {(999, "implementation"): "i"})
    done = await unreadable.confirm(story.office, caller(story, "coordinator"), typed)

    assert (done.saved, done.skipped) == (0, 1)
    assert dump(story.database_url) == before
