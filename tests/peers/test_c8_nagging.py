"""C8: too many messages, and messages after everything is in."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

from tests.builders import add_initiative, add_ownership, add_plan, add_round, add_unit
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

OPENS, CLOSES = date(2026, 9, 1), date(2026, 10, 1)
HOURS = ("09:30", "13:00", "17:25")


@EACH_KIND
async def test_whoever_owns_much_in_several_plans_gets_one_message_a_day_at_most(
    story: Story,
) -> None:
    await _another_wards_plan_of_the_same_owner(story, initiatives=6)
    on_day: Counter[date] = Counter()

    for day in _days():
        before = len(story.messages("owner"))
        for hour in HOURS:
            await story.sweep(day.isoformat(), hour)
        on_day[day] = len(story.messages("owner")) - before

    assert on_day[OPENS] == 1
    assert "(9件)" in story.messages("owner")[0].text
    assert set(on_day.values()) == {0, 1}
    assert on_day.total() == 6  # the ladder of six, however many items and plans


async def test_once_all_is_in_the_owner_hears_nothing_more(story: Story) -> None:
    for left in (2, 1, 0):
        await answered(story)
        await story.slack.wait_until(partial(_is_asked_for, story, left))

    for day in _days():
        await story.sweep(day.isoformat())

    assert len(story.messages("owner")) == 1
    assert story.whispers("owner") == []


async def test_nobody_is_called_by_name_or_in_a_channel(story: Story) -> None:
    for day in _days():
        await story.sweep(day.isoformat())

    posts = story.slack.calls("chat.postMessage")
    assert posts
    assert {str(call.args["channel"])[0] for call in posts} == {"U"}
    for mention in ("<@", "<!channel", "<!here", "<!everyone"):
        assert not [call for call in posts if mention in str(call.args)]


async def _another_wards_plan_of_the_same_owner(story: Story, *, initiatives: int) -> None:
    async with story.office.database.begin() as uow:
        unit = {"code": "midori", "name": "みどり区", "kana": "みどりく", "position": 26}
        plan_id = await add_plan(uow, await add_unit(uow, **unit))
        for position in range(1, initiatives + 1):
            item = await add_initiative(uow, plan_id, position)
            await add_ownership(uow, item, story.ward.owner)
        await add_round(uow, plan_id)
        await uow.commit()


def _is_asked_for(story: Story, count: int) -> bool:
    """Whether the owner's letter has so many buttons left."""
    return story.letter("owner").buttons.count("入力する") == count


def _days() -> list[date]:
    return [OPENS + timedelta(days=n) for n in range((CLOSES - OPENS).days + 1)]
