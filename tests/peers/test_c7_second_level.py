"""C7: managers who do not learn that a check-in was missed (the second level: the ward head).

On the third business day the section's manager is told, item by item; on the sixth the ward head,
where a round asks two levels to confirm or names a ward head: one message, of numbers.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

FIRST_LEVEL = date(2026, 9, 28)  # three business days after 18 September
SECOND_LEVEL = date(2026, 10, 1)  # six


@EACH_KIND
async def test_the_ward_head_hears_in_numbers_three_business_days_after_the_section(
    story: Story,
) -> None:
    await _ask(story, levels=2)
    await answered(story)

    for day in _days(SECOND_LEVEL - timedelta(days=1)):
        await story.sweep(day.isoformat())
        assert _overdue(story, "unit_manager") == [], day
    assert len(_overdue(story, "manager")) == 1
    await story.sweep(SECOND_LEVEL.isoformat())

    [summary] = _overdue(story, "unit_manager")
    assert "入力済 1／3件" in summary
    assert "山田" not in summary
    assert "取組項目2" not in summary


async def test_what_no_section_chief_reads_the_ward_head_hears_of_with_the_first_level(
    story: Story,
) -> None:
    await _ask(story, levels=2)
    await _take_from_its_section(story, story.ward.initiatives[2])

    for day in _days(FIRST_LEVEL):
        await story.sweep(day.isoformat())

    [list_] = _overdue(story, "unit_manager")
    assert "1件が未入力です" in list_
    assert "取組項目3" in list_


async def test_of_one_level_only_a_ward_head_who_is_named_hears(story: Story) -> None:
    await _ask(story, levels=1, ward_head_id=story.ward.people["observer"])

    for day in _days(SECOND_LEVEL):
        await story.sweep(day.isoformat())

    [summary] = _overdue(story, "observer")
    assert "入力済 0／3件" in summary
    assert all("入力済 0／3件" not in each for each in _overdue(story, "unit_manager"))


async def test_a_ward_in_which_all_is_in_sends_nobody_up_anything(story: Story) -> None:
    await _ask(story, levels=2)
    for left in (2, 1, 0):
        await answered(story)
        await story.slack.wait_until(partial(_is_asked_for, story, left))

    for day in _days(SECOND_LEVEL):
        await story.sweep(day.isoformat())

    assert _overdue(story, "manager") == []
    assert _overdue(story, "unit_manager") == []


def _overdue(story: Story, part: str) -> list[str]:
    """What somebody was told of what is late; not what waits to be confirmed."""
    texts = [each.visible_text for each in story.messages(part)]
    return [text for text in texts if "確認をお願いします(" not in text]


async def _ask(story: Story, *, levels: int, ward_head_id: int | None = None) -> None:
    async with story.office.database.begin() as uow:
        row = await uow.rounds.get(story.ward.round_id)
        assert row is not None
        row.levels = levels
        row.ladder = {**row.ladder, "ward_head_id": ward_head_id}
        await uow.rounds.add(row)
        await uow.commit()


async def _take_from_its_section(story: Story, initiative_id: int) -> None:
    async with story.office.database.begin() as uow:
        for own in await uow.people.ownerships([initiative_id]):
            own.section_id = None
            await uow.people.add(own)
        await uow.commit()


def _is_asked_for(story: Story, count: int) -> bool:
    """Whether the owner's letter has so many buttons left."""
    return story.letter("owner").buttons.count("入力する") == count


def _days(last: date) -> list[date]:
    """From the first business day after the due date on."""
    first = date(2026, 9, 24)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
