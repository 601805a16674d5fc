"""A person at their Slack: types, clicks, opens Home, and sees what comes of it."""

from __future__ import annotations

from typing import Any

from playground.actions import act_in_message
from playground.deliveries import Delivery, Kind
from playground.errors import NotOnScreen, SlackRefusal
from playground.fields import Wanted, find_button, find_field, find_option
from playground.messages import Channel, Message, escaped
from playground.parts import Parts, Reply, reply_to
from playground.responses import say_to
from playground.rules import Json
from playground.screen import Screen, opened_by


class Person:
    """One user of the workspace, acting."""

    def __init__(self, parts: Parts, user_id: str) -> None:
        self._parts, self.id = parts, user_id

    @property
    def modal(self) -> Screen | None:
        """The modal in front of them."""
        view = self._parts.api.screens.top(self.id)
        return Screen(self._parts, view) if view else None

    @property
    def home(self) -> Screen | None:
        """Their Home tab, if the app has ever published one."""
        view = self._parts.api.screens.homes.get(self.id)
        return Screen(self._parts, view) if view else None

    async def command(self, name: str, text: str = "", *, channel_id: str = "") -> Reply:
        """Type a slash command, in the DM with the bot or elsewhere, and wait for the answer.

        What the app answers at once becomes an ephemeral message, like what it sends later.
        """
        api = self._parts.api
        channel = self._channel(channel_id)
        trigger_id = api.triggers.issue(self.id)
        key = api.response_urls.issue(self.id, channel, None)
        payload = {
            "token": "stand-in",
            "team_id": api.workspace.team_id,
            "team_domain": "aozora",
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": self.id,
            "user_name": self._parts.base(self.id)["user"]["name"],
            "command": name,
            "text": escaped(text.strip()),
            "api_app_id": api.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self._parts.response_url(key),
            "trigger_id": trigger_id,
        }
        ack = await self._parts.deliveries.send(Delivery(Kind.COMMAND, payload))
        return self._show(reply_to(ack, trigger_id), channel)

    async def press(self, message: Message, text: str | None = None, **wanted: Any) -> Reply:
        """Press a button in a message and wait for the acknowledgement only.

        The button is known by its text or by the keywords of fields.Wanted.
        """
        current = self._see(message)
        field = find_button(current.blocks, Wanted(text, **wanted))
        return await act_in_message(self._parts, self.id, current, field)

    async def click(self, message: Message, text: str | None = None, **wanted: Any) -> Screen:
        """Press a button that opens a modal, and wait for it; NothingOpened if none comes."""
        return await opened_by(self._parts, await self.press(message, text, **wanted))

    async def choose(self, message: Message, label: str, option: str) -> Reply:
        """Choose an option of a select, radio group or overflow menu in a message."""
        current = self._see(message)
        field = find_field(current.blocks, label)
        chosen = find_option(field, option)
        return await act_in_message(self._parts, self.id, current, field, chosen)

    async def open_home(self, *, timeout: float = 5.0) -> Screen:
        """Go to the Home tab and wait for what the app publishes; TimeoutError if nothing."""
        api = self._parts.api
        before = api.screens.homes.get(self.id)
        hash_before = before.hash if before else None
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self._channel("").id,
            "tab": "home",
            "event_ts": api.workspace.next_ts(),
        }
        if before:
            event["view"] = api.screens.describe(before)
        api.events.emit("app_home_opened", event)
        await self._parts.changes.wait_until(lambda: self._published(hash_before), timeout=timeout)
        return Screen(self._parts, api.screens.homes[self.id])

    def lose_connection(self) -> None:
        """Their Slack is gone in the middle of it: modals vanish, and the app is told nothing."""
        self._parts.api.screens.clear(self.id)

    async def say(self, text: str, *, channel_id: str = "") -> Message:
        """Write a message to the bot; returns when the event has been answered or given up."""
        self._parts.base(self.id)
        channel = self._channel(channel_id)
        message = self._parts.api.workspace.post(channel, user=self.id, text=escaped(text))
        task = self._parts.api.events.emit_message(channel, message)
        if task:
            await task
        return message

    async def drop(
        self, *files: tuple[str, bytes], text: str = "", channel_id: str = ""
    ) -> Message:
        """Put files, by name and content, into the conversation; returns as `say` does."""
        self._parts.base(self.id)
        api, channel = self._parts.api, self._channel(channel_id)
        put = [api.workspace.add_file(self.id, *each, channel.id) for each in files]
        described = tuple(file.describe(api.base_url) for file in put)
        message = api.workspace.post(channel, user=self.id, text=escaped(text), files=described)
        task = api.events.emit_message(channel, message)
        if task:
            await task
        return message

    async def wait_for_modal(self, title: str = "", *, timeout: float = 5.0) -> Screen:
        """The modal in front of them, once there is one whose title starts so."""
        screens = self._parts.api.screens

        def seen() -> Screen | None:
            view = screens.top(self.id)
            screen = Screen(self._parts, view) if view else None
            return screen if screen and screen.title.startswith(title) else None

        return await self._parts.changes.wait_until(seen, timeout=timeout)

    def _published(self, hash_before: str | None) -> bool:
        home = self._parts.api.screens.homes.get(self.id)
        return home is not None and home.hash != hash_before

    def _channel(self, channel_id: str) -> Channel:
        workspace = self._parts.api.workspace
        return workspace.channel(channel_id) if channel_id else workspace.direct_channel(self.id)

    def _see(self, message: Message) -> Message:
        workspace = self._parts.api.workspace
        current = workspace.message(message.channel, message.ts)
        if current is None or current.ephemeral_to not in (None, self.id):
            raise NotOnScreen("the message is not there")
        if self.id not in workspace.channel(message.channel).members:
            raise NotOnScreen("the message is in a conversation of others")
        return current

    def _show(self, reply: Reply, channel: Channel) -> Reply:
        if not reply.ok or not reply.body:
            return reply
        api = self._parts.api
        try:
            say_to(api.workspace, api.events, channel, self.id, reply.body)
        except SlackRefusal as refusal:
            return Reply(": ".join([refusal.code, *refusal.messages]), reply.body)
        return reply
