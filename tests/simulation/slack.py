"""The Slack on the other side: people, their conversations with the bot, and what stands in them.

It is told what reached it and answers as Slack would; what goes wrong on the way is not its affair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.views.actions import ANSWER_OPEN
from bot.views.item_rows import ENTER, ENTER_FINAL, MEND
from bot.views.targets import Target
from tests.simulation.clock import SkewedClock

TEAM = "T0001"

Json = dict[str, Any]
_TITLE = re.compile(r"項目<(\d+)>|項目&lt;(\d+)&gt;")


def title_of(number: int) -> str:
    """A title by which an initiative is recognised in whatever names it."""
    return f"項目<{number}>"


@dataclass(frozen=True)
class Screen:
    """What a message shows."""

    text: str
    blocks: list[Json]

    @cached_property
    def asks(self) -> dict[Target, str]:
        """The items with a button that asks for an answer, and what the button says."""
        return {
            target: label
            for button in _buttons(self.blocks)
            if button["action_id"].startswith(ANSWER_OPEN)
            and (label := button["text"]["text"]) in (ENTER, ENTER_FINAL, MEND)
            and (target := Target.decode(button["value"]))
        }

    @cached_property
    def titles(self) -> frozenset[int]:
        """The numbers of the titles that are named."""
        found = _TITLE.findall(json.dumps([self.text, self.blocks], ensure_ascii=False))
        return frozenset(int(plain or escaped) for plain, escaped in found)


@dataclass
class Message:
    """A message in a person's conversation: ``at`` is the bot's time, ``day`` the true date."""

    user: str
    ts: str
    token: str
    at: datetime
    day: date
    screen: Screen


@dataclass
class Workspace:
    """State, and the methods that change it. ``on_screen`` sees each message and each update."""

    clock: SkewedClock
    on_screen: Callable[[Message, bool], None] = lambda _message, _is_new: None
    active: dict[str, bool] = field(default_factory=dict)
    conversations: dict[str, list[Message]] = field(default_factory=dict)
    refusing: dict[str, str] = field(default_factory=dict)  # user -> Slack's error word

    def answer(self, method: str, arguments: Mapping[str, Any]) -> Json:
        """What Slack answers to a call that reached it."""
        handlers = {
            "auth.test": self._auth_test,
            "users.list": self._users_list,
            "users.info": self._users_info,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._whisper,
            "conversations.open": self._open,
            "conversations.history": self._history,
        }
        return handlers[method](arguments)

    def messages(self, user: str) -> list[Message]:
        """A person's conversation with the bot, oldest first."""
        return self.conversations.setdefault(user, [])

    def find(self, channel: str, ts: str) -> Message | None:
        """The message that stands there."""
        listed = self.messages(_user_of(channel))
        return next((message for message in listed if message.ts == ts), None)

    def _auth_test(self, arguments: Mapping[str, Any]) -> Json:
        return {"ok": True, "team_id": TEAM, "user_id": "UBOT", "bot_id": "BBOT"}

    def _users_list(self, arguments: Mapping[str, Any]) -> Json:
        members = [{"id": user, "deleted": not active} for user, active in self.active.items()]
        return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}

    def _users_info(self, arguments: Mapping[str, Any]) -> Json:
        user = arguments["user"]
        profile = {"real_name": user}
        account = {"id": user, "deleted": not self.active[user], "team_id": TEAM}
        return {"ok": True, "user": {**account, "profile": profile}}

    def _post(self, arguments: Mapping[str, Any]) -> Json:
        user = arguments["channel"]
        if user not in self.active or user in self.refusing:
            return {"ok": False, "error": self.refusing.get(user, "channel_not_found")}
        token = arguments["metadata"]["event_payload"]["key"]
        screen = Screen(arguments["text"], arguments["blocks"])
        listed = self.messages(user)
        ts = f"{self.clock.loop.time():.6f}-{len(listed)}"
        message = Message(user, ts, token, self.clock.now(), self.clock.true_day(), screen)
        listed.append(message)
        self.on_screen(message, True)
        return {"ok": True, "channel": _channel_of(user), "ts": message.ts}

    def _update(self, arguments: Mapping[str, Any]) -> Json:
        message = self.find(arguments["channel"], arguments["ts"])
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.screen = Screen(arguments["text"], arguments["blocks"])
        self.on_screen(message, False)
        return {"ok": True, "channel": arguments["channel"], "ts": message.ts}

    def _whisper(self, arguments: Mapping[str, Any]) -> Json:
        return {"ok": True, "message_ts": "0"}

    def _open(self, arguments: Mapping[str, Any]) -> Json:
        return {"ok": True, "channel": {"id": _channel_of(arguments["users"])}}

    def _history(self, arguments: Mapping[str, Any]) -> Json:
        """The newest first, a page at a time."""
        listed = self.messages(_user_of(arguments["channel"]))[::-1]
        begin, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit", 100))
        page, rest = listed[begin : begin + limit], listed[begin + limit :]
        return {
            "ok": True,
            "messages": [_shown(message) for message in page],
            "has_more": bool(rest),
            "response_metadata": {"next_cursor": str(begin + limit) if rest else ""},
        }


def _shown(message: Message) -> Json:
    payload = {"event_type": "kaikaku_letter", "event_payload": {"key": message.token}}
    return {"ts": message.ts, "text": message.screen.text, "metadata": payload}


def _channel_of(user: str) -> str:
    return f"D{user}"


def _user_of(channel: str) -> str:
    return channel.removeprefix("D")


def _buttons(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory") or {}]:
            if element.get("type") == "button":
                yield element
