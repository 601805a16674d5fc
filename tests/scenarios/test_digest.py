"""The weekly digest: off unless switched on, one message in the window, numbers and no names."""

from __future__ import annotations

from datetime import date

import pytest

from bot.views.actions import DIGEST_OPEN
from playground import Message, Screen
from playground.messages import Channel
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

CHANNEL, WEEKDAY, ON, SCOPE = "送るチャンネル", "曜日", "集計", "まとめ方"


@pytest.fixture
def channel(story: Story) -> Channel:
    """A channel in which the bot is."""
    workspace = story.slack.workspace
    members = (workspace.bot_user_id, story.user("coordinator").id, story.user("owner").id)
    return workspace.add_channel("C", "区政企画", members)


async def _form(story: Story) -> Screen:
    return await opened(story, "coordinator", DIGEST_OPEN, str(story.ward.unit_id))


async def _switch_on(story: Story, channel: Channel, weekday: str = "月曜日") -> Screen:
    form = await _form(story)
    await form.check(ON, "毎週送る")
    await form.pick_conversation(CHANNEL, channel.id)
    await form.choose(WEEKDAY, weekday)
    await form.submit()
    return form


def _posted(channel: Channel) -> list[Message]:
    return list(channel.messages.values())


async def test_nothing_goes_to_a_channel_unless_somebody_has_switched_it_on(
    story: Story, channel: Channel
) -> None:
    await story.sweep("2026-09-07")
    form = await _form(story)
    await form.pick_conversation(CHANNEL, channel.id)
    await form.submit()
    assert "集計を送らない設定にしました。" in form.visible_text
    await story.sweep("2026-09-14")

    assert _posted(channel) == []


@EACH_KIND
async def test_one_message_a_week_holds_numbers_by_section_and_no_name(
    story: Story, channel: Channel
) -> None:
    await story.sweep("2026-09-01")
    form = await _switch_on(story, channel)
    assert "毎週月曜日の9時30分に送ります。" in form.visible_text
    trial = story.whispers("coordinator")[-1]
    assert (trial.channel, _posted(channel)) == (channel.id, [])
    await answered(story)

    for day, hour in (
        ("2026-09-03", "09:30"),  # a Thursday
        ("2026-09-07", "09:00"),  # before the window
        ("2026-09-07", "09:30"),
        ("2026-09-07", "14:00"),
        ("2026-09-08", "09:30"),
    ):
        await story.sweep(day, hour)

    [digest] = _posted(channel)
    assert "令和8年度 中間振り返りの入力状況" in digest.visible_text
    assert "保健福祉課　入力済 1／3件　未入力 2　②" in digest.visible_text
    assert digest.live_mentions == []
    for name in ("山田", "佐藤", "取組その", "取組項目"):
        assert name not in digest.visible_text + digest.text


async def test_a_holiday_moves_it_to_the_next_business_day_and_a_pause_keeps_it_back(
    story: Story, channel: Channel
) -> None:
    story.go_to("2026-09-15")
    await _switch_on(story, channel)
    for day in ("2026-09-18", "2026-09-21", "2026-09-24"):  # the 21st to the 23rd are holidays
        await story.sweep(day)
    assert len(_posted(channel)) == 1
    assert "期限超過 3" in _posted(channel)[0].visible_text

    async with story.office.database.begin() as uow:
        unit = await uow.units.get(story.ward.unit_id)
        assert unit is not None
        unit.paused_until = date(2026, 9, 30)
        await uow.commit()
    await story.sweep("2026-09-28")
    assert len(_posted(channel)) == 1
    await story.sweep("2026-10-12")  # published on the 5th
    await story.sweep("2026-10-19")

    assert len(_posted(channel)) == 1


async def test_a_channel_without_the_bot_or_the_coordinator_is_refused_in_clear_words(
    story: Story, channel: Channel
) -> None:
    workspace = story.slack.workspace
    without_bot = workspace.add_channel("C", "総務", (story.user("coordinator").id,))
    without_me = workspace.add_channel("C", "人事", (workspace.bot_user_id,))

    form = await _switch_on(story, without_bot)
    assert "「/invite @kaikaku」と送って追加してから" in str(form.error_under(CHANNEL))
    await form.pick_conversation(CHANNEL, without_me.id)
    await form.submit()
    assert form.error_under(CHANNEL) == "ご自分が参加しているチャンネルを選んでください。"
    await form.pick_conversation(CHANNEL, None)
    await form.submit()
    assert form.error_under(CHANNEL) == "送るチャンネルを選んでください。"

    async with story.office.database.read() as uow:
        assert await uow.digests.active() == []


async def test_a_channel_that_was_left_meanwhile_is_said_in_the_form_and_nowhere_else(
    story: Story, channel: Channel
) -> None:
    await story.sweep("2026-09-01")
    await _switch_on(story, channel)
    channel.members = (story.user("coordinator").id,)
    await story.sweep("2026-09-07")

    form = await _form(story)

    assert "9月7日(月)の集計は送れませんでした。kaikaku がこのチャンネルに参加" in form.visible_text
    report = story.letter("coordinator").visible_text if story.messages("coordinator") else ""
    assert "届いていない" not in report
