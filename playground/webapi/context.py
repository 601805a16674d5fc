"""What every Web API method works on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playground.errors import SlackRefusal
from playground.events import Events
from playground.rules import Json
from playground.screens import Screens
from playground.socket_mode import SocketMode
from playground.triggers import ResponseUrls, Triggers
from playground.webapi.arguments import Arguments
from playground.workspace import Workspace


@dataclass
class Api:
    """The parts of the stand-in that methods read and change.

    `base_url` ends with a slash and is known once the server listens.
    """

    workspace: Workspace
    screens: Screens
    triggers: Triggers
    response_urls: ResponseUrls
    events: Events
    sockets: SocketMode
    base_url: str = ""


Method = Callable[[Api, Arguments], Awaitable[Json]]


def page(items: list[Any], args: Arguments, *, most: int) -> tuple[list[Any], Json]:
    """One page of a list and the `response_metadata` that leads to the next.

    A page is never longer than `most`, whatever `limit` asks for.
    """
    try:
        start = int(args.text("cursor").removeprefix("next:") or 0)
    except ValueError:
        raise SlackRefusal("invalid_cursor") from None
    end = start + max(1, min(args.number("limit", most) or most, most))
    cursor = f"next:{end}" if end < len(items) else ""
    return items[start:end], {"next_cursor": cursor}
