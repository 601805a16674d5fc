"""Item 14: the bot's own messages come back as events, and so does what happens to people."""

from __future__ import annotations

import asyncio

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from playground import Kind, SlackStandIn, User
from tests.playground.bolt import an_app, over_http
from tests.playground.samples import Json


def _events(slack: SlackStandIn) -> list[Json]:
    return [d.payload["event"] for d in slack.deliveries.record if d.kind is Kind.EVENT]


async def test_the_bots_own_message_is_echoed_and_bolt_leaves_it_alone(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, heard, listened = an_app(slack), list[str](), asyncio.Event()

    @app.event("message")
    async def message(event: Json) -> None:
        heard.append(event["text"])
        listened.set()

    async with over_http(slack, app):
        await client.chat_postMessage(channel=hanako.id, text="通知")
        await slack.wait_until(lambda: slack.deliveries.record[0].ack if _events(slack) else None)
        await slack.as_user(hanako).say("こんにちは")
        await asyncio.wait_for(listened.wait(), 5)

    echo, spoken = _events(slack)
    assert (echo["text"], echo["user"]) == ("通知", slack.bot_user_id)
    assert echo["bot_id"] == slack.workspace.bot_id
    assert (spoken["channel_type"], spoken["user"]) == ("im", hanako.id)
    assert heard == ["こんにちは"]


async def test_an_answer_for_all_to_see_is_echoed_and_one_for_its_reader_is_not(
    slack: SlackStandIn, hanako: User
) -> None:
    app = an_app(slack)

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: Json) -> None:
        await ack(text=body["text"], response_type=body["text"])

    async with over_http(slack, app):
        for response_type in ("ephemeral", "in_channel"):
            await slack.as_user(hanako).command("/kaikaku", response_type)
        await slack.wait_until(lambda: _events(slack))

    assert [event["text"] for event in _events(slack)] == ["in_channel"]


async def test_an_edit_and_a_removal_are_echoed_as_such(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    async with over_http(slack, an_app(slack)):
        posted = await client.chat_postMessage(channel=hanako.id, text="通知")
        channel, ts = str(posted["channel"]), str(posted["ts"])
        await client.chat_update(channel=channel, ts=ts, text="受け付けました")
        await client.chat_delete(channel=channel, ts=ts)
        await slack.wait_until(lambda: len(_events(slack)) == 3)

    assert [e.get("subtype") for e in _events(slack)] == [
        None,
        "message_changed",
        "message_deleted",
    ]


async def test_nothing_is_sent_that_was_not_subscribed_to(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.events.subscriptions.discard("message.im")
    async with over_http(slack, an_app(slack)):
        await client.chat_postMessage(channel=hanako.id, text="通知")
        await slack.as_user(hanako).say("こんにちは")

    assert _events(slack) == []


async def test_a_deactivated_account_is_told_of_and_still_takes_messages(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    async with over_http(slack, an_app(slack)):
        slack.deactivate(hanako)
        await slack.wait_until(lambda: _events(slack))

    assert _events(slack)[0]["type"] == "user_change"
    assert _events(slack)[0]["user"]["deleted"] is True
    assert (await client.users_info(user=hanako.id))["user"]["deleted"] is True
    assert (await client.chat_postMessage(channel=hanako.id, text="通知"))["ok"]
