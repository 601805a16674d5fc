"""What Slack sends: commands, buttons and submissions, encoded and signed as Slack does it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bot.clock import SystemClock
from bot.views.actions import ANSWER_OPEN
from bot.views.targets import Target
from playground.http_delivery import sign
from tests.bench.city import Item
from tests.bench.slack import SECRET, TEAM

Json = dict[str, Any]
_NOWHERE = "http://127.0.0.1:9/response/0"


def headers(body: bytes, content_type: str) -> dict[str, str]:
    """Of a request that is sent now."""
    seconds = int(SystemClock().now().timestamp())
    return {"Content-Type": content_type, **sign(body, secret=SECRET, timestamp=seconds)}


def command(user_id: str, text: str, *, response_url: str = _NOWHERE) -> bytes:
    """`/kaikaku` with a text."""
    fields = {
        "token": "bench",
        "team_id": TEAM,
        "team_domain": "aozora",
        "channel_id": "D0001",
        "channel_name": "directmessage",
        "user_id": user_id,
        "user_name": user_id.lower(),
        "command": "/kaikaku",
        "text": text,
        "api_app_id": "ABENCH",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": "1.x",
    }
    return urlencode(fields).encode()


def press(item: Item, label: str, *, trigger: str) -> bytes:
    """A button of an item, in the letter that asks for it."""
    value = Target(item.round_id, item.initiative_id).encode()
    return button(
        item.user_id, ANSWER_OPEN, value, trigger=trigger, label=label, blocks=_letter(item)
    )


def button(
    user_id: str,
    action_id: str,
    value: str,
    *,
    trigger: str,
    label: str = "見る",
    blocks: Sequence[Json] = (),
) -> bytes:
    """A button of a message."""
    action = {"type": "button", "block_id": "b3", "action_ts": "1788000001.000001"}
    words = {"type": "plain_text", "text": label, "emoji": False}
    ts = "1788000000.000001"
    return _interaction(
        user_id,
        "block_actions",
        trigger_id=trigger,
        response_url=_NOWHERE,
        container={"type": "message", "message_ts": ts, "channel_id": "D1", "is_ephemeral": False},
        channel={"id": "D1", "name": "directmessage"},
        message={
            "type": "message",
            "ts": ts,
            "text": "入力をお願いします",
            "blocks": list(blocks),
        },
        state={"values": {}},
        actions=[{**action, "action_id": action_id, "value": value, "text": words}],
    )


def home_opened(user_id: str, *, number: int) -> bytes:
    """The event that somebody has gone to Home; Slack numbers them."""
    event = {"type": "app_home_opened", "user": user_id, "channel": "D1", "tab": "home"}
    payload = {
        "token": "bench",
        "team_id": TEAM,
        "api_app_id": "ABENCH",
        "event": {**event, "event_ts": f"1788000000.{number:06d}"},
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": 1788000000,
    }
    return json.dumps(payload).encode()


def submission(user_id: str, view: Json, *, text: str) -> bytes:
    """The form of an item, filled in: (i), ① and a text."""
    values = {block["block_id"]: _entered(block, text) for block in view["blocks"]}
    state = {"values": {key: entry for key, entry in values.items() if entry}}
    shown = {**view, "state": state}
    return _interaction(user_id, "view_submission", trigger_id="1.x", view=shown, response_urls=[])


def _entered(block: Json, text: str) -> Json:
    element = block.get("element") or {}
    match element.get("type"):
        case "radio_buttons":
            entry = {"type": "radio_buttons", "selected_option": element["options"][0]}
        case "plain_text_input":
            entry = {"type": "plain_text_input", "value": text}
        case "checkboxes":
            entry = {"type": "checkboxes", "selected_options": []}
        case _:
            return {}
    return {element["action_id"]: entry}


def _interaction(user_id: str, kind: str, **content: Any) -> bytes:
    name = user_id.lower()
    user = {"id": user_id, "username": name, "name": name, "team_id": TEAM}
    common = {
        "type": kind,
        "user": user,
        "team": {"id": TEAM, "domain": "aozora"},
        "api_app_id": "ABENCH",
        "token": "bench",
        "enterprise": None,
        "is_enterprise_install": False,
    }
    packed = json.dumps({**common, **content}, ensure_ascii=False)
    return urlencode({"payload": packed}).encode()


def _letter(item: Item) -> list[Json]:
    """A notice of six items, as Slack sends it along with each button."""
    title = f"*取組項目{item.place}*　【地域活動への参加の促進】"
    words = {"type": "plain_text", "text": "入力する", "emoji": False}
    value = Target(item.round_id, item.initiative_id).encode()
    pressed = {"type": "button", "action_id": ANSWER_OPEN, "value": value, "text": words}
    text = {"type": "mrkdwn", "text": title, "verbatim": True}
    rows = [{"type": "section", "text": text, "accessory": pressed} for _ in range(6)]
    return [{**row, "block_id": f"b{place}"} for place, row in enumerate(rows)]
