"""What a payload of Slack's looks like: its parts have the types that Bolt and handlers rely on.

A signature says who sent something, not that it is whole. What has another shape is refused here,
once for both ways in, before anybody looks into it.
"""

from __future__ import annotations

import json
import re
from binascii import a2b_qp
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

Check = Callable[[object], bool]

_JSON = "application/json"
_FORM_FIELDS = 100  # a slash command has about 15
# Ids of Slack's and ours: 255 characters at most (Slack, block-kit), nothing but visible ASCII.
_ID = re.compile(r"[\x21-\x7e]{1,255}")
# Where answers go: nothing leaves this machine unencrypted.
_ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?/|http://(127\.0\.0\.1|localhost)(:\d+)?/", re.ASCII)
_TIME = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)


def read_body(body: bytes, content_type: str) -> object:
    """The payload in the body of a request: JSON, or a form with or without JSON in it.

    Raises ValueError or RecursionError when it is neither.
    """
    text = body.decode()
    if content_type == _JSON or text.startswith("{"):
        return _from_json(text)
    form = _form(text)
    return _from_json(form["payload"]) if "payload" in form else form


def is_whole(payload: object) -> bool:
    """Whether it is something that Slack sends, with every part that is looked at."""
    if not isinstance(payload, Mapping) or not _looks_ours(payload):
        return False
    if "command" in payload:
        return _COMMAND(payload)
    if "ssl_check" in payload:
        return True
    if payload.get("type") == "event_callback":
        return _is_event(payload)
    check = _KINDS.get(str(payload.get("type")))
    return check is not None and check(payload)


def _form(text: str) -> dict[str, str]:
    """What urllib's parse_qsl reads, which takes longest of all over a payload in Japanese."""
    if text.count("&") >= _FORM_FIELDS:
        raise ValueError("no request of Slack's has so many fields")
    parts = [part.partition("=") for part in text.split("&") if part]
    return {_unquoted(name): _unquoted(value) for name, _, value in parts}


def _unquoted(text: str) -> str:
    """As unquote_plus reads it, in one pass: this is quoted-printable with another sign."""
    # A line break, which no form has, would be taken for a soft one after a sign.
    if text.isascii() and "\n" not in text and "\r" not in text:
        read = a2b_qp(text.replace("=", "=3D").replace("+", " ").replace("%", "="))
        # An escape makes one byte of three characters; a broken one does not.
        if len(read) == len(text) - 2 * text.count("%"):
            return read.decode("utf-8", "replace")
    return unquote_plus(text)


def _from_json(text: str) -> object:
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def _is_text_or_object(value: object) -> bool:
    return isinstance(value, (str, Mapping))


def _object(needed: Mapping[str, Check] | None = None, **known: Check) -> Check:
    """An object: what is ``needed`` must be there, what is ``known`` may be missing or null."""
    must = (needed or {}).items()
    may = known.items()

    def check(value: object) -> bool:
        if not isinstance(value, Mapping):
            return False
        return all(key in value and fits(value[key]) for key, fits in must) and all(
            value.get(key) is None or fits(value[key]) for key, fits in may
        )

    return check


def _each(part: Check) -> Check:
    """A list, everything in which is such a part."""
    return lambda value: isinstance(value, list) and all(part(each) for each in value)


def _every(part: Check) -> Check:
    """An object, everything in which is such a part."""
    return lambda value: isinstance(value, Mapping) and all(map(part, value.values()))


_ANY_OBJECT = _object()
_USER = _object({"id": _is_id}, team_id=_is_id)
_HOME = _object(id=_is_id)
_MEMBER = _object(
    {"id": _is_id},
    team_id=_is_id,
    enterprise_user=_object(teams=_each(_is_id)),
    **dict.fromkeys(("deleted", "is_restricted", "is_ultra_restricted"), _is_flag),
)
_BLOCK = _object(type=_is_text, block_id=_is_text, element=_ANY_OBJECT)
_VIEW = _object(
    {"id": _is_id, "type": _is_id, "callback_id": _is_text},
    hash=_is_text,
    private_metadata=_is_text,
    blocks=_each(_BLOCK),
    state=_object(values=_every(_every(_ANY_OBJECT))),
    submit=_object(text=_is_text),
)
_ACTION = _object(
    {"action_id": _is_id},
    type=_is_text,
    block_id=_is_text,
    value=_is_text,
    text=_object(text=_is_text),
    action_ts=_is_time,
)
_PERSONS = {"user": _USER}  # what somebody did: who it was is never missing
_BESIDE: dict[str, Any] = {
    "team": _HOME,
    "enterprise": _HOME,
    "response_url": _is_address,
    "container": _ANY_OBJECT,
}

_COMMAND = _object(
    {"command": _is_text, "user_id": _is_id, "trigger_id": _is_id},
    team_id=_is_id,
    text=_is_text,
    response_url=_is_address,
)
_EVENT = _object({"type": _is_id}, tab=_is_text, subtype=_is_text, channel_type=_is_text)
_EVENTS: dict[str, Check] = {
    "message": _object(channel=_is_id, user=_is_id),
    "app_home_opened": _object({"user": _is_id}),
    "user_change": _object({"user": _MEMBER}),
}

_KINDS: dict[str, Check] = {
    "block_actions": _object(
        {
            **_PERSONS,
            "trigger_id": _is_id,
            "actions": lambda value: bool(value) and _each(_ACTION)(value),
        },
        view=_VIEW,
        **_BESIDE,
    ),
    "block_suggestion": _object(
        {**_PERSONS, "action_id": _is_id, "value": _is_text},
        block_id=_is_text,
        view=_VIEW,
        **_BESIDE,
    ),
    "view_submission": _object({**_PERSONS, "view": _VIEW}, **_BESIDE),
    "view_closed": _object({**_PERSONS, "view": _VIEW}, **_BESIDE),
    "shortcut": _object({**_PERSONS, "callback_id": _is_text}, **_BESIDE),
    "message_action": _object({**_PERSONS, "callback_id": _is_text}, **_BESIDE),
    "url_verification": _object({"challenge": _is_text}),
}


_EVENT_CALLBACK = _object({"event": _EVENT}, team_id=_is_id, event_id=_is_id)


def _is_event(payload: Mapping[str, Any]) -> bool:
    if not _EVENT_CALLBACK(payload):
        return False
    check = _EVENTS.get(payload["event"]["type"])
    return check is None or check(payload["event"])


# Bolt looks for ids in every payload, and in what stands within, however deep.
_INSIDE = ("event", "item", "message", "previous_message", "assistant_thread", "function_data")
_DEEPEST = 4
_LOOKED_AT = _object(
    None,
    **dict.fromkeys(("user", "team", "enterprise", "channel"), _is_text_or_object),
    **dict.fromkeys(_INSIDE, _ANY_OBJECT),
    authorizations=_each(_ANY_OBJECT),
    view=_ANY_OBJECT,
)


def _looks_ours(payload: Mapping[str, Any], *, depth: int = 0) -> bool:
    if depth > _DEEPEST or not _LOOKED_AT(payload):
        return False
    if "response_urls" in payload and not _each(_ANY_OBJECT)(payload["response_urls"]):
        return False
    inside = [payload[key] for key in _INSIDE if payload.get(key)]
    inside += payload.get("authorizations") or []
    return all(_looks_ours(each, depth=depth + 1) for each in inside)
