"""C14: people who have left, to whom Slack delivers without a word; nobody would notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied
from bot.services import checkins
from bot.services.viewers import Caller
from bot.views.actions import HISTORY_OPEN
from bot.views.targets import Target
from playground import Message
from schedules.timetable import TIMETABLE
from tests.builders import add_ownership
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, instant, running_in

pytestmark = EITHER_KIND

_QUICK = tuple(replace(entry, every=0.1) for entry in TIMETABLE)


@EACH_KIND
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


async def test_after_a_transfer_the_former_owner_answers_no_more_and_the_new_one_reads_all(
    story: Story,
) -> None:
    await story.sweep("2026-09-01")
    old = story.letter("owner")
    await _answer(story, "owner", old)
    await _transfer(story, "2026-10-01", to="deputy")

    await story.sweep("2026-09-30")
    assert "引き継ぎました" not in story.letter("owner").visible_text  # silent until the day
    await story.sweep("2026-10-01")

    assert "担当されていた3件を後任へ引き継ぎました。" in story.letter("owner").visible_text
    assert "10月1日(木)付けで、次の3件の担当になりました。" in story.letter("deputy").visible_text
    caller = Caller(story.slack.team_id, story.user("owner").id)
    target = Target(story.ward.round_id, story.ward.initiatives[1])
    with pytest.raises(AccessDenied):
        await checkins.open_unanswered(story.office, caller, target)
    await story.slack.wait_until(lambda: story.messages("deputy"))
    history = await opened(story, "deputy", HISTORY_OPEN, str(story.ward.initiatives[0]))
    assert "山田" in history.visible_text
    await history.close()
    refused = await opened(story, "owner", HISTORY_OPEN, str(story.ward.initiatives[0]))
    assert "取組その1" not in refused.visible_text


async def _answer(story: Story, part: str, letter: Message) -> None:
    form = await story.person(part).click(letter, "入力する", near="取組項目1")
    await form.choose("取組内容の実施見込み", "(i) 実施見込み")
    await form.choose("目標の達成見込み", "① 達成見込み")
    await form.submit()


async def _transfer(story: Story, day: str, *, to: str) -> None:
    """Every item has another owner from that day on, without a deputy."""
    first = instant(day).date()
    async with story.office.database.begin() as uow:
        for own in await uow.people.ownerships(story.ward.initiatives):
            own.valid_to, own.deputy_id = first - timedelta(days=1), None
            await uow.people.add(own)
        for item in story.ward.initiatives:
            await add_ownership(uow, item, story.ward.people[to], valid_from=first)
        await uow.commit()
