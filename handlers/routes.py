"""Which listener is meant: asked of one table, in place of Bolt's one after the other.

Bolt puts all arguments together anew for each listener that it asks on the way to the one that
matches, so every feature would make every other one dearer. It is given the table as the last of
its middleware, which it hands the request as it is.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.answers import Answers

Listener = Callable[..., Awaitable[None]]
Wanted = str | re.Pattern[str]

_EVENT = "event_callback"


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
        return self._taking("block_actions", wanted)

    def view(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A modal's submission, by its callback id."""
        return self._taking("view_submission", wanted)

    def view_closed(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A modal that was closed, by its callback id."""
        return self._taking("view_closed", wanted)

    def shortcut(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A shortcut, of a message or of none, by its callback id."""
        return self._taking("shortcut", wanted)

    def event(self, wanted: Wanted) -> Callable[[Listener], None]:
        """An event, by its type; it is acknowledged when the listener has ended."""
        return self._taking(_EVENT, wanted)

    def command(self, wanted: Wanted) -> Callable[[Listener], None]:
        """A slash command. What nobody listens for is not found (404)."""
        return self._taking("command", wanted)

    def options(self, wanted: Wanted) -> Callable[[Listener], None]:
        """What an input asks for as somebody types into it, by its action id."""
        return self._taking("block_suggestion", wanted)

    def error(self, listener: Callable[..., Awaitable[Any]]) -> None:
        """What becomes of a listener's failure."""
        self.app.error(listener)

    def listen(self) -> None:
        """Have Bolt hand over what comes in, once it knows for whom we act."""
        self.app.use(_Dispatch(self._routes, self.session))

    def _taking(self, kind: str, wanted: Wanted) -> Callable[[Listener], None]:
        def take(listener: Listener) -> None:
            names = tuple(inspect.signature(listener).parameters)
            unknown = set(names) - set(_ARGUMENTS)
            if unknown:
                raise TypeError(f"a listener asks for {', '.join(sorted(unknown))}")
            self._routes.setdefault(kind, []).append(_Route(wanted, listener, names))

        return take


class _Dispatch(AsyncMiddleware):
    """The end of Bolt's chain; what nobody listens for goes on, and is not found (404)."""

    def __init__(
        self, routes: Mapping[str, Sequence[_Route]], session: aiohttp.ClientSession
    ) -> None:
        self._routes, self._session = routes, session

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  # Bolt's name for it
    ) -> BoltResponse | None:
        kind = _kind(req.body)
        id_of = _IDS.get(kind)
        route = _first(self._routes.get(kind, ()), id_of(req.body)) if id_of else None
        if route is None:
            await next()
            return resp
        given = {name: _ARGUMENTS[name](req, self._session) for name in route.names}
        await route.listener(**given)
        if kind == _EVENT and req.context.ack.response is None:
            await req.context.ack()
        return req.context.ack.response


def _first(routes: Iterable[_Route], found: str) -> _Route | None:
    return next((route for route in routes if route.fits(found)), None)


def _kind(body: Any) -> str:
    if "command" in body:
        return "command"
    kind = str(body.get("type", ""))
    return "shortcut" if kind == "message_action" else kind


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


# By the type that a payload says it has; a command says none.
_IDS: dict[str, Callable[[Any], str]] = {
    "block_actions": _action_id,
    "view_submission": _callback_id_of_view,
    "command": _command,
    _EVENT: _event_type,
    "view_closed": _callback_id_of_view,
    "block_suggestion": _suggestion_id,
    "shortcut": _callback_id,
}
