"""A lean Slack for rates: it checks nothing, but answers as Slack answers, size and all.

What is right is measured with the stand-in of the playground; here only speed is.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from typing import Any

from aiohttp import web

from bot.slack.workspace import SCOPES
from playground.form_state import FormState, with_ids

TEAM = "T0BENCH"
BOT = "UBENCHBOT"
SECRET = "bench"  # both sides are ours
Json = dict[str, Any]


class LeanSlack:
    """Answers the Web API, counts its calls, and says when a trigger or response URL was used."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.kept: list[Json] | None = None  # what is posted, while it is to be kept
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)
        self._runner = web.AppRunner(self._web(), access_log=None)

    async def start(self) -> None:
        """Listen on loopback."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def api_url(self) -> str:
        """The base of all Web API calls."""
        return f"{self.url}/api/"

    def settings(self, database_url: str) -> dict[str, str]:
        """The environment of a bot in this workspace."""
        return {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": "",
            "SLACK_API_URL": self.api_url,
            "DATABASE_URL": database_url,
            "HOST": "127.0.0.1",
            "PORT": "0",
        }

    def expect(self, key: str) -> asyncio.Future[Json]:
        """What will come for a trigger id, or to a response URL of that name."""
        self._waiting[key] = asyncio.get_running_loop().create_future()
        return self._waiting[key]

    def _web(self) -> web.Application:
        found = web.Application(client_max_size=16 * 1024 * 1024)
        found.router.add_route("*", "/api/{method}", self._api)
        found.router.add_post("/response/{key}", self._response)
        return found

    async def _response(self, request: web.Request) -> web.Response:
        self._done(request.match_info["key"], await request.json())
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls[method] += 1
        raw = await request.read()
        asked = json.loads(raw) if raw.startswith(b"{") else {}
        answer = json.dumps({"ok": True, **self._answer(method, asked)}).encode()
        headers = {"X-OAuth-Scopes": ",".join(SCOPES)} if method == "auth.test" else {}
        return web.Response(body=answer, content_type="application/json", headers=headers)

    def _answer(self, method: str, asked: Json) -> Json:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "BBENCH", "url": self.url}
            case "views.open" | "views.update" | "views.push":
                view = self._shown(asked["view"])
                self._done(str(asked.get("trigger_id", "")), view)
                return {"view": view}
            case "views.publish":
                view = self._shown(asked["view"])
                self._done(asked["user_id"], view)
                return {"view": view}
            case "chat.postMessage" | "chat.update":
                return self._posted(method, asked)
            case "users.list":
                return {"members": [], "response_metadata": {"next_cursor": ""}}
            case _:
                return {}

    def _posted(self, method: str, asked: Json) -> Json:
        if method == "chat.postMessage" and self.kept is not None:
            self.kept.append(asked)
        ts = asked.get("ts") or f"1788000000.{next(self._numbers):06d}"
        said = {key: asked.get(key) for key in ("text", "blocks", "metadata")}
        message = {"type": "message", "user": BOT, "ts": ts, "team": TEAM, **said}
        return {"channel": f"D{asked['channel'][1:]}", "ts": ts, "message": message}

    def _shown(self, view: Json) -> Json:
        number = next(self._numbers)
        blocks = with_ids(view["blocks"], prefix=f"b{number}-")
        return {
            **view,
            "id": f"V{number:08d}",
            "team_id": TEAM,
            "app_id": "ABENCH",
            "bot_id": "BBENCH",
            "blocks": blocks,
            "state": {"values": FormState(blocks).values},
            "hash": f"1788000000.{number:08d}",
            "root_view_id": f"V{number:08d}",
            "previous_view_id": None,
        }

    def _done(self, key: str, found: Json) -> None:
        waiting = self._waiting.pop(key, None)
        if waiting and not waiting.done():
            waiting.set_result(found)
