"""Item 3: an unknown method is loud."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, UnknownMethodCalled


async def test_an_unknown_method_is_refused_and_fails_whoever_leaves_with_it() -> None:
    async def shout() -> None:
        async with SlackStandIn() as slack:
            client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
            with pytest.raises(SlackApiError, match="unknown_method"):
                await client.api_call("chat.shout")
            assert slack.unknown_calls == ["chat.shout"]

    with pytest.raises(UnknownMethodCalled, match=r"chat\.shout"):
        await shout()


async def test_every_call_is_recorded_in_order_without_its_token(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    await client.auth_test()
    with pytest.raises(SlackApiError):
        await client.users_info(user="U404")

    assert [(c.method, c.outcome) for c in slack.calls()] == [
        ("auth.test", "ok"),
        ("users.info", "user_not_found"),
    ]
    assert slack.bot_token not in str(slack.calls())
