"""The list of what has happened, in words for those who look inside."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, User
from playground.happened import describe_happened
from playground.rules import Json
from tests.playground.bolt import over_http
from tests.playground.samples import modal, text_input
from tests.playground.story import send_letter, with_desk


def told(slack: SlackStandIn) -> list[Json]:
    return describe_happened(slack.workspace, slack.calls(), slack.deliveries.record)


async def test_letters_deeds_and_answers_are_told_the_newest_first(
    slack: SlackStandIn, hanako: User
) -> None:
    app, _ = with_desk(slack)
    person = slack.as_user(hanako)

    async with over_http(slack, app):
        letter = await send_letter(slack, hanako)
        modal = await person.click(letter, "入力する")
        await modal.fill("課題と改善策", "人を増やす")
        await modal.submit()

    found = [(entry["kind"], entry["words"]) for entry in told(slack)]
    assert found == [
        ("answer", "山田 花子さんが「中間確認」を送信"),
        ("call", "入力画面を開く「中間確認」"),
        ("deed", "山田 花子さんが「入力する」を押した"),
        ("letter", "山田 花子さんへのお知らせ「通知」"),
    ]


async def test_what_is_typed_into_a_field_in_one_go_is_told_once(
    slack: SlackStandIn, hanako: User
) -> None:
    block = {**text_input(), "dispatch_action": True}
    block["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    app, _ = with_desk(slack, view=modal(block))

    async with over_http(slack, app):
        screen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        for text in ("人", "人を", "人を増やす"):
            await screen.fill("課題と改善策", text)
        await screen.close()

    deeds = [entry for entry in told(slack) if "文字を入力した" in entry["words"]]
    assert len(deeds) == 1
    assert "人を増やす" in deeds[0]["detail"]


async def test_a_refused_call_is_marked(slack: SlackStandIn, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel="D0NOBODY", text="見本")

    (entry,) = told(slack)
    assert (entry["name"], entry["fine"]) == ("chat.postMessage", False)


async def test_no_entry_holds_a_token(slack: SlackStandIn, hanako: User) -> None:
    app, _ = with_desk(slack)

    async with over_http(slack, app):
        await send_letter(slack, hanako)
        await slack.as_user(hanako).command("/nandemo")

    assert told(slack)
    assert slack.bot_token not in str(told(slack))
