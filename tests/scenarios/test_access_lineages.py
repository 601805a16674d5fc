"""The access table of the years of an item, of files of them, and of what items continue.

Item 2 of あおぞら区 continues an item of last year's plan, which is answered ②.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import KaikakuError
from bot.services import lineages
from bot.sheets.export import ExportFormat
from bot.views.actions import YEARS_EXPORT, YEARS_OPEN
from bot.views.targets import HistoryTarget
from storage.models import InitiativeLink
from tests.builders import add_initiative, add_plan
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
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


async def test_what_is_no_value_of_ours_opens_nothing(story: Story) -> None:
    for action_id in (YEARS_OPEN, YEARS_EXPORT):
        for value in ("x", "1:2:3:4", "-1", "999:999"):
            shown = await shown_by(story, "coordinator", action_id, value)
            assert access.SECRET not in shown
            assert "あおぞら区" not in shown, (action_id, value)
