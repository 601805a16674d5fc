"""The blocks that the stand-in knows, and the check of a whole list of them for one surface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from playground import limits
from playground.composition import either, plain
from playground.elements import ACCESSORY, ACTIONS_ELEMENT, IMAGE_ELEMENT, INPUT_ELEMENT
from playground.rich_text import RICH_TEXT, TABLE, check_cells_together
from playground.rules import Anything, Bool, Faults, Json, ListOf, OneOf, Rule, Shape, Str, Typed

ID: dict[str, Rule] = {"block_id": Str(limits.BLOCK_ID)}


def _text_or_fields(block: Json, at: str, faults: Faults) -> None:
    if block.get("text") is None and not block.get("fields"):
        faults.add(at, "must define either text or fields")


def _no_dispatch_of_files(block: Json, at: str, faults: Faults) -> None:
    element = block.get("element")
    is_file = isinstance(element, dict) and element.get("type") == "file_input"
    if is_file and block.get("dispatch_action"):
        faults.add(f"{at}/dispatch_action", "file_input cannot dispatch actions")


def _url_or_file(block: Json, at: str, faults: Faults) -> None:
    if (block.get("image_url") is None) == (block.get("slack_file") is None):
        faults.add(at, "must have either image_url or slack_file")


BLOCKS: dict[str, Rule] = {
    "section": Shape(
        {},
        {
            **ID,
            "text": either(limits.TEXT),
            "fields": ListOf(either(limits.FIELD), limits.FIELDS),
            "accessory": ACCESSORY,
            "expand": Bool(),
        },
        (_text_or_fields,),
    ),
    "divider": Shape({}, ID),
    "header": Shape({"text": plain(limits.HEADER)}, ID),
    "context": Shape(
        {
            "elements": ListOf(
                Typed(
                    {
                        "image": IMAGE_ELEMENT,
                        "plain_text": Shape({"text": Str(limits.TEXT)}, {"emoji": Bool()}),
                        "mrkdwn": Shape({"text": Str(limits.TEXT)}, {"verbatim": Bool()}),
                    }
                ),
                limits.CONTEXT_ELEMENTS,
            )
        },
        ID,
    ),
    "actions": Shape({"elements": ListOf(ACTIONS_ELEMENT, limits.ACTIONS_ELEMENTS)}, ID),
    "input": Shape(
        {"label": plain(limits.LABEL), "element": INPUT_ELEMENT},
        {**ID, "hint": plain(limits.LABEL), "optional": Bool(), "dispatch_action": Bool()},
        (_no_dispatch_of_files,),
    ),
    "image": Shape(
        {"alt_text": Str(limits.ALT_TEXT)},
        {
            **ID,
            "image_url": Str(limits.IMAGE_URL),
            "slack_file": Anything(),
            "title": plain(limits.ALT_TEXT),
        },
        (_url_or_file,),
    ),
    "rich_text": Shape(RICH_TEXT, ID),
    "markdown": Shape({"text": Str(limits.MARKDOWN_TOTAL)}, ID),
    "table": Shape(
        TABLE,
        {**ID, "column_settings": ListOf(Anything(), limits.TABLE_COLUMNS)},
        (check_cells_together,),
    ),
    "alert": Shape(
        {"text": either(limits.TEXT)},
        {**ID, "level": OneOf(("default", "info", "warning", "error", "success"))},
    ),
}

_EVERYWHERE = frozenset(
    {"section", "divider", "header", "context", "actions", "input", "image", "rich_text"}
)
MESSAGE_KINDS = _EVERYWHERE | {"markdown", "table"}
MODAL_KINDS = _EVERYWHERE | {"alert"}
HOME_KINDS = _EVERYWHERE | {"table"}


def check_blocks(
    blocks: Any, *, kinds: frozenset[str], most: int, at: str, faults: Faults, least: int = 0
) -> None:
    """Check a list of blocks by the rules of one surface, ids included."""
    ListOf(Typed(BLOCKS, kinds), most, least).check(blocks, at, faults)
    if isinstance(blocks, list):
        _check_ids([b for b in blocks if isinstance(b, dict)], at, faults)


def _check_ids(blocks: list[Json], at: str, faults: Faults) -> None:
    for block_id in _repeated(b.get("block_id") for b in blocks):
        faults.add(at, f"`block_id` {block_id} already exists")
    focused = 0
    for index, block in enumerate(blocks):
        elements = list(interactive_elements(block))
        for action_id in _repeated(e.get("action_id") for e in elements):
            faults.add(f"{at}/{index}", f"`action_id` {action_id} already exists")
        focused += sum(e.get("focus_on_load") is True for e in elements)
    if focused > 1:
        faults.add(at, "only one element can have focus_on_load")


def _repeated(ids: Iterable[Any]) -> list[str]:
    return [i for i, n in Counter(i for i in ids if isinstance(i, str)).items() if n > 1]


def interactive_elements(block: Json) -> Iterator[Json]:
    """The elements of a block that a person can use, in the order in which they stand."""
    places = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        places += block["elements"]
    for element in places:
        if isinstance(element, dict) and element.get("type") != "image":
            yield element


def text_total(value: Any) -> int:
    """Characters of every text in the blocks; what the undocumented total is measured by."""
    return sum(len(text) for text in texts(value))


def texts(value: Any) -> Iterator[str]:
    """Every string that people see in blocks, in reading order."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("text", "alt_text", "label") and isinstance(item, str):
                yield item
            else:
                yield from texts(item)
