"""Sending what people do to the app, over Socket Mode or HTTP, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from playground import limits
from playground.changes import Changes
from playground.clock import StandInClock
from playground.rules import Json


class Kind(StrEnum):
    """The three sorts of delivery, by their Socket Mode envelope type."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


class Mode(StrEnum):
    """Which way deliveries go; AUTO takes a socket when one is open, else the request URL."""

    AUTO = "auto"
    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True)
class Ack:
    """How the app answered; `error` is what the person is told when it did not do so well."""

    error: str | None = None
    body: Json = field(default_factory=dict)
    no_retry: bool = False
    retry_reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time."""
        return self.error is None


@dataclass
class Delivery:
    """One thing sent to the app, with the answer once it is there; `at` is Unix seconds."""

    kind: Kind
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""
    ack: Ack | None = None
    at: float = 0.0


class Transport(Protocol):
    """A way to the app."""

    @property
    def is_open(self) -> bool:
        """Whether anything can be sent this way now."""

    def send(self, delivery: Delivery, seconds: float) -> Awaitable[Ack]:
        """Send, and wait no longer than so many real seconds for the acknowledgement."""


class Deliveries:
    """Chooses the way, counts the copies, and keeps the record."""

    def __init__(
        self, *, sockets: Transport, http: Transport, changes: Changes, clock: StandInClock
    ) -> None:
        self._sockets, self._http = sockets, http
        self._changes, self._clock = changes, clock
        self.mode = Mode.AUTO
        self.ack_seconds = limits.ACK_SECONDS
        self.copies_of_next = 1
        self.record: list[Delivery] = []

    async def send(self, delivery: Delivery) -> Ack:
        """Deliver once, or as often as was asked for; the first copy's answer counts."""
        copies, self.copies_of_next = self.copies_of_next, 1
        delivery.at = self._clock.wall()
        self.record.append(delivery)
        way = self._way()
        if way is None:
            ack = Ack("dispatch_failed", retry_reason="connection_failed")
        else:
            sent = [way.send(delivery, self.ack_seconds) for _ in range(copies)]
            ack = (await asyncio.gather(*sent))[0]
        delivery.ack = ack
        self._changes.notify()
        return ack

    def _way(self) -> Transport | None:
        if self._sockets.is_open and self.mode is not Mode.HTTP:
            return self._sockets
        if self._http.is_open and self.mode is not Mode.SOCKET:
            return self._http
        return None
