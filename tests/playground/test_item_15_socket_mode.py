"""Item 15: hello, refreshes, and several connections of which each envelope reaches one."""

from __future__ import annotations

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import Kind, SlackStandIn, User
from playground.socket_mode import Connection
from tests.playground.bolt import an_app, over_http, over_socket
from tests.playground.samples import Json


def _counting(slack: SlackStandIn) -> tuple[AsyncApp, list[str]]:
    app, heard = an_app(slack), list[str]()

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: Json) -> None:
        heard.append(body["text"])
        await ack()

    return app, heard


async def _replaced(slack: SlackStandIn, old: Connection) -> None:
    def is_replaced() -> bool:
        return slack.sockets.is_open and old not in slack.sockets.connections

    await slack.wait_until(is_replaced, timeout=10)


async def _open(slack: SlackStandIn) -> str:
    client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    answer = await client.apps_connections_open(app_token=slack.app_token)
    return str(answer["url"])


async def test_a_connection_is_greeted_and_its_ticket_works_once(slack: SlackStandIn) -> None:
    url = await _open(slack)

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        async with session.get(url.replace("ws://", "http://")) as again:
            assert again.status == 401

    assert url.startswith("ws://127.0.0.1:")
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0PLAYGROUND"}


async def test_the_eleventh_connection_is_one_too_many(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await _open(slack)) for _ in range(11)]
        last = await sockets[-1].receive_json()
        for socket in sockets:
            await socket.close()

    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")


async def test_each_envelope_reaches_exactly_one_connection(
    slack: SlackStandIn, hanako: User
) -> None:
    first, heard_by_first = _counting(slack)
    second, heard_by_second = _counting(slack)
    async with over_socket(slack, first), over_socket(slack, second):
        for n in range(6):
            assert (await slack.as_user(hanako).command("/kaikaku", str(n))).ok

    assert sorted(heard_by_first + heard_by_second) == list("012345")
    assert heard_by_first
    assert heard_by_second


async def test_nothing_goes_over_http_while_a_socket_is_open(
    slack: SlackStandIn, hanako: User
) -> None:
    by_http, heard_by_http = _counting(slack)
    by_socket, heard_by_socket = _counting(slack)
    async with over_http(slack, by_http):
        async with over_socket(slack, by_socket):
            await slack.as_user(hanako).command("/kaikaku", "一")
        await slack.wait_until(lambda: not slack.sockets.is_open)
        await slack.as_user(hanako).command("/kaikaku", "二")

    assert (heard_by_socket, heard_by_http) == (["一"], ["二"])


async def test_without_any_connection_a_command_fails_at_once(
    slack: SlackStandIn, hanako: User
) -> None:
    reply = await slack.as_user(hanako).command("/kaikaku")

    assert reply.error == "dispatch_failed"


async def test_a_connection_asked_to_refresh_gets_no_more_envelopes(
    slack: SlackStandIn, hanako: User
) -> None:
    app, heard = _counting(slack)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await _open(slack)) as old,
        over_socket(slack, app),
    ):
        await slack.sockets.request_refresh()
        replies = [await slack.as_user(hanako).command("/kaikaku", str(n)) for n in range(3)]
        assert (await old.receive_json())["type"] == "hello"
        assert (await old.receive_json())["reason"] == "refresh_requested"

    assert all(reply.ok for reply in replies)
    assert heard == list("012")


async def test_a_refresh_makes_the_client_reconnect(slack: SlackStandIn, hanako: User) -> None:
    app, heard = _counting(slack)
    async with over_socket(slack, app):
        old = slack.sockets.connections[0]
        await slack.sockets.request_refresh()
        await _replaced(slack, old)
        reply = await slack.as_user(hanako).command("/kaikaku", "後で")

    assert reply.ok
    assert heard == ["後で"]


async def test_a_warning_leaves_the_connection_in_use(slack: SlackStandIn) -> None:
    url = await _open(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        await slack.sockets.request_refresh(warning=True)
        warning = await socket.receive_json()

        assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
        assert slack.sockets.is_open


async def test_a_cut_or_dead_connection_is_replaced_by_the_client(
    slack: SlackStandIn, hanako: User
) -> None:
    app, _ = _counting(slack)
    async with over_socket(slack, app, ping_seconds=0.1):
        for trouble in ("cut", "dead"):
            old = slack.sockets.connections[-1]
            await slack.sockets.cut() if trouble == "cut" else slack.sockets.go_dead()
            await _replaced(slack, old)

        assert (await slack.as_user(hanako).command("/kaikaku")).ok


async def test_events_come_in_envelopes_that_take_no_answer(
    slack: SlackStandIn, hanako: User
) -> None:
    url = await _open(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        slack.deactivate(hanako)
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.wait_until(lambda: slack.deliveries.record[0].ack)

    assert envelope["type"] == Kind.EVENT
    assert envelope["accepts_response_payload"] is False
    assert envelope["retry_attempt"] == 0
