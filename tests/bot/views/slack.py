"""What Slack would say of a payload, and what a person types into a modal: the stand-in's rules."""

from __future__ import annotations

from typing import Any

from bot.views.blocks import MESSAGE_CHARACTERS, NOTIFICATION_LIMIT, Json, Rendered
from playground.blocks import interactive_elements, text_total
from playground.form_state import FormState, stateful_elements
from playground.surfaces import check_message, check_view


def assert_message(rendered: Rendered) -> None:
    """Within Slack's limits and our own budget."""
    check_message(rendered.blocks)
    assert text_total(rendered.blocks) <= MESSAGE_CHARACTERS
    assert rendered.text
    assert len(unescaped(rendered.text)) <= NOTIFICATION_LIMIT


def assert_modal(view: Json) -> None:
    check_view(view, kind="modal")


def assert_home(view: Json) -> None:
    check_view(view, kind="home")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class Screen:
    """A modal in front of a person, who types into it."""

    def __init__(self, view: Json) -> None:
        assert_modal(view)
        self.view = view
        self.form = FormState(view["blocks"])

    def update(self, view: Json) -> None:
        """The app replaces the view; Slack keeps what was typed."""
        assert_modal(view)
        self.view = view
        self.form.take(view["blocks"])

    def enter(self, label: str, value: Any) -> None:
        """Type a text, pick a date, tick a box (True) or choose the option with that text."""
        block, element = self.find(label)
        if element["type"] in ("radio_buttons", "static_select"):
            value = next(o for o in element["options"] if o["text"]["text"] == value)
        if element["type"] == "checkboxes":
            value = element["options"] if value else []
        self.form.enter(block, element, value)

    def find(self, label: str) -> tuple[Json, Json]:
        """The input whose label starts with this."""
        for block, element in stateful_elements(self.view["blocks"]):
            if block["label"]["text"].startswith(label):
                return block, element
        raise LookupError(label)

    def labels(self) -> list[str]:
        return [block["label"]["text"] for block, _ in stateful_elements(self.view["blocks"])]

    def payload(self) -> Json:
        """The view as Slack sends it back."""
        return {**self.view, "state": {"values": self.form.snapshot()}}


def buttons(blocks: list[Json]) -> list[tuple[str, str, str]]:
    """Every button of a message as (text, action id, value)."""
    return [
        (element["text"]["text"], element["action_id"], element["value"])
        for block in blocks
        for element in interactive_elements(block)
        if element["type"] == "button"
    ]


def said(blocks: list[Json]) -> str:
    """All mrkdwn and headings of a message, one line a block."""
    lines = []
    for block in blocks:
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        lines += [each["text"] for each in texts if isinstance(each.get("text"), str)]
    return "\n".join(lines)
