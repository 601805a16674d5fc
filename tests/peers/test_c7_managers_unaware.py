"""C7: managers who do not learn that a check-in was missed (the first level: the section)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

DUE = date(2026, 9, 18)
# Three business days after it: the 19th to the 23rd are a weekend and holidays.
TOLD = date(2026, 9, 28)


@EACH_KIND
async def test_the_sections_manager_is_told_on_the_third_business_day_what_is_missing(
    story: Story,
) -> None:
    await answered(story)
    for day in _days(date(2026, 9, 2), TOLD - timedelta(days=1)):
        await story.sweep(day.isoformat())
        assert story.messages("manager") == [], day

    await story.sweep(TOLD.isoformat())

    [letter] = story.messages("manager")
    text = letter.visible_text
    assert "保健福祉課で2件が未入力です" in text
    assert "取組項目1" not in text
    assert "取組項目2" in text
    assert "取組項目3" in text
    assert "山田" in text


async def test_a_manager_of_whom_all_have_answered_hears_nothing(story: Story) -> None:
    for left in (2, 1, 0):
        await answered(story)
        await story.slack.wait_until(partial(_is_asked_for, story, left))

    for day in _days(date(2026, 9, 2), date(2026, 10, 1)):
        await story.sweep(day.isoformat())

    assert story.messages("manager") == []
    assert story.messages("unit_manager") == []


def _is_asked_for(story: Story, count: int) -> bool:
    """Whether the owner's letter has so many buttons left."""
    return story.letter("owner").buttons.count("入力する") == count


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
