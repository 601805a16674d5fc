"""One table of listeners in place of Bolt's list: who is asked, with what, and who is not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.views.actions import family
from handlers.routes import Routes

Json = dict[str, Any]
_KNOWN = AuthorizeResult(
    enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="BBOT", bot_token="xoxb-"
)


class Front:
    """An app whose listeners note what they were asked."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        async def authorize() -> AuthorizeResult:
            return _KNOWN

        self.app = AsyncApp(signing_secret="s", authorize=authorize)
        self.routes = Routes(self.app, session)
        self.heard: list[str] = []

    def noting(self, name: str) -> Any:
        async def listener(ack: AsyncAck) -> None:
            await ack()
            self.heard.append(name)

        return listener

    async def send(self, body: Json) -> int:
        """The status it is answered with."""
        answer = await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        return answer.status


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with aiohttp.ClientSession() as session:
        yield Front(session)


def click(action_id: str, **more: Any) -> Json:
    actions = [{"action_id": action_id, "type": "button"}]
    return {"type": "block_actions", "user": {"id": "U1"}, "actions": actions, **more}


def submission(callback_id: str, kind: str = "view_submission") -> Json:
    view = {"id": "V1", "type": "modal", "callback_id": callback_id}
    return {"type": kind, "user": {"id": "U1"}, "view": view}


async def test_a_click_goes_to_its_family_alone_and_to_the_first_that_takes_it(
    front: Front,
) -> None:
    for name in ("answer:open", "status:page"):
        front.routes.action(family(name))(front.noting(name))
    front.routes.action(re.compile(""))(front.noting("anything"))
    front.routes.listen()

    for action_id in ("status:page:next", "answer:open", "answer:opened", "status:page:a:b"):
        assert await front.send(click(action_id)) == 200

    assert front.heard == ["status:page", "answer:open", "anything", "anything"]


async def test_what_is_closed_is_not_taken_for_what_is_submitted(front: Front) -> None:
    front.routes.view("checkin")(front.noting("submitted"))
    front.routes.view_closed("checkin")(front.noting("closed"))
    front.routes.shortcut("help")(front.noting("shortcut"))
    front.routes.listen()

    await front.send(submission("checkin", "view_closed"))
    await front.send(submission("checkin"))
    await front.send({"type": "shortcut", "user": {"id": "U1"}, "callback_id": "help"})

    assert front.heard == ["closed", "submitted", "shortcut"]


async def test_a_command_that_nobody_listens_for_is_not_found(front: Front) -> None:
    front.routes.command("/kaikaku")(front.noting("command"))
    front.routes.listen()

    asked = {"user_id": "U1", "trigger_id": "1.x", "command": "/other"}

    assert await front.send(asked) == 404
    assert await front.send({**asked, "command": "/kaikaku"}) == 200
    assert front.heard == ["command"]


async def test_a_listener_is_given_what_it_names(front: Front) -> None:
    given: list[Any] = []
    told = asyncio.Event()

    async def submitted(ack: AsyncAck, view: Json, body: Json) -> None:
        await ack()
        given.extend([view["callback_id"], body["type"]])

    async def said(event: Json) -> None:
        given.append(event["text"])
        told.set()

    front.routes.view("checkin")(submitted)
    front.routes.event("message")(said)
    front.routes.listen()

    await front.send(submission("checkin"))
    event = {"type": "message", "text": "はい", "user": "U1"}
    await front.send({"type": "event_callback", "event": event})
    await asyncio.wait_for(told.wait(), timeout=5)  # Bolt has acknowledged it before

    assert given == ["checkin", "view_submission", "はい"]


def test_a_listener_that_names_anything_else_is_refused_at_once(front: Front) -> None:
    async def curious(ack: AsyncAck, say: Any) -> None: ...

    with pytest.raises(TypeError, match="say"):
        front.routes.action("anything")(curious)


async def test_what_is_answered_to_a_response_url_arrives_there(front: Front) -> None:
    arrived: list[Json] = []

    async def receive(request: web.Request) -> web.Response:
        arrived.append(await request.json())
        return web.Response(text="ok")

    async def answer(ack: AsyncAck, respond: AsyncRespond) -> None:
        await respond(text="わかりました", response_type="ephemeral")
        await ack()

    front.routes.action("ask")(answer)
    front.routes.listen()
    slack = web.Application()
    slack.router.add_post("/response", receive)
    runner = web.AppRunner(slack)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/response"
        await front.send(click("ask", response_url=url))
    finally:
        await runner.cleanup()

    assert arrived == [{"text": "わかりました", "response_type": "ephemeral"}]
