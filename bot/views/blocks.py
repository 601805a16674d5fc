"""The few Block Kit constructors that all screens are made of; each fits its text to limits.

Strings for section and context are mrkdwn: what people wrote goes through bot.views.text.escape
on its way in. All other strings are plain text and are shown as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.views.text import TEXT_LIMIT, clean, cut, units

Json = dict[str, Any]

# Slack's reference pages block-kit/blocks, block-elements, composition-objects, surfaces/modals.
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
HEADER_LIMIT = 150
LABEL_LIMIT = 2000
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
PLACEHOLDER_LIMIT = 150
TITLE_LIMIT = 24
CONTEXT_ELEMENTS = 10
RADIO_OPTIONS = 10
SELECT_OPTIONS = 100

# Undocumented: messages were refused with msg_blocks_too_long from 11,341 characters upwards.
MESSAGE_CHARACTERS = 10_000
NOTIFICATION_LIMIT = 60  # wording.md 0, rule 11

_EMPTY = "—"


@dataclass(frozen=True)
class Rendered:
    """A message: ``text`` stands alone in a notification (60 characters at most), with blocks."""

    text: str
    blocks: list[Json]


def mrkdwn(text: str) -> Json:
    """A mrkdwn text object in which Slack looks for no links and mentions."""
    return {"type": "mrkdwn", "text": _fit(text), "verbatim": True}


def plain(text: str, most: int = TEXT_LIMIT) -> Json:
    """A plain_text object; ``:name:`` stays as it was typed."""
    return {"type": "plain_text", "text": cut(clean(text), most) or _EMPTY, "emoji": False}


def section(text: str, accessory: Json | None = None) -> Json:
    """A paragraph of mrkdwn, with a button beside it."""
    block: Json = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def paragraph(text: str) -> Json:
    """A paragraph of plain text: what is copied is what was written."""
    return {"type": "section", "text": plain(text)}


def header(text: str) -> Json:
    """A heading in plain text."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def context(*texts: str) -> Json:
    """Small print; one element a text, ten at most."""
    shown = [text for text in texts if text][:CONTEXT_ELEMENTS]
    return {"type": "context", "elements": [mrkdwn(text) for text in shown or [_EMPTY]]}


def divider() -> Json:
    """A line across."""
    return {"type": "divider"}


def actions(*buttons: Json) -> Json:
    """Buttons side by side; their action ids must differ."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action_id: str, value: str, *, says: str = "", primary: bool = False) -> Json:
    """A button; ``says`` is what a screen reader says where the text alone is not enough."""
    element: Json = {
        "type": "button",
        "text": plain(text, BUTTON_LIMIT),
        "action_id": action_id,
        "value": value,
    }
    if says:
        element["accessibility_label"] = cut(clean(says), BUTTON_LIMIT)
    return {**element, "style": "primary"} if primary else element


def option(text: str, value: str, *, description: str = "") -> Json:
    """One choice of radio buttons, a select or checkboxes, with a smaller line under it."""
    element: Json = {"text": plain(text, OPTION_LIMIT), "value": value}
    return {**element, "description": plain(description, OPTION_LIMIT)} if description else element


def choice(action_id: str, options: Sequence[Json], chosen: str | None) -> Json:
    """Radio buttons, or a select where there are more than radio buttons take."""
    kind = "radio_buttons" if len(options) <= RADIO_OPTIONS else "static_select"
    element: Json = {"type": kind, "action_id": action_id, "options": list(options)}
    initial = next((each for each in options if each["value"] == chosen), None)
    return {**element, "initial_option": initial} if initial else element


def select(
    action_id: str, options: Sequence[Json], chosen: str | None = None, *, says: str = ""
) -> Json:
    """One of up to a hundred options; unlike radio buttons it can be left again.

    ``says`` stands in it while nothing is chosen.
    """
    element: Json = {"type": "static_select", "action_id": action_id}
    if says:
        element["placeholder"] = plain(says, PLACEHOLDER_LIMIT)
    element["options"] = list(options)[:SELECT_OPTIONS]
    initial = next((each for each in options if each["value"] == chosen), None)
    return {**element, "initial_option": initial} if initial else element


def external_select(action_id: str, chosen: Json | None = None, *, placeholder: str = "") -> Json:
    """One of more options than a list takes: the app is asked for them as somebody types."""
    element: Json = {"type": "external_select", "action_id": action_id, "min_query_length": 0}
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER_LIMIT)
    return {**element, "initial_option": chosen} if chosen else element


def checkbox(action_id: str, only: Json, *, ticked: bool) -> Json:
    """One box to tick."""
    element: Json = {"type": "checkboxes", "action_id": action_id, "options": [only]}
    return {**element, "initial_options": [only]} if ticked else element


def checkboxes(action_id: str, options: Sequence[Json], ticked: Sequence[str] = ()) -> Json:
    """Up to ten boxes; ``ticked`` are the values of those ticked at first."""
    element: Json = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    initial = [each for each in options if each["value"] in ticked]
    return {**element, "initial_options": initial} if initial else element


def date_picker(action_id: str, chosen: str | None) -> Json:
    """A date; ``chosen`` is YYYY-MM-DD."""
    element: Json = {"type": "datepicker", "action_id": action_id}
    return {**element, "initial_date": chosen} if chosen else element


def user_picker(action_id: str, chosen: str = "") -> Json:
    """A person of the workspace, found by typing; ``chosen`` is a Slack user id."""
    element: Json = {"type": "users_select", "action_id": action_id}
    return {**element, "initial_user": chosen} if chosen else element


def channel_picker(action_id: str, chosen: str = "") -> Json:
    """A channel, public or private, that is not shared with others; found by typing."""
    element: Json = {
        "type": "conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    return {**element, "initial_conversation": chosen} if chosen else element


def multi_select(action_id: str, options: Sequence[Json], chosen: Sequence[str] = ()) -> Json:
    """Several of up to a hundred options; ``chosen`` are the values of those chosen at first."""
    element: Json = {
        "type": "multi_static_select",
        "action_id": action_id,
        "options": list(options)[:SELECT_OPTIONS],
    }
    initial = [each for each in element["options"] if each["value"] in chosen]
    return {**element, "initial_options": initial} if initial else element


def file_input(action_id: str, *, most: int) -> Json:
    """Files, ``most`` of them; of which kind is told by their content."""
    return {"type": "file_input", "action_id": action_id, "max_files": most}


def line_input(action_id: str, initial: str, *, most: int) -> Json:
    """One line of text."""
    element: Json = {"type": "plain_text_input", "action_id": action_id, "max_length": most}
    return {**element, "initial_value": initial} if initial else element


def text_input(action_id: str, initial: str, *, placeholder: str = "", most: int) -> Json:
    """Several lines of text; ``initial`` is given back to the letter as long as it fits.

    In an input that dispatches it tells of every change, not only of the Enter key.
    """
    element: Json = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": True,
        "max_length": most,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }
    if placeholder:
        element["placeholder"] = plain(placeholder, PLACEHOLDER_LIMIT)
    return {**element, "initial_value": initial} if initial else element


def input_(
    block_id: str,
    label: str,
    element: Json,
    *,
    hint: str = "",
    dispatches: bool = False,
    required: bool = False,
) -> Json:
    """An input. Slack writes 「(任意)」 behind the label of what is not ``required``."""
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_LIMIT),
        "element": element,
        "optional": not required,
    }
    if hint:
        block["hint"] = plain(hint, LABEL_LIMIT)
    return {**block, "dispatch_action": True} if dispatches else block


def modal(
    title: str,
    blocks: Iterable[Json],
    *,
    callback_id: str,
    metadata: Json | None = None,
    submit: str = "",
    close: str = "閉じる",
    tells_of_closing: bool = False,
) -> Json:
    """A modal view of at most 100 blocks."""
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    if metadata is not None:
        view["private_metadata"] = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
    if tells_of_closing:
        view["notify_on_close"] = True
    return {**view, "submit": plain(submit, TITLE_LIMIT)} if submit else view


def characters(blocks: Iterable[Json]) -> int:
    """How much of a message's budget blocks take: all their text, in UTF-16 units."""
    return sum(units(text) for text in _texts(list(blocks)))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                yield from [item] if key in ("text", "alt_text") else []
            else:
                yield from _texts(item)


def _fit(text: str) -> str:
    """A last resort: no entity is left half cut."""
    if units(text) <= TEXT_LIMIT:
        return text if text.strip() else _EMPTY
    return re.sub(r"&[a-z]*…$", "…", cut(text, TEXT_LIMIT))
