"""Item 10: three seconds to acknowledge, or the person sees an error; only events come again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from playground import Kind, Outcome, SlackStandIn, User
from playground.limits import ACK_SECONDS
from tests.playground.bolt import an_app, over_http, over_socket, serve
from tests.playground.samples import Json, actions, button, modal, section
from tests.playground.story import send_letter, with_desk


def _endpoint(answer: Callable[[web.Request], Awaitable[web.Response]]) -> web.Application:
    app = web.Application()
    app.router.add_post("/slack/events", answer)
    return app


def test_slack_waits_three_seconds(slack: SlackStandIn) -> None:
    assert slack.deliveries.ack_seconds == ACK_SECONDS == 3.0


async def test_a_command_that_is_not_answered_in_time_fails_before_the_person(
    slack: SlackStandIn, hanako: User
) -> None:
    over = asyncio.Event()

    async def sleep(_request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    slack.deliveries.ack_seconds = 0.05
    async with serve(slack, _endpoint(sleep)):
        reply = await slack.as_user(hanako).command("/kaikaku", "status")
        over.set()

    assert reply.error == "operation_timeout"
    assert len(slack.deliveries.record) == 1


async def test_a_submission_that_is_not_answered_in_time_keeps_the_modal_and_shows_trouble(
    slack: SlackStandIn, hanako: User
) -> None:
    app, _ = with_desk(slack, view=modal(section()))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        slack.deliveries.ack_seconds = 0.0001
        result = await seen.submit()

    assert result.outcome is Outcome.ERROR
    assert seen.trouble == "operation_timeout"
    assert seen.is_open


async def test_a_silent_socket_is_a_time_out(slack: SlackStandIn, hanako: User) -> None:
    async with over_socket(slack, an_app(slack)):
        slack.sockets.go_dead()
        slack.deliveries.ack_seconds = 0.05
        reply = await slack.as_user(hanako).command("/kaikaku")

    assert reply.error == "operation_timeout"


async def test_an_answer_other_than_200_is_an_error(slack: SlackStandIn, hanako: User) -> None:
    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=500)

    async with serve(slack, _endpoint(fail)):
        letter = await send_letter(slack, hanako, actions(button()))
        reply = await slack.as_user(hanako).press(letter, "入力する")

    interactive = [d for d in slack.deliveries.record if d.kind is Kind.INTERACTIVE]
    assert reply.error == "http_service_error"
    assert len(interactive) == 1


async def test_an_event_that_fails_comes_again_three_times_with_its_number_and_reason(
    slack: SlackStandIn, hanako: User
) -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    async def fail(request: web.Request) -> web.Response:
        headers, body = request.headers, await request.json()
        number, reason = headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")
        seen.append((number, reason, body["event_id"]))
        return web.Response(status=500)

    slack.events.retry_delays = (0, 0, 0)
    async with serve(slack, _endpoint(fail)):
        await slack.as_user(hanako).say("こんにちは")

    assert [number for number, _, _ in seen] == [None, "1", "2", "3"]
    assert {reason for _, reason, _ in seen[1:]} == {"http_error"}
    assert len({event_id for _, _, event_id in seen}) == 1


async def test_no_retry_is_respected(slack: SlackStandIn, hanako: User) -> None:
    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    async with serve(slack, _endpoint(fail)):
        await slack.as_user(hanako).say("こんにちは")

    assert len(slack.deliveries.record) == 1


async def test_over_a_socket_bolt_sees_the_number_of_the_retry(
    slack: SlackStandIn, hanako: User
) -> None:
    app, seen, heard_last = an_app(slack), list[str](), asyncio.Event()

    @app.event("message")
    async def message(request: AsyncBoltRequest, event: Json) -> None:
        seen.append(event["text"] + request.headers["x-slack-retry-num"][0])
        if event["text"] == "こんばんは":
            heard_last.set()

    slack.events.retry_delays = (0,)
    async with over_socket(slack, app):
        slack.deliveries.ack_seconds = 0.0
        await slack.as_user(hanako).say("こんにちは")
        await slack.wait_until(lambda: len(slack.deliveries.record) == 2)
        slack.deliveries.ack_seconds = ACK_SECONDS
        await slack.as_user(hanako).say("こんばんは")
        await asyncio.wait_for(heard_last.wait(), 5)

    assert [d.retry_num for d in slack.deliveries.record] == [0, 1, 0]
    assert sorted(seen) == ["こんにちは0", "こんにちは1", "こんばんは0"]


async def test_what_is_sent_twice_arrives_twice(slack: SlackStandIn, hanako: User) -> None:
    app, desk = with_desk(slack, view=modal(section()))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        slack.deliveries.copies_of_next = 2
        await seen.submit()

    assert len(desk.submitted) == 2
    assert desk.submitted[0] == desk.submitted[1]


@pytest.mark.parametrize("body", [{"text": "見つかりません"}, "見つかりません"])
async def test_the_answer_to_a_command_is_ephemeral(
    slack: SlackStandIn, hanako: User, body: Json | str
) -> None:
    app = an_app(slack)

    @app.command("/kaikaku")
    async def command(ack: AsyncAck) -> None:
        await (ack(body) if isinstance(body, str) else ack(**body))

    async with over_http(slack, app):
        await slack.as_user(hanako).command("/kaikaku", "status")

    assert [m.text for m in slack.ephemerals(hanako)] == ["見つかりません"]
    assert slack.messages(hanako) == []
