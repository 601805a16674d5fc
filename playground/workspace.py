"""What a Slack workspace remembers: its people, conversations and messages, and the app's ids."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

from playground.changes import Changes
from playground.clock import StandInClock
from playground.errors import SlackRefusal
from playground.files import File
from playground.form_state import with_ids
from playground.messages import Channel, Message
from playground.people import User
from playground.rules import Json

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "files:read",
    "files:write",
)


class Workspace:
    """The state behind the Web API; every change of it is announced through `changes`."""

    def __init__(self, *, clock: StandInClock, changes: Changes) -> None:
        self.clock = clock
        self.changes = changes
        self.team_id, self.app_id, self.bot_id = "T0PLAYGROUND", "A0PLAYGROUND", "B0PLAYGROUND"
        self.bot_user_id = "U0BOT"
        self.bot_token, self.app_token = "xoxb-playground-bot", "xapp-playground-app"
        self.signing_secret = "0123456789abcdef"  # noqa: S105 (a stand-in has no secrets)
        self.scopes: tuple[str, ...] = DEFAULT_SCOPES
        self.page_size = 5
        self.refuse_deactivated: str | None = None
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemeral: list[Message] = []
        self.files: dict[str, File] = {}
        self._numbers = itertools.count(1)
        self._last_ts = 0.0
        self.put_user(User(self.bot_user_id, "kaikaku", "", is_bot=True))

    def next_id(self, prefix: str) -> str:
        """A new id that looks like Slack's, such as `U0000000A1`."""
        return f"{prefix}{next(self._numbers):08d}"

    def next_ts(self) -> str:
        """A message timestamp, later than any before it."""
        self._last_ts = max(self.clock.wall(), self._last_ts + 0.000_002)
        return f"{self._last_ts:.6f}"

    # people

    def put_user(self, user: User) -> User:
        """Add an account or replace the one with its id."""
        self.users[user.id] = user
        self.changes.notify()
        return user

    def user_by_email(self, email: str) -> User | None:
        """The active account with this address, letters' case aside."""
        wanted = email.strip().lower()
        live = (u for u in self.users.values() if not u.deleted and u.email)
        return next((u for u in live if u.email.lower() == wanted), None)

    # conversations

    def direct_channel(self, user_id: str) -> Channel:
        """The bot's DM with a user, opened if need be; `channel_not_found` for no such user."""
        if user_id not in self.users:
            raise SlackRefusal("channel_not_found")
        for channel in self.channels.values():
            if channel.is_im and user_id in channel.members:
                return channel
        return self.add_channel("D", "directmessage", (self.bot_user_id, user_id))

    def add_channel(self, prefix: str, name: str, members: Iterable[str]) -> Channel:
        """Add a conversation; the prefix D, G or C says of which kind."""
        channel = Channel(self.next_id(prefix), name, tuple(members))
        self.channels[channel.id] = channel
        self.changes.notify()
        return channel

    def channel(self, channel_id: str) -> Channel:
        """The conversation with this id; a user's id is none (`channel_not_found`)."""
        if channel_id not in self.channels:
            raise SlackRefusal("channel_not_found")
        return self.channels[channel_id]

    # files and messages

    def add_file(self, user_id: str, name: str, content: bytes, *channels: str) -> File:
        """A file that a person has uploaded, in these conversations."""
        file_id = self.next_id("F")
        file = File(
            file_id, name, len(content), user_id, content=content, complete=True, channels=channels
        )
        self.files[file_id] = file
        return file

    def post(self, channel: Channel, *, user: str, **content: Any) -> Message:
        """Put a message into a conversation; `content` holds the other fields of Message."""
        message = self._compose(channel, user, content)
        channel.messages[message.ts] = message
        self.changes.notify()
        return message

    def whisper(self, channel: Channel, to: str, *, user: str, **content: Any) -> Message:
        """Show a message to one person only; it is not part of the conversation."""
        message = self._compose(channel, user, {**content, "ephemeral_to": to})
        self.ephemeral.append(message)
        self.changes.notify()
        return message

    def edit(self, message: Message, **content: Any) -> Message:
        """Replace fields of a message that is still there."""
        if "blocks" in content:
            content["blocks"] = self._blocks(content["blocks"], message.ts)
        edited = dataclasses.replace(message, **content, edited=self.next_ts())
        if message.ephemeral_to:
            self.ephemeral = [edited if m.ts == message.ts else m for m in self.ephemeral]
        else:
            self.channels[message.channel].messages[message.ts] = edited
        self.changes.notify()
        return edited

    def remove(self, message: Message) -> None:
        """Take a message away."""
        if message.ephemeral_to:
            self.ephemeral = [m for m in self.ephemeral if m.ts != message.ts]
        else:
            self.channels[message.channel].messages.pop(message.ts, None)
        self.changes.notify()

    def message(self, channel_id: str, ts: str) -> Message | None:
        """The message as it stands now, an ephemeral one included."""
        for message in self.ephemeral:
            if message.ts == ts and message.channel == channel_id:
                return message
        channel = self.channels.get(channel_id)
        return channel.messages.get(ts) if channel else None

    def _compose(self, channel: Channel, user: str, content: Json) -> Message:
        ts = self.next_ts()
        blocks = self._blocks(content.pop("blocks", None), ts)
        bot_id = self.bot_id if user == self.bot_user_id else None
        return Message(ts, channel.id, user, blocks=blocks, bot_id=bot_id, **content)

    def _blocks(self, blocks: Iterable[Json] | None, ts: str) -> tuple[Json, ...]:
        return tuple(with_ids(list(blocks or ()), prefix=f"b{ts[-6:]}"))
