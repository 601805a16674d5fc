"""Finding on a screen what a person would find: a field by its label, a button by its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from playground.blocks import interactive_elements, texts
from playground.composition import all_options
from playground.errors import NotOnScreen
from playground.rules import Json


@dataclass(frozen=True)
class Field:
    """An element in its block, with the words that a person knows it by."""

    block: Json
    element: Json
    label: str

    @property
    def block_id(self) -> str:
        """The key under which its errors stand."""
        return str(self.block["block_id"])

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block, with a label of its own."""
        return bool(self.block["type"] == "input")

    @property
    def dispatches(self) -> bool:
        """Whether using it tells the app at once."""
        return not self.is_input or bool(self.block.get("dispatch_action"))


@dataclass(frozen=True)
class Wanted:
    """What is known of a button: its text or ids; `near` is a text at or above it."""

    text: str | None = None
    action_id: str | None = None
    block_id: str | None = None
    value: str | None = None
    near: str | None = None
    nth: int = 0

    def fits(self, field: Field) -> bool:
        """Whether the ids fit; the text is looked at by find_button."""
        ids = (
            (self.action_id, field.element.get("action_id")),
            (self.block_id, field.block.get("block_id")),
            (self.value, field.element.get("value")),
        )
        return all(wanted is None or wanted == found for wanted, found in ids)


def fields(blocks: Iterable[Json]) -> list[Field]:
    """All that a person can use, buttons included."""
    return [Field(b, e, _label(b, e)) for b in blocks for e in interactive_elements(b)]


def find_field(blocks: Iterable[Json], label: str) -> Field:
    """The first input whose label starts so; else an element by block_id or action_id."""
    usable = [f for f in fields(blocks) if f.element["type"] != "button"]
    for field in usable:
        if field.label.startswith(label):
            return field
    for field in usable:
        if label in (field.block_id, field.element.get("action_id")):
            return field
    raise NotOnScreen(f"no field 「{label}」; there are {[f.label for f in usable]}")


def find_button(blocks: Iterable[Json], wanted: Wanted) -> Field:
    """The nth button that fits; exact texts before those that only start so."""
    buttons = [f for f in fields(_from(blocks, wanted.near)) if f.element["type"] == "button"]
    fitting = [f for f in buttons if wanted.fits(f)]
    if wanted.text is not None:
        exact = [f for f in fitting if f.label == wanted.text]
        fitting = exact or [f for f in fitting if f.label.startswith(wanted.text)]
    if len(fitting) <= wanted.nth:
        raise NotOnScreen(f"no button {wanted}; there are {[f.label for f in buttons]}")
    return fitting[wanted.nth]


def find_exactly(blocks: Iterable[Json], block_id: str, action_id: str) -> Field:
    """The element with these ids, which is no button."""
    for field in fields(blocks):
        ids = (field.block_id, field.element.get("action_id"))
        if ids == (block_id, action_id) and field.element["type"] != "button":
            return field
    raise NotOnScreen("the field is not there any more")


def raw_value(field: Field, value: Any) -> Any:
    """What the form keeps for a value from outside: options are known by their `value`."""
    by_value = {option["value"]: option for option in all_options(field.element)}
    if not by_value:
        return value
    if isinstance(value, list):
        return [by_value[each] for each in value]
    return by_value[value] if value else None


def find_option(field: Field, text: str) -> Json:
    """The option with this text, or the first that starts so."""
    options: list[Json] = all_options(field.element)
    for same in (str.__eq__, str.startswith):
        for option in options:
            if same(option["text"]["text"], text):
                return option
    raise NotOnScreen(f"no option 「{text}」; there are {[o['text']['text'] for o in options]}")


def _from(blocks: Iterable[Json], near: str | None) -> list[Json]:
    every = list(blocks)
    if near is None:
        return every
    for index, block in enumerate(every):
        if any(near in text for text in texts(block)):
            return every[index:]
    raise NotOnScreen(f"「{near}」 is nowhere")


def _label(block: Json, element: Json) -> str:
    if element["type"] == "button":
        return str(element["text"]["text"])
    if block["type"] == "input":
        return str(block["label"]["text"])
    return str((block.get("text") or {}).get("text", ""))
