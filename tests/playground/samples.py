"""Small blocks and views of a ward that does not exist."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

OUTLOOK = ("① 達成できる見込み", "② 達成できない見込み")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "窓口の待ち時間", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "入力する", action_id: str = "enter", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str = "") -> Json:
    return {"text": plain(text), "value": value or text[:1]}


def text_input(
    label: str = "課題と改善策", *, block_id: str = "issues", optional: bool = False, **element: Any
) -> Json:
    inner = {"type": "plain_text_input", "action_id": "text", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": optional,
        "element": inner,
    }


def radio(label: str = "目標の達成見込み", *, block_id: str = "outlook", **more: Any) -> Json:
    element = {
        "type": "radio_buttons",
        "action_id": "choice",
        "options": [option(text) for text in OUTLOOK],
    }
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def modal(*blocks: Json, title: str = "中間確認", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "check-in",
        "title": plain(title),
        "submit": plain("送信"),
        "blocks": list(blocks) or [section()],
        **more,
    }


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}
