"""SlackStandIn: a Slack on 127.0.0.1 for tests and for trying, put together from its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from playground.calls import ApiCall
from playground.changes import Changes
from playground.clock import StandInClock
from playground.deliveries import Deliveries
from playground.errors import UnknownMethodCalled
from playground.events import Events
from playground.faults import Faults
from playground.http_delivery import HttpDelivery
from playground.messages import Channel, Message
from playground.parts import Parts
from playground.people import User
from playground.person import Person
from playground.screens import Screens
from playground.server import LOOPBACK, Server
from playground.socket_mode import SocketMode
from playground.triggers import ResponseUrls, Triggers
from playground.webapi.context import Api
from playground.webapi.dispatch import Dispatcher
from playground.workspace import Workspace

T = TypeVar("T")


class SlackStandIn:
    """An async context manager; leaving it raises if an unknown Web API method was called."""

    def __init__(self, *, host: str = LOOPBACK, port: int = 0) -> None:
        self.clock, self.changes = StandInClock(), Changes()
        self.workspace = Workspace(clock=self.clock, changes=self.changes)
        self.team_id, self.bot_user_id = self.workspace.team_id, self.workspace.bot_user_id
        self.bot_token, self.app_token = self.workspace.bot_token, self.workspace.app_token
        self.signing_secret = self.workspace.signing_secret
        self.faults = Faults(self.clock)
        self.sockets = SocketMode(app_id=self.workspace.app_id, changes=self.changes)
        self.http = HttpDelivery(self.signing_secret)
        self.deliveries = Deliveries(
            sockets=self.sockets, http=self.http, changes=self.changes, clock=self.clock
        )
        self.events = Events(self.workspace, self.deliveries)
        self.screens = Screens(
            team_id=self.team_id,
            app_id=self.workspace.app_id,
            bot_id=self.workspace.bot_id,
            changes=self.changes,
        )
        self.api = Api(
            self.workspace,
            self.screens,
            Triggers(self.clock),
            ResponseUrls(self.clock),
            self.events,
            self.sockets,
        )
        self._dispatcher = Dispatcher(self.api, self.faults)
        self.server = Server(self.api, self._dispatcher, host=host, port=port)
        self._parts = Parts(self.api, self.deliveries, self.changes)

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.events.close()
        await self.http.close()
        await self.server.stop()
        if self.unknown_calls and error is None:
            raise UnknownMethodCalled(", ".join(self.unknown_calls))

    # where it is

    @property
    def base_url(self) -> str:
        """The server's own address, with a slash at the end."""
        return self.api.base_url

    @property
    def api_url(self) -> str:
        """The base of all Web API calls, as SLACK_API_URL wants it."""
        return f"{self.api.base_url}api/"

    def send_to(self, url: str) -> None:
        """Deliver over HTTP to this loopback URL while no socket is open."""
        self.http.send_to(url)

    # who is there

    def add_user(
        self, name: str, *, email: str = "", restricted: bool = False, external: bool = False
    ) -> User:
        """A new person in the workspace; without an address they get one."""
        user_id = self.workspace.next_id("U")
        address = email or f"{user_id.lower()}@example.jp"
        user = User(user_id, name, address, restricted=restricted, external=external)
        return self.workspace.put_user(user)

    def add_channel(self, name: str, *members: User, with_bot: bool = True) -> Channel:
        """A channel that commands can be typed in."""
        bot = (self.bot_user_id,) if with_bot else ()
        return self.workspace.add_channel("C", name, (*bot, *(m.id for m in members)))

    def change(self, user: User, **changes: str | bool) -> User:
        """Change an account and tell the app (user_change)."""
        changed = dataclasses.replace(self.workspace.users[user.id], **changes)  # type: ignore[arg-type]
        self.workspace.put_user(changed)
        with_email = "users:read.email" in self.workspace.scopes
        described = changed.describe(team_id=self.team_id, with_email=with_email)
        ts = self.workspace.next_ts()
        event = {"type": "user_change", "user": described, "cache_ts": 0, "event_ts": ts}
        self.events.emit("user_change", event)
        return changed

    def deactivate(self, user: User) -> User:
        """Deactivate an account; messages to it are still taken without a word."""
        return self.change(user, deleted=True)

    def as_user(self, user: User) -> Person:
        """The person behind an account, to act as them."""
        return Person(self._parts, user.id)

    # what has happened

    def messages(self, user: User) -> list[Message]:
        """What stands in a person's DM with the bot, oldest first."""
        return list(self.workspace.direct_channel(user.id).messages.values())

    def ephemerals(self, user: User) -> list[Message]:
        """What only this person sees, oldest first."""
        return [m for m in self.workspace.ephemeral if m.ephemeral_to == user.id]

    def calls(self, method: str | None = None) -> Sequence[ApiCall]:
        """The Web API calls so far, all or those of one method, in order."""
        return [c for c in self._dispatcher.calls if method in (None, c.method)]

    @property
    def unknown_calls(self) -> list[str]:
        """Methods that were called and do not exist here; clear it where a test means to."""
        return self._dispatcher.unknown

    async def wait_until(self, predicate: Callable[[], T | None], timeout: float = 5.0) -> T:
        """Wait for the predicate to hold after some change; TimeoutError in real seconds."""
        return await self.changes.wait_until(predicate, timeout=timeout)
