"""Item 5: a trigger lives three seconds, opens one view, and does so for its own person."""

from __future__ import annotations

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import NothingOpened, SlackStandIn, User
from tests.playground.bolt import an_app, over_http
from tests.playground.samples import Json, actions, button, modal


def _keeping_triggers(slack: SlackStandIn) -> tuple[AsyncApp, list[str]]:
    app, triggers = an_app(slack), list[str]()

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    return app, triggers


async def _refusal(client: AsyncWebClient, trigger_id: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger_id, view=modal())
    return str(refused.value.response["error"])


async def test_a_trigger_is_good_for_three_seconds(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, triggers = _keeping_triggers(slack)
    async with over_http(slack, app):
        await slack.as_user(hanako).command("/kaikaku")
        await slack.as_user(hanako).command("/kaikaku")

    slack.clock.advance(2.5)
    await client.views_open(trigger_id=triggers[0], view=modal())
    slack.clock.advance(0.6)

    assert await _refusal(client, triggers[1]) == "trigger_expired"


async def test_a_trigger_opens_one_view(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, triggers = _keeping_triggers(slack)
    async with over_http(slack, app):
        await slack.as_user(hanako).command("/kaikaku")

    await client.views_open(trigger_id=triggers[0], view=modal())

    assert await _refusal(client, triggers[0]) == "trigger_exchanged"
    assert await _refusal(client, "made.up") == "invalid_trigger_id"


async def test_a_view_opens_for_whoever_the_trigger_came_from(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    taro = slack.add_user("佐藤 太郎")
    app, triggers = _keeping_triggers(slack)
    async with over_http(slack, app):
        await slack.as_user(taro).command("/kaikaku")

    await client.views_open(trigger_id=triggers[0], view=modal())

    assert slack.as_user(taro).modal is not None
    assert slack.as_user(hanako).modal is None


async def test_a_refused_view_does_not_spend_the_trigger(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, triggers = _keeping_triggers(slack)
    async with over_http(slack, app):
        await slack.as_user(hanako).command("/kaikaku")

    with pytest.raises(SlackApiError):
        await client.views_open(trigger_id=triggers[0], view=modal(title="あ" * 25))
    await client.views_open(trigger_id=triggers[0], view=modal())

    assert slack.as_user(hanako).modal is not None


async def test_a_click_without_an_answer_says_that_nothing_opened(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    await client.chat_postMessage(channel=hanako.id, text="通知", blocks=[actions(button())])

    with pytest.raises(NothingOpened, match="dispatch_failed"):
        await slack.as_user(hanako).click(slack.messages(hanako)[0], "入力する")
