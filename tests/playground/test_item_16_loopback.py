"""Item 16: this machine only, and signatures as Slack makes them, or wrong on request."""

from __future__ import annotations

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck

from playground import Signature, SlackStandIn, User
from tests.playground.bolt import an_app, over_http
from tests.playground.story import with_desk


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost", "192.168.1.5", ""])
def test_no_other_address_is_listened_on(host: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
        SlackStandIn(host=host)


@pytest.mark.parametrize("url", ["https://aozora.example.jp/slack/events", "http://10.0.0.1/"])
def test_nothing_is_sent_to_another_machine(url: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        SlackStandIn().send_to(url)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "aozora.example.jp"},
        {"Host": "127.0.0.1.example.jp"},
        {"Origin": "https://aozora.example.jp"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
async def test_a_page_of_another_site_is_turned_away(
    slack: SlackStandIn, headers: dict[str, str]
) -> None:
    url = f"{slack.api_url}api.test"
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers) as response:
        assert response.status == 403

    assert slack.calls() == []


@pytest.mark.parametrize("signature", [Signature.INVALID, Signature.STALE, Signature.MISSING])
async def test_bolt_refuses_what_is_not_rightly_signed(
    slack: SlackStandIn, hanako: User, signature: Signature
) -> None:
    app, heard = an_app(slack), list[str]()

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: dict[str, str]) -> None:
        heard.append(body["text"])
        await ack()

    async with over_http(slack, app):
        slack.http.signature = signature
        refused = await slack.as_user(hanako).command("/kaikaku", "一")
        slack.http.signature = Signature.VALID
        taken = await slack.as_user(hanako).command("/kaikaku", "二")

    assert (refused.error, taken.error) == ("http_service_error", None)
    assert heard == ["二"]


async def test_the_very_same_request_can_be_sent_again(slack: SlackStandIn, hanako: User) -> None:
    app, heard = an_app(slack), list[str]()

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: dict[str, str]) -> None:
        heard.append(body["trigger_id"])
        await ack()

    async with over_http(slack, app):
        await slack.as_user(hanako).command("/kaikaku")
        again = await slack.http.replay()

    assert again.ok
    assert len(heard) == 2
    assert heard[0] == heard[1]


async def test_the_clock_of_the_stand_in_leaves_signatures_alone(
    slack: SlackStandIn, hanako: User
) -> None:
    app, _ = with_desk(slack)

    @app.command("/kaikaku")
    async def command(ack: AsyncAck) -> None:
        await ack()

    slack.clock.advance(24 * 3600)
    async with over_http(slack, app):
        assert (await slack.as_user(hanako).command("/kaikaku")).ok
