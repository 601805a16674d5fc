"""Which listener is meant: asked of one table, in place of Bolt's one after the other.

Bolt puts all arguments together anew for each listener that it asks on the way to the one that
matches, so every feature would make every other one dearer. It is given one listener a kind here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.answers import Answers

Listener = Callable[..., Awaitable[None]]
Wanted = str | re.Pattern[str]

_ANY = re.compile(r"")


def _answers(request: AsyncBoltRequest, session: aiohttp.ClientSession) -> Answers:
    client = request.context.client
    url = request.context.response_url
    return Answers(session, response_url=url, proxy=client.proxy, ssl=client.ssl)


# What a listener may ask for by name, as Bolt would hand it over.
_ARGUMENTS: dict[str, Callable[[AsyncBoltRequest, aiohttp.ClientSession], Any]] = {
    "ack": lambda request, _: request.context.ack,
    "body": lambda request, _: request.body,
    "client": lambda request, _: request.context.client,
    "event": lambda request, _: request.body["event"],
    "respond": _answers,
    "view": lambda request, _: request.body["view"],
}


@dataclass(frozen=True)
class _Route:
    """A listener, what it listens for, and what it asks for."""

    wanted: Wanted
    listener: Listener
    names: tuple[str, ...]

    def fits(self, found: str) -> bool:
        if isinstance(self.wanted, str):
            return self.wanted == found
        return self.wanted.search(found) is not None


@dataclass(frozen=True)
class Routes:
    """Features register here as they would with Bolt, the busiest first; then ``listen``.

    ``session`` is what answers to a response_url go by.
    """

    app: AsyncApp
    session: aiohttp.ClientSession
    _routes: dict[str, list[_Route]] = field(default_factory=dict)

    def action(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A button or an input, by its action id."""
        return self._taking("action", wanted)

    def view(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A modal's submission, by its callback id."""
        return self._taking("view", wanted)

    def view_closed(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A modal that was closed, by its callback id."""
        return self._taking("view_closed", wanted)

    def shortcut(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A shortcut, by its callback id."""
        return self._taking("shortcut", wanted)

    def event(self, wanted: Wanted) -> Callable[[Listener], None]:
        """An event, by its type; Bolt acknowledges it."""
        return self._taking("event", wanted)

    def command(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A slash command. What nobody listens for is not found (404)."""
        return self._taking("command", wanted)

    def options(self, wanted: Wanted) -> Callable[[Listener], None]:
        """What an input asks for as somebody types into it, by its action id."""
        return self._taking("options", wanted)

    def error(self, listener: Callable[..., Awaitable[Any]]) -> None:
        """What becomes of a listener's failure."""
        self.app.error(listener)

    def listen(self) -> None:
        """Have Bolt hand over what comes in, the busiest kind first."""
        self.app.action(_ANY)(self._dispatching("action", _action_id))
        self.app.view(_ANY)(self._dispatching("view", _callback_id_of_view))
        for route in self._routes.get("command", ()):
            self.app.command(route.wanted)(self._dispatching("command", _command))
        self.app.event(_ANY)(self._dispatching("event", _event_type))
        self.app.view_closed(_ANY)(self._dispatching("view_closed", _callback_id_of_view))
        self.app.options(_ANY)(self._dispatching("options", _suggestion_id))
        self.app.shortcut(_ANY)(self._dispatching("shortcut", _callback_id))

    def _taking(self, kind: str, wanted: Wanted) -> Callable[[Listener], None]:
        def take(listener: Listener) -> None:
            names = tuple(inspect.signature(listener).parameters)
            unknown = set(names) - set(_ARGUMENTS)
            if unknown:
                raise TypeError(f"a listener asks for {', '.join(sorted(unknown))}")
            self._routes.setdefault(kind, []).append(_Route(wanted, listener, names))

        return take

    def _dispatching(self, kind: str, id_of: Callable[[Any], str]) -> Listener:
        routes = self._routes.get(kind, [])

        async def dispatch(request: AsyncBoltRequest) -> None:
            route = _first(routes, id_of(request.body))
            if route is not None:
                given = {name: _ARGUMENTS[name](request, self.session) for name in route.names}
                await route.listener(**given)

        return dispatch


def _first(routes: Iterable[_Route], found: str) -> _Route | None:
    return next((route for route in routes if route.fits(found)), None)


def _action_id(body: Any) -> str:
    return str(body["actions"][0]["action_id"])


def _suggestion_id(body: Any) -> str:
    return str(body.get("action_id", ""))


def _callback_id_of_view(body: Any) -> str:
    return str(body["view"]["callback_id"])


def _callback_id(body: Any) -> str:
    return str(body["callback_id"])


def _command(body: Any) -> str:
    return str(body["command"])


def _event_type(body: Any) -> str:
    return str(body["event"]["type"])
