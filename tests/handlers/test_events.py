from __future__ import annotations

from typing import Any

import pytest

from playground import Delivery, Kind
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered, fill
from tests.scenarios.office import Story

pytestmark = EITHER_KIND


async def test_home_shows_what_is_asked_of_the_reader(story: Story) -> None:
    home = await story.person("owner").open_home()

    assert "未入力が3件あります。" in home.visible_text
    assert home.buttons().count("入力する") == 3


async def test_a_button_on_home_opens_the_modal(story: Story) -> None:
    home = await story.person("owner").open_home()

    modal = await home.click("入力する")

    assert modal.title == "中間振り返り 取組項目1(1/3)"


@EACH_KIND
async def test_home_says_at_once_that_an_answer_is_in(story: Story) -> None:
    owner = story.person("owner")
    modal = await (await owner.open_home()).click("入力する")
    await fill(modal)

    await modal.submit()

    await story.slack.wait_until(
        lambda: owner.home is not None and "未入力が2件あります。" in owner.home.visible_text
    )


async def test_no_home_is_made_for_who_has_never_opened_it(story: Story) -> None:
    await answered(story)
    await story.bot.background.drain(5)

    assert story.slack.calls("views.publish") == []


async def test_home_of_a_stranger_says_why_it_is_empty(story: Story) -> None:
    stranger = story.slack.add_user("通りすがり")

    home = await story.slack.as_user(stranger).open_home()

    assert "kaikaku の利用者として登録されていません。" in home.visible_text


async def test_whatever_is_typed_to_the_bot_gets_one_line_and_no_more(story: Story) -> None:
    await story.person("owner").say("9月18日でよいですか")
    await story.slack.wait_until(lambda: len(story.messages("owner")) == 2)

    assert story.messages("owner")[1].text == "担当の取組項目は /kaikaku 自分 で見られます"


async def test_an_event_that_comes_again_is_answered_once(story: Story) -> None:
    story.slack.deliveries.copies_of_next = 3
    await story.person("owner").say("もしもし")
    await story.slack.wait_until(lambda: len(story.messages("owner")) >= 2)
    await story.person("deputy").say("もしもし")
    await story.slack.wait_until(lambda: len(story.messages("deputy")) == 2)

    assert len(story.messages("owner")) == 2


async def test_the_bots_own_messages_and_edits_are_not_answered(story: Story) -> None:
    await answered(story)
    await story.slack.wait_until(lambda: "保存しました" in str(story.letter("owner").blocks))
    await story.person("deputy").say("もしもし")
    await story.slack.wait_until(lambda: len(story.messages("deputy")) == 2)

    assert len(story.messages("owner")) == 1


@EACH_KIND
async def test_an_account_that_left_gets_no_letters_and_one_that_returned_does(
    story: Story,
) -> None:
    story.slack.deactivate(story.user("owner"))
    await _worked_on(story, changes=1)
    await story.sweep("2026-09-01")
    while_away = len(story.messages("owner"))

    story.slack.change(story.user("owner"), deleted=False)
    await _worked_on(story, changes=2)
    await story.sweep("2026-09-01", "10:00")

    assert while_away == 0
    assert len(story.messages("owner")) == 1


async def test_an_account_that_has_become_a_guests_gets_no_letters(story: Story) -> None:
    story.slack.change(story.user("owner"), restricted=True)
    await _worked_on(story, changes=1)

    await story.sweep("2026-09-01")

    assert story.messages("owner") == []


@pytest.mark.parametrize("part", ["deleted", "restricted"])
async def test_of_another_workspaces_people_nothing_is_noted(story: Story, part: str) -> None:
    story.slack.change(story.user("owner"), external=True, **{part: True})
    await _worked_on(story, changes=1)

    await story.sweep("2026-09-01")

    assert len(story.messages("owner")) == 1


@pytest.mark.parametrize("kind", ["app_home_opened", "message", "user_change"])
async def test_an_event_of_another_workspace_is_let_pass(story: Story, kind: str) -> None:
    owner = story.user("owner").id
    events: dict[str, dict[str, Any]] = {
        "app_home_opened": {"user": owner, "tab": "home"},
        "message": {"user": owner, "channel": "D1", "channel_type": "im"},
        "user_change": {"user": {"id": owner, "team_id": story.slack.team_id, "deleted": True}},
    }
    payload = {
        "type": "event_callback",
        "team_id": "TOTHER",
        "event_id": "Ev1",
        "event": {"type": kind, **events[kind]},
    }
    calls = len(story.slack.calls())

    ack = await story.slack.deliveries.send(Delivery(Kind.EVENT, payload))
    await story.bot.background.drain(5)

    assert ack.ok
    assert len(story.slack.calls()) == calls
    await story.sweep("2026-09-01")
    assert len(story.messages("owner")) == 1


async def _worked_on(story: Story, *, changes: int) -> None:
    """So many changes are acknowledged, and what was begun on them has come to its end."""

    def acknowledged() -> bool:
        events = [d for d in story.slack.deliveries.record if d.kind is Kind.EVENT and d.ack]
        told = [d for d in events if d.payload["event"]["type"] == "user_change"]
        return len(told) == changes

    await story.slack.wait_until(acknowledged)
    await story.bot.background.drain(5)
