"""The demo's hand on the stand-in: who is there, what time it is, and people who answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

from bot.cli.demo_processes import LOOPBACK
from bot.domain.errors import Refused

Json = dict[str, Any]

_SLOW = 8.0  # seconds after which a form will not open any more
_PATIENCE = 60.0  # seconds for a sweep, and for the bot to do what it was asked


class Page:
    """The JSON API of a stand-in on this port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ids: dict[str, str] = {}

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{LOOPBACK}:{self._port}/"

    def add_person(self, name: str, email: str) -> None:
        """A person with an account in the stand-in's workspace."""
        self._ids[email] = self._ask("users", {"name": name, "email": email})["user"]["id"]

    def go_to(self, instant: datetime) -> None:
        """Move the clock there, and wait until all that was due on the way has been done."""
        self._ask("clock", {"to": instant.isoformat()})
        self._until(lambda: self._screen("-")["clock"]["target"] is None)
        fault = self._screen("-")["clock"]["error"]
        if fault:
            raise Refused("時計を進められませんでした。", [fault])

    def answer(self, answer: Json) -> None:
        """One person opens the notice, fills the modal in as given, and completes it."""
        user = self._ids[answer["email"]]
        near = f"取組項目{answer['initiative']}*"
        self._until(lambda: self._opens(user, near))
        self._act(user, do="choose", label="取組内容の実施見込み", option=answer["implementation"])
        self._act(user, do="choose", label="目標の達成見込み", option=answer["attainment"])
        if answer["issues"]:
            self._act(user, do="fill", label="課題と改善策", text=answer["issues"])
        done = self._act(user, do="submit")
        if done["outcome"] not in ("updated", "closed"):
            raise Refused("練習用の区の入力ができませんでした。", list(done["errors"].values()))
        if self._open(user):
            self._act(user, do="close", all=True)

    def _opens(self, user: str, near: str) -> bool:
        """Press the item's button; False when there is none yet, or a busy machine was too slow."""
        notice = self._notice(user, near)
        if notice is None:
            return False
        self._act(user, do="press", ts=notice["ts"], text="入力する", near=near)
        try:
            return bool(self._until(lambda: self._open(user) == "checkin", _SLOW))
        except Refused:
            return False

    def _notice(self, user: str, near: str) -> Json | None:
        messages = self._screen(user)["mine"]["messages"]
        return next((m for m in messages if near in json.dumps(m, ensure_ascii=False)), None)

    def _open(self, user: str) -> str | None:
        modal = self._screen(user)["mine"]["modal"]
        return modal["callback_id"] if modal else None

    def _screen(self, user: str) -> Json:
        return self._ask(f"screen/{user}")

    def _act(self, user: str, **deed: object) -> Json:
        return self._ask(f"users/{user}/act", deed)

    def _until(self, found: Callable[[], Any], seconds: float = _PATIENCE) -> Any:
        until = time.monotonic() + seconds
        while not (result := found()):
            if time.monotonic() > until:
                raise Refused("練習用の区の準備が終わりませんでした。もう一度実行してください。")
            time.sleep(0.05)
        return result

    def _ask(self, path: str, body: Json | None = None) -> Json:
        """GET, or with a body POST; Refused unless the stand-in agrees."""
        connection = HTTPConnection(LOOPBACK, self._port, timeout=_PATIENCE)
        try:
            method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
            headers = {"Content-Type": "application/json"}
            connection.request(method, f"/_playground/{quote(path)}", data, headers)
            answer: Json = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError):
            raise Refused("練習用の画面が応答しませんでした。") from None
        finally:
            connection.close()
        if answer.get("ok") is False:
            raise Refused("練習用の区の準備ができませんでした。", [str(answer.get("error"))])
        return answer
