"""Trigger ids and response URLs: what an interaction lets the app do for a short while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from playground import limits
from playground.clock import StandInClock
from playground.errors import SlackRefusal
from playground.messages import Channel, Message


@dataclass
class Trigger:
    """The right to open one modal for one person; `view_id` is the modal it became."""

    user_id: str
    issued: float
    used: bool = False
    view_id: str | None = None


class Triggers:
    """Hands out trigger ids and takes each back once, within three seconds."""

    def __init__(self, clock: StandInClock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        """A new trigger id; its life begins now."""
        trigger_id = f"{len(self._triggers) + 1}.{secrets.token_hex(8)}"
        self._triggers[trigger_id] = Trigger(user_id, self._clock.monotonic())
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """The trigger, now spent; refuses what is unknown, used or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("trigger_exchanged")
        if self._clock.monotonic() - trigger.issued > limits.TRIGGER_SECONDS:
            raise SlackRefusal("trigger_expired")
        trigger.used = True
        return trigger

    def left(self, trigger_id: str) -> float:
        """How many seconds it still lives."""
        trigger = self._triggers[trigger_id]
        return trigger.issued + limits.TRIGGER_SECONDS - self._clock.monotonic()

    def opened(self, trigger_id: str) -> str | None:
        """The id of the view that was opened with it."""
        return self._triggers[trigger_id].view_id


@dataclass
class ResponseUrl:
    """Where answers to one interaction go; `original` is the message that was clicked."""

    user_id: str
    channel: Channel
    original: Message | None
    issued: float
    uses: int = 0


class ResponseUrls:
    """Hands out response URLs: five uses within thirty minutes."""

    def __init__(self, clock: StandInClock) -> None:
        self._clock = clock
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, user_id: str, channel: Channel, original: Message | None) -> str:
        """The last part of a new response URL."""
        key = secrets.token_hex(12)
        self._urls[key] = ResponseUrl(user_id, channel, original, self._clock.monotonic())
        return key

    def use(self, key: str) -> ResponseUrl:
        """Count one use; refuses what is unknown, used up or too old."""
        url = self._urls.get(key)
        if url is None:
            raise SlackRefusal("invalid_url")
        if self._clock.monotonic() - url.issued > limits.RESPONSE_URL_SECONDS:
            raise SlackRefusal("expired_url")
        if url.uses >= limits.RESPONSE_URL_USES:
            raise SlackRefusal("used_url")
        url.uses += 1
        return url
