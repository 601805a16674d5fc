"""Item 13: faults on request, and none without."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from playground import Fault, SlackStandIn, User

POST = "chat.postMessage"


async def test_429_says_when_to_come_back_and_posts_nothing(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.on(POST, Fault.rate_limited(retry_after=7), times=1)

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=hanako.id, text="通知")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert slack.messages(hanako) == []
    await client.chat_postMessage(channel=hanako.id, text="通知")
    assert len(slack.messages(hanako)) == 1


async def test_the_sdks_own_retry_gets_through_after_a_429(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.on(POST, Fault.rate_limited(retry_after=0), times=1)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))

    await client.chat_postMessage(channel=hanako.id, text="通知")

    assert [c.outcome for c in slack.calls(POST)] == ["ratelimited", "ok"]


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_5xx_is_no_json_and_posts_nothing(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User, status: int
) -> None:
    slack.faults.on(POST, Fault.server_error(status))

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=hanako.id, text="通知")

    assert refused.value.response.status_code == status
    assert slack.messages(hanako) == []


async def test_an_error_code_of_ones_choice(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.on("*", Fault.error("fatal_error"))

    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel=hanako.id, text="通知")


async def test_a_connection_cut_before_leaves_nothing_and_after_leaves_the_message(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.on(POST, Fault.drop(), times=1)
    slack.faults.on(POST, Fault.drop_after(), times=1)

    for text in ("一通目", "二通目"):
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=hanako.id, text=text)

    assert [m.text for m in slack.messages(hanako)] == ["二通目"]
    assert [c.outcome for c in slack.calls(POST)] == ["drop", "drop_after"]


async def test_the_sdks_default_retry_posts_twice_after_a_cut(
    slack: SlackStandIn, hanako: User
) -> None:
    careless = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.faults.on(POST, Fault.drop_after(), times=1)

    await careless.chat_postMessage(channel=hanako.id, text="通知")

    assert len(slack.messages(hanako)) == 2


async def test_a_call_that_hangs_is_let_go_when_the_stand_in_stops(hanako: User) -> None:
    async with SlackStandIn() as slack:
        client = AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=1
        )
        client.timeout = 0.05  # type: ignore[assignment]
        slack.faults.on(POST, Fault.hang())
        with pytest.raises(TimeoutError):
            await client.chat_postMessage(channel=hanako.id, text="通知")

    assert slack.calls(POST)[0].outcome == "hang"


async def test_a_slow_call_arrives_all_the_same(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.on(POST, Fault.slow(0.01))

    await client.chat_postMessage(channel=hanako.id, text="通知")

    assert len(slack.messages(hanako)) == 1


async def test_one_recipient_can_be_bad(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    taro = slack.add_user("佐藤 太郎")
    bad = Fault.error("user_not_found")
    slack.faults.on(POST, bad, where=lambda args: args["channel"] == hanako.id)

    await client.chat_postMessage(channel=taro.id, text="通知")
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.chat_postMessage(channel=hanako.id, text="通知")


async def test_chance_is_seeded(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.on("auth.test", Fault.error("internal_error"), probability=0.5)

    rounds = []
    for _ in range(2):
        slack.faults.seed(7)
        before = len(slack.calls())
        for _ in range(10):
            await _try(client)
        rounds.append([c.outcome for c in slack.calls()[before:]])

    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {"ok", "internal_error"}


async def test_a_channel_takes_one_message_a_second_when_asked_to(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.faults.per_channel_per_second = True
    taro = slack.add_user("佐藤 太郎")

    await client.chat_postMessage(channel=hanako.id, text="一通目")
    await client.chat_postMessage(channel=taro.id, text="一通目")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=hanako.id, text="二通目")
    slack.clock.advance(1.1)
    await client.chat_postMessage(channel=hanako.id, text="二通目")

    assert len(slack.messages(hanako)) == 2


async def test_a_method_can_have_a_limit_a_minute(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    slack.faults.limit("users.list", per_minute=2)

    await client.users_list()
    await client.users_list()
    with pytest.raises(SlackApiError) as refused:
        await client.users_list()
    assert int(refused.value.response.headers["Retry-After"]) > 50
    slack.clock.advance(61)
    await client.users_list()


async def test_nothing_fails_after_clear(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.faults.on("*", Fault.drop())
    slack.faults.clear()

    await client.auth_test()


async def _try(client: AsyncWebClient) -> None:
    try:
        await client.auth_test()
    except SlackApiError:
        return
