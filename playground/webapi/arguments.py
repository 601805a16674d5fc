"""The arguments of a call, wherever they were put: query, form, multipart or JSON, all merged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.errors import SlackRefusal


@dataclass(frozen=True)
class Arguments:
    """The merged arguments of one call, without its token."""

    values: dict[str, Any]

    def text(self, name: str) -> str:
        """A text, or an empty one."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """A text that must be there (`invalid_arguments`)."""
        if not self.text(name):
            raise SlackRefusal("invalid_arguments", messages=[f"missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        """A boolean, which comes as JSON or as one of Slack's words for true."""
        return self.values.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int) -> int:
        """A whole number, which may come as text (`invalid_arguments` if it is none)."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except ValueError:
            raise SlackRefusal("invalid_arguments", messages=[f"not a number: {name}"]) from None

    def structure(self, name: str, *, refusal: str = "invalid_arguments") -> Any:
        """A JSON value, which may come as text; None when it is not there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackRefusal(refusal) from None


async def read_call(request: web.Request) -> tuple[str, Arguments]:
    """The token (empty if none) and the arguments; what is in the body wins over the query."""
    values: dict[str, Any] = {**request.query, **await _body(request)}
    token = str(values.pop("token", "") or "")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return (bearer.strip() if scheme.lower() == "bearer" else token), Arguments(values)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        return dict(await request.post())
    raw = await request.text()
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise SlackRefusal("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackRefusal("json_not_object")
    return body
