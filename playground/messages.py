"""Conversations and the messages in them, the ephemeral ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.blocks import texts
from playground.fields import fields
from playground.rules import Json

LIVE = re.compile(r"<[!@#][^<>]*>")


@dataclass(frozen=True)
class Message:
    """One message as it stands now; an edit makes a new value with the same ts.

    `edited` is the ts of the last edit; `ephemeral_to` the one user who sees it.
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    edited: str | None = None
    ephemeral_to: str | None = None
    thread_ts: str | None = None
    files: tuple[Json, ...] = ()
    bot_id: str | None = None

    @property
    def visible_text(self) -> str:
        """All that a person reads: the blocks' texts, or without blocks the text."""
        return "\n".join(texts(list(self.blocks))) if self.blocks else self.text

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons, in order."""
        return [f.label for f in fields(self.blocks) if f.element["type"] == "button"]

    @property
    def live_mentions(self) -> list[str]:
        """What would ring or link: `<!channel>`, `<@U…>`, `<#C…>`, in any mrkdwn or the text."""
        return [
            m for text in [self.text, *mrkdwn_texts(list(self.blocks))] for m in LIVE.findall(text)
        ]

    def describe(self, *, app_id: str, with_metadata: bool = False) -> Json:
        """The message object of chat.*, conversations.history and payloads."""
        described: Json = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
        }
        if self.bot_id:
            described |= {"bot_id": self.bot_id, "app_id": app_id}
        if self.blocks:
            described["blocks"] = list(self.blocks)
        if self.edited:
            described["edited"] = {"user": self.user, "ts": self.edited}
        if self.thread_ts:
            described["thread_ts"] = self.thread_ts
        if self.files:
            described["files"] = list(self.files)
        if with_metadata and self.metadata:
            described["metadata"] = self.metadata
        return described


@dataclass
class Channel:
    """A direct message (`D…`), a group of people (`G…`) or a channel (`C…`)."""

    id: str
    name: str
    members: tuple[str, ...]
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """Whether this is the conversation of the bot with one person."""
        return self.id.startswith("D")

    @property
    def kind(self) -> str:
        """The `channel_type` of message events."""
        return {"D": "im", "G": "mpim"}.get(self.id[0], "channel")


def mrkdwn_texts(value: Any) -> Iterator[str]:
    """Every text in blocks in which Slack's markup is live."""
    if isinstance(value, list):
        for item in value:
            yield from mrkdwn_texts(item)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from mrkdwn_texts(item)


def escaped(typed: str) -> str:
    """What a person types, as messages and commands carry it: the three signs escaped."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
