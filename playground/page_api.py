"""The page at `/`, and what it reads and moves: files, scene, one person's screen, clock.

GET  /                        the page; GET page/NAME  its parts
GET  _playground/scene        who, where to, what to type, the tour
GET  _playground/screen/U     all that one person sees now; ?inside what has just happened
GET  _playground/files/F      a file, to keep
POST _playground/clock {advance: seconds} or {to: instant}
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from playground.control import describe_screen
from playground.happened import describe_happened
from playground.messages import Message
from playground.people import User
from playground.rules import Json
from playground.scene import Scene
from playground.stand_in import SlackStandIn
from playground.travel import TOKYO, AlreadyMoving, Travel

FOLDER = Path(__file__).parent / "page"
# Nothing from elsewhere, nothing inline: what people type can be text on this page and no more.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


class PageApi:
    """The handlers; `attach` puts them in front of a stand-in that has not started yet."""

    def __init__(self, slack: SlackStandIn, *, scene: Scene, travel: Travel) -> None:
        self._slack, self._scene, self._travel = slack, scene, travel

    def attach(self) -> None:
        """Add the routes."""
        router = self._slack.server.app.router
        router.add_get("/", self._index)
        router.add_get("/page/{name}", self._part)
        router.add_get("/_playground/scene", self._look_around)
        router.add_get("/_playground/screen/{user}", self._screen)
        router.add_get("/_playground/files/{file}", self._file)
        router.add_post("/_playground/clock", self._clock)

    async def _index(self, _request: web.Request) -> web.Response:
        return _served(FOLDER / "index.html")

    async def _part(self, request: web.Request) -> web.Response:
        path = FOLDER / request.match_info["name"]
        if path.parent != FOLDER or path.suffix not in KINDS or not path.is_file():
            raise web.HTTPNotFound
        return _served(path)

    async def _look_around(self, _request: web.Request) -> web.Response:
        scene = self._scene
        return web.json_response(
            {
                "title": scene.title,
                "commands": scene.commands,
                "tour": scene.tour,
                "bot": self._slack.bot_user_id,
            }
        )

    async def _screen(self, request: web.Request) -> web.Response:
        slack = self._slack
        user = slack.workspace.users.get(request.match_info["user"])
        return web.json_response(
            {
                "version": slack.changes.version,
                "clock": self._describe_clock(),
                "people": self._people(),
                "happened": self._happened() if "inside" in request.query else [],
                "mine": self._mine(user) if user else None,
            }
        )

    def _happened(self) -> list[Json]:
        slack = self._slack
        return describe_happened(slack.workspace, slack.calls(), slack.deliveries.record)

    def _people(self) -> list[Json]:
        slack, scene = self._slack, self._scene
        users = scene.in_order(list(slack.workspace.users.values()))
        return [{**scene.describe_person(user), "news": self._news(user)} for user in users]

    def _news(self, user: User) -> list[str]:
        bot = self._slack.bot_user_id
        return [message.ts for message in self._slack.messages(user) if message.user == bot]

    def _mine(self, user: User) -> Json:
        slack = self._slack
        person, stack = slack.as_user(user), slack.screens.stack(user.id)
        shown = [*slack.messages(user), *slack.ephemerals(user)]
        return {
            "user": user.id,
            "messages": [self._message(each) for each in sorted(shown, key=lambda m: float(m.ts))],
            "modal": describe_screen(person.modal),
            "depth": len(stack),
            "home": describe_screen(person.home),
            "channels": self._channels(user),
        }

    def _channels(self, user: User) -> list[Json]:
        """The channels in which a person is, to choose from."""
        found = self._slack.workspace.channels.values()
        mine = [each for each in found if not each.is_im and user.id in each.members]
        return [{"id": each.id, "name": f"#{each.name}"} for each in mine]

    def _message(self, message: Message) -> Json:
        author = self._slack.workspace.users.get(message.user)
        return {**asdict(message), "name": author.name if author else message.user}

    def _describe_clock(self) -> Json:
        travel = self._travel
        stops = self._scene.describe_stops(travel.now(), travel.next_morning())
        return {**travel.describe(), "stops": stops}

    async def _file(self, request: web.Request) -> web.Response:
        file = self._slack.workspace.files.get(request.match_info["file"])
        if file is None or not file.complete:
            raise web.HTTPNotFound
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        kind = file.mimetype
        headers = {**HEADERS, "Content-Disposition": disposition, "Content-Type": kind}
        return web.Response(body=file.content, headers=headers)

    async def _clock(self, request: web.Request) -> web.Response:
        body = await request.json()
        if "advance" in body:
            self._slack.clock.advance(float(body["advance"]))
            self._travel.write()
            return web.json_response({"ok": True, "now": self._slack.clock.wall()})
        try:
            self._travel.start(_instant(str(body.get("to", ""))))
        except (ValueError, AlreadyMoving) as refusal:
            return web.json_response({"ok": False, "error": str(refusal)}, status=409)
        return web.json_response({"ok": True, "now": self._slack.clock.wall()})


def _served(path: Path) -> web.Response:
    return web.Response(
        body=path.read_bytes(), content_type=KINDS[path.suffix], charset="utf-8", headers=HEADERS
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("日付が読めません。") from None
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)
