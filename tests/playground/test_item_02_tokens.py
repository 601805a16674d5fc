"""Item 2: each method takes its own kind of token, and scopes are looked at."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, User


async def _error(client: AsyncWebClient, method: str, **args: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params=args)
    return str(refused.value.response["error"])


async def test_a_token_that_nobody_gave_out_is_invalid_auth(slack: SlackStandIn) -> None:
    stranger = AsyncWebClient(token="xoxb-stranger", base_url=slack.api_url)

    assert await _error(stranger, "auth.test") == "invalid_auth"


async def test_no_token_is_not_authed(slack: SlackStandIn) -> None:
    assert await _error(AsyncWebClient(base_url=slack.api_url), "auth.test") == "not_authed"


async def test_a_bot_token_opens_no_connection(client: AsyncWebClient) -> None:
    assert await _error(client, "apps.connections.open") == "not_allowed_token_type"


async def test_an_app_token_posts_nothing(slack: SlackStandIn, hanako: User) -> None:
    app_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)

    error = await _error(app_client, "chat.postMessage", channel=hanako.id, text="通知")

    assert error == "not_allowed_token_type"
    assert slack.messages(hanako) == []


async def test_answers_name_the_granted_scopes(slack: SlackStandIn, client: AsyncWebClient) -> None:
    slack.workspace.scopes = ("chat:write", "users:read")

    answer = await client.auth_test()

    assert answer.headers["X-OAuth-Scopes"] == "chat:write,users:read"
    assert answer["user_id"] == slack.bot_user_id


async def test_a_missing_scope_is_named(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    slack.workspace.scopes = ("chat:write",)

    with pytest.raises(SlackApiError) as refused:
        await client.users_info(user=hanako.id)

    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "users:read"
    assert refused.value.response["provided"] == "chat:write"


async def test_addresses_are_shown_only_with_their_scope(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    with_scope = await client.users_info(user=hanako.id)
    slack.workspace.scopes = ("users:read",)
    without = await client.users_info(user=hanako.id)

    assert with_scope["user"]["profile"]["email"] == hanako.email
    assert "email" not in without["user"]["profile"]
