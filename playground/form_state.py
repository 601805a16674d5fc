"""What a person has entered in the stateful elements of a view or message, as `state.values`."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from playground.blocks import interactive_elements
from playground.rules import Json

# element type -> (key of its value in state, key of its initial value, value when untouched)
STATE_KEYS: Final[dict[str, tuple[str, str, Any]]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "file_input": ("files", "initial_files", []),
}

Values = dict[str, dict[str, Json]]


def stateful_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that holds a value, with the block it stands in."""
    for block in blocks:
        for element in interactive_elements(block):
            if element["type"] in STATE_KEYS:
                yield block, element


class FormState:
    """The values of one view, kept over its updates as Slack keeps them."""

    def __init__(self, blocks: list[Json]) -> None:
        self.values: Values = {}
        self.take(blocks)

    def take(self, blocks: list[Json]) -> None:
        """Follow an update: a value stays where block_id and action_id are the same.

        A new initial value is then ignored (bolt-js#290); new pairs start from theirs.
        """
        before, self.values = self.values, {}
        for block, element in stateful_elements(blocks):
            block_id, action_id = block["block_id"], element["action_id"]
            kept = before.get(block_id, {}).get(action_id)
            entry = kept if kept and _still_fits(kept, element) else _initial(element)
            self.values.setdefault(block_id, {})[action_id] = entry

    def enter(self, block: Json, element: Json, value: Any) -> None:
        """Put a value in; an empty text is the same as none."""
        key, _, untouched = STATE_KEYS[element["type"]]
        entry = {"type": element["type"], key: untouched if value == "" else value}
        if element["type"] == "timepicker" and "timezone" in element:
            entry["timezone"] = element["timezone"]
        self.values[block["block_id"]][element["action_id"]] = entry

    def value(self, block: Json, element: Json) -> Any:
        """The raw value: a text, an option, a list of options, a date."""
        entry = self.values[block["block_id"]][element["action_id"]]
        return entry.get(STATE_KEYS[element["type"]][0])

    def snapshot(self, *, blocks: list[Json] | None = None) -> Values:
        """A copy of the values; with `blocks`, only what stands outside input blocks."""
        if blocks is None:
            return copy.deepcopy(self.values)
        inputs = {b["block_id"] for b in blocks if b["type"] == "input"}
        kept = {block_id: v for block_id, v in self.values.items() if block_id not in inputs}
        return copy.deepcopy(kept)


def _initial(element: Json) -> Json:
    key, initial, untouched = STATE_KEYS[element["type"]]
    value = copy.deepcopy(element.get(initial, untouched))
    entry = {"type": element["type"], key: untouched if value == "" else value}
    if element["type"] == "timepicker" and "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def _still_fits(entry: Json, element: Json) -> bool:
    if entry["type"] != element["type"]:
        return False
    chosen = entry.get("selected_option")
    values = [option["value"] for option in element.get("options", [])]
    return chosen is None or not values or chosen["value"] in values


def with_ids(blocks: list[Json] | None, *, prefix: str) -> list[Json]:
    """A copy of the blocks in which each block and element has an id, as Slack gives them."""
    named = copy.deepcopy(blocks or [])
    for number, block in enumerate(named):
        block.setdefault("block_id", f"{prefix}{number}")
        for place, element in enumerate(interactive_elements(block)):
            element.setdefault("action_id", f"{prefix}{number}-{place}")
    return named
