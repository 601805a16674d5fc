"""A small JSON API under `/_playground/` with which other processes and the page drive all this.

What only the page needs is in page_api.py.

GET  identity                     tokens, signing secret, addresses
GET  changes?since=N              waits for a change after number N, answers the number now
GET  calls?method=M               Web API calls
GET  deliveries                   what was sent to the app, and how it answered
GET  users                        POST users {name, email, restricted, external}
GET  users/U/messages|ephemerals|modal|home
POST users/U/deactivate
POST users/U/act {do: …}          what deeds.py lists
POST send_to {url}
POST faults {method, kind, seconds, status, code, times, probability}      DELETE faults
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from aiohttp import web

from playground.deeds import perform
from playground.errors import NothingOpened, NotOnScreen, SlackRefusal
from playground.faults import FaultKind, fault_of
from playground.people import User
from playground.rules import Json
from playground.screen import Screen
from playground.stand_in import SlackStandIn

LONG_POLL = 25.0
REFUSALS = (NotOnScreen, NothingOpened, SlackRefusal, ValueError, KeyError, TypeError, TimeoutError)


class Control:
    """The handlers; `attach` puts them in front of a stand-in that has not started yet."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack

    def attach(self) -> None:
        """Add the routes."""
        router, root = self._slack.server.app.router, "/_playground"
        router.add_get(f"{root}/identity", self._identity)
        router.add_get(f"{root}/changes", self._changes)
        router.add_get(f"{root}/calls", self._calls)
        router.add_get(f"{root}/deliveries", self._deliveries)
        router.add_get(f"{root}/users", self._users)
        router.add_post(f"{root}/users", self._add_user)
        router.add_get(f"{root}/users/{{user}}/{{what}}", self._look)
        router.add_post(f"{root}/users/{{user}}/deactivate", self._deactivate)
        router.add_post(f"{root}/users/{{user}}/act", self._act)
        router.add_post(f"{root}/send_to", self._send_to)
        router.add_post(f"{root}/faults", self._add_fault)
        router.add_delete(f"{root}/faults", self._clear_faults)

    async def _identity(self, _request: web.Request) -> web.Response:
        slack = self._slack
        return web.json_response(
            {
                "api_url": slack.api_url,
                "bot_token": slack.bot_token,
                "app_token": slack.app_token,
                "signing_secret": slack.signing_secret,
                "team_id": slack.team_id,
                "bot_user_id": slack.bot_user_id,
            }
        )

    async def _changes(self, request: web.Request) -> web.Response:
        changes = self._slack.changes
        since = int(request.query.get("since", "-1"))
        with suppress(TimeoutError):
            await changes.wait_until(lambda: changes.version > since, timeout=LONG_POLL)
        return web.json_response({"version": changes.version})

    async def _calls(self, request: web.Request) -> web.Response:
        calls = self._slack.calls(request.query.get("method"))
        return web.json_response({"calls": [asdict(call) for call in calls]})

    async def _deliveries(self, _request: web.Request) -> web.Response:
        record = self._slack.deliveries.record
        return web.json_response({"deliveries": [asdict(delivery) for delivery in record]})

    async def _users(self, _request: web.Request) -> web.Response:
        users = self._slack.workspace.users.values()
        return web.json_response({"users": [asdict(user) for user in users]})

    async def _add_user(self, request: web.Request) -> web.Response:
        body = await request.json()
        user = self._slack.add_user(
            str(body["name"]),
            email=str(body.get("email", "")),
            restricted=bool(body.get("restricted")),
            external=bool(body.get("external")),
        )
        return web.json_response({"user": asdict(user)})

    async def _deactivate(self, request: web.Request) -> web.Response:
        user = self._slack.deactivate(self._user(request))
        return web.json_response({"user": asdict(user)})

    async def _look(self, request: web.Request) -> web.Response:
        user, what = self._user(request), request.match_info["what"]
        person = self._slack.as_user(user)
        if what in ("messages", "ephemerals"):
            found = getattr(self._slack, what)(user)
            return web.json_response({what: [asdict(message) for message in found]})
        if what in ("modal", "home"):
            screen = person.modal if what == "modal" else person.home
            return web.json_response({what: describe_screen(screen)})
        raise web.HTTPNotFound

    async def _act(self, request: web.Request) -> web.Response:
        user, body = self._user(request), await request.json()
        try:
            result = await perform(self._slack, user, body)
        except REFUSALS as refusal:
            text = f"{type(refusal).__name__}: {refusal}"
            return web.json_response({"ok": False, "error": text}, status=409)
        modal, version = (
            describe_screen(self._slack.as_user(user).modal),
            self._slack.changes.version,
        )
        return web.json_response({"ok": True, **result, "modal": modal, "version": version})

    async def _send_to(self, request: web.Request) -> web.Response:
        try:
            self._slack.send_to(str((await request.json())["url"]))
        except ValueError as refusal:
            return web.json_response({"ok": False, "error": str(refusal)}, status=400)
        return web.json_response({"ok": True})

    async def _add_fault(self, request: web.Request) -> web.Response:
        body = await request.json()
        details = {k: body[k] for k in ("seconds", "status", "code") if k in body}
        fault = fault_of(FaultKind(body["kind"]), **details)
        chance = float(body.get("probability", 1))
        self._slack.faults.on(
            str(body["method"]), fault, times=body.get("times"), probability=chance
        )
        return web.json_response({"ok": True})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._slack.faults.clear()
        return web.json_response({"ok": True})

    def _user(self, request: web.Request) -> User:
        user = self._slack.workspace.users.get(request.match_info["user"])
        if user is None:
            raise web.HTTPNotFound
        return user


def describe_screen(screen: Screen | None) -> Json | None:
    """A view with what payloads leave out: what stands under its fields, and the banner."""
    if screen is None:
        return None
    extra: dict[str, Any] = {"errors": screen.errors, "trouble": screen.trouble}
    return {**screen.view, **extra}
