"""C14: people who have left, to whom Slack delivers without a word; nobody would notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.clock import SetClock
from schedules.timetable import TIMETABLE
from tests.scenarios.office import Story, instant, running_in

_QUICK = tuple(replace(entry, every=0.1) for entry in TIMETABLE)


async def test_who_has_left_is_known_before_the_letters_and_told_to_the_coordinator(
    story: Story, way_and_url: tuple[str, str]
) -> None:
    await _nobody_owns(story, number=3)
    _leave_unheard(story, "owner")
    clock = SetClock(instant("2026-09-01", "08:30"))

    async with running_in(
        story.slack, story.database_url, way=way_and_url[0], clock=clock, timetable=_QUICK
    ) as bot:
        await story.slack.wait_until(lambda: story.slack.calls("users.list"))
        await bot.background.drain(5)
        clock.instant = instant("2026-09-01", "09:30")
        await story.slack.wait_until(lambda: story.messages("coordinator"), timeout=20)
        await bot.background.drain(5)

    assert story.messages("owner") == []
    [report] = story.messages("coordinator")
    assert "利用停止 1人" in report.visible_text
    assert "担当が未設定の項目：取組項目3" in report.visible_text


async def test_the_same_is_not_reported_twice_and_a_new_gap_is(
    story: Story, way_and_url: tuple[str, str]
) -> None:
    _leave_unheard(story, "owner")
    clock = SetClock(instant("2026-09-01"))

    async with running_in(
        story.slack, story.database_url, way=way_and_url[0], clock=clock, timetable=_QUICK
    ) as bot:
        await story.slack.wait_until(lambda: story.messages("coordinator"), timeout=20)
        clock.advance(timedelta(days=1))
        await bot.background.drain(5)
        once = len(story.messages("coordinator"))
        await _nobody_owns(story, number=3)
        await story.slack.wait_until(lambda: len(story.messages("coordinator")) > once, timeout=20)

    assert once == 1
    assert len(story.messages("coordinator")) == 2


def _leave_unheard(story: Story, part: str) -> None:
    """Their account is deactivated while nobody listens: no event tells of it."""
    user = story.user(part)
    story.slack.workspace.put_user(replace(user, deleted=True))


async def _nobody_owns(story: Story, *, number: int) -> None:
    """An item's owner has moved on, and nobody has followed."""
    async with story.office.database.begin() as uow:
        for own in await uow.people.ownerships([story.ward.initiatives[number - 1]]):
            own.valid_to = instant("2026-08-31").date()
            await uow.people.add(own)
        await uow.commit()
