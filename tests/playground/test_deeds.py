"""Deeds by name, where the app does nothing about them."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn
from playground.deeds import perform
from tests.playground.samples import home, section


async def test_a_home_stays_as_it_was_where_the_app_does_not_publish_anew(
    slack: SlackStandIn,
) -> None:
    user = slack.add_user("山田")
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await client.views_publish(user_id=user.id, view=home(section("担当の取組項目")))

    shown = await perform(slack, user, {"do": "home"})

    assert "担当の取組項目" in str(shown["home"])
