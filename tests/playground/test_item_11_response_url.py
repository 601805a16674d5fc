"""Item 11: a response_url is good for five uses in thirty minutes, and can replace and delete."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck
from slack_sdk.webhook.async_client import AsyncWebhookClient

from playground import SlackStandIn, User
from tests.playground.bolt import an_app, over_http
from tests.playground.samples import Json, actions, button, section
from tests.playground.story import send_letter, with_desk


async def _url_of_a_command(slack: SlackStandIn, user: User) -> AsyncWebhookClient:
    app, urls = an_app(slack), list[str]()

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: Json) -> None:
        urls.append(body["response_url"])
        await ack()

    async with over_http(slack, app):
        await slack.as_user(user).command("/kaikaku")
    return AsyncWebhookClient(urls[0])


async def _url_of_a_click(slack: SlackStandIn, user: User) -> AsyncWebhookClient:
    app, desk = with_desk(slack)
    async with over_http(slack, app):
        letter = await send_letter(slack, user, actions(button("済み", "note")))
        await slack.as_user(user).press(letter, "済み")
    return AsyncWebhookClient(desk.acted[0]["response_url"])


async def test_five_uses_and_no_more(slack: SlackStandIn, hanako: User) -> None:
    url = await _url_of_a_command(slack, hanako)

    statuses = [(await url.send(text=f"{n}通目")).status_code for n in range(6)]

    assert statuses == [200] * 5 + [404]
    assert len(slack.ephemerals(hanako)) == 5


async def test_thirty_minutes_and_no_longer(slack: SlackStandIn, hanako: User) -> None:
    url = await _url_of_a_command(slack, hanako)

    slack.clock.advance(29 * 60)
    in_time = await url.send(text="まだ")
    slack.clock.advance(2 * 60)
    too_late = await url.send(text="もう")

    assert (in_time.status_code, too_late.status_code) == (200, 404)
    assert [m.text for m in slack.ephemerals(hanako)] == ["まだ"]


async def test_in_channel_is_seen_by_everyone(slack: SlackStandIn, hanako: User) -> None:
    url = await _url_of_a_command(slack, hanako)

    await url.send(text="皆さんへ", response_type="in_channel")

    assert [m.text for m in slack.messages(hanako)] == ["皆さんへ"]
    assert slack.ephemerals(hanako) == []


async def test_the_clicked_message_can_be_replaced_and_deleted(
    slack: SlackStandIn, hanako: User
) -> None:
    url = await _url_of_a_click(slack, hanako)

    await url.send(text="受け付けました", replace_original=True)
    replaced = slack.messages(hanako)
    await url.send(delete_original=True)

    assert [(m.text, m.blocks) for m in replaced] == [("受け付けました", ())]
    assert slack.messages(hanako) == []


async def test_an_ephemeral_message_can_be_replaced_through_its_own_url(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack)
    first = await _url_of_a_command(slack, hanako)
    await first.send(text="1ページ", blocks=[actions(button("次へ", "note"))])
    async with over_http(slack, app):
        await slack.as_user(hanako).press(slack.ephemerals(hanako)[0], "次へ")

    body = desk.acted[0]
    await AsyncWebhookClient(body["response_url"]).send(text="2ページ", replace_original=True)

    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    assert [m.text for m in slack.ephemerals(hanako)] == ["2ページ"]


async def test_an_answer_beyond_the_limits_is_refused(slack: SlackStandIn, hanako: User) -> None:
    url = await _url_of_a_command(slack, hanako)

    answer = await url.send(text="長い", blocks=[section("あ" * 3001)])

    assert answer.status_code == 400
    assert "invalid_blocks" in answer.body
    assert slack.ephemerals(hanako) == []
