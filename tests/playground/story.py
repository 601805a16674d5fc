"""A small Bolt app with a check-in modal, as the stories of the stand-in need one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import Message, SlackStandIn, User
from tests.playground.bolt import Reachable, an_app
from tests.playground.samples import Json, actions, button, modal, text_input


@dataclass
class Desk:
    """What the app shows, what it answers to a submission, and what it was sent."""

    view: Json = field(default_factory=lambda: modal(text_input()))
    answer: Json = field(default_factory=dict)
    submitted: list[Json] = field(default_factory=list)
    acted: list[Json] = field(default_factory=list)
    closed: list[Json] = field(default_factory=list)

    @property
    def last_values(self) -> Any:
        return self.submitted[-1]["view"]["state"]["values"]


def with_desk(slack: Reachable, **parts: Any) -> tuple[AsyncApp, Desk]:
    """`enter` opens the desk's view; everything else is noted and acknowledged."""
    app, desk = an_app(slack), Desk(**parts)

    @app.action("enter")
    async def enter(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        open_or_push = client.views_push if body.get("view") else client.views_open
        await open_or_push(trigger_id=body["trigger_id"], view=desk.view)

    @app.action({"action_id": "choice"})
    @app.action({"action_id": "text"})
    @app.action({"action_id": "note"})
    async def act(ack: AsyncAck, body: Json) -> None:
        desk.acted.append(body)
        await ack()

    @app.view("check-in")
    async def submit(ack: AsyncAck, body: Json) -> None:
        desk.submitted.append(body)
        await ack(**desk.answer)

    @app.view_closed("check-in")
    async def close(ack: AsyncAck, body: Json) -> None:
        desk.closed.append(body)
        await ack()

    return app, desk


async def send_letter(slack: SlackStandIn, user: User, *blocks: Json) -> Message:
    """A message with an 入力する button, or with other blocks."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    shown = list(blocks) or [actions(button())]
    await client.chat_postMessage(channel=user.id, text="通知", blocks=shown)
    return slack.messages(user)[-1]
