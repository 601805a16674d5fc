"""What Slack accepts as a message, a modal or a Home tab; each check raises SlackRefusal."""

from __future__ import annotations

import json
from typing import Any

from playground import limits
from playground.blocks import HOME_KINDS, MESSAGE_KINDS, MODAL_KINDS, check_blocks, text_total
from playground.composition import plain
from playground.errors import SlackRefusal
from playground.rules import Anything, Bool, Faults, Json, Rule, Shape, Str

_VIEW_KEYS: dict[str, Rule] = {
    "blocks": Anything(),
    "private_metadata": Str(limits.PRIVATE_METADATA, 0),
    "callback_id": Str(limits.CALLBACK_ID, 0),
    "external_id": Str(limits.EXTERNAL_ID, 0),
}
_HOME = Shape({"blocks": Anything()}, {k: v for k, v in _VIEW_KEYS.items() if k != "blocks"})
_MODAL = Shape(
    {"title": plain(limits.MODAL_TITLE), "blocks": Anything()},
    {
        **_VIEW_KEYS,
        "submit": plain(limits.MODAL_TITLE),
        "close": plain(limits.MODAL_TITLE),
        "clear_on_close": Bool(),
        "notify_on_close": Bool(),
        "submit_disabled": Bool(),
    },
)


def check_message(blocks: Any, *, total: int | None = limits.MESSAGE_BLOCK_TEXT_TOTAL) -> None:
    """Refuse blocks that Slack would not take in a message.

    `total` is the undocumented bound on all text together; None where it does not apply
    (answers through a response_url).
    """
    faults = Faults()
    check_blocks(
        blocks, kinds=MESSAGE_KINDS, most=limits.MESSAGE_BLOCKS, at="/blocks", faults=faults
    )
    if faults.messages:
        raise SlackRefusal("invalid_blocks", messages=faults.messages)
    if total is not None and text_total(blocks) > total:
        raise SlackRefusal("msg_blocks_too_long")


def check_view(view: Any, *, kind: str) -> None:
    """Refuse a view that Slack would not take; `kind` is `modal` or `home`."""
    faults = Faults()
    if not isinstance(view, dict) or view.get("type") != kind:
        faults.add("/view/type", f"must be of type {kind}")
        raise SlackRefusal("invalid_arguments", messages=faults.messages)
    (_MODAL if kind == "modal" else _HOME).check(view, "/view", faults)
    check_blocks(
        view.get("blocks"),
        kinds=MODAL_KINDS if kind == "modal" else HOME_KINDS,
        most=limits.VIEW_BLOCKS,
        least=1,
        at="/view/blocks",
        faults=faults,
    )
    _check_submit(view, kind, faults)
    if faults.messages:
        raise SlackRefusal("invalid_arguments", messages=faults.messages)
    if len(json.dumps(view, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise SlackRefusal("view_too_large")


def _check_submit(view: Json, kind: str, faults: Faults) -> None:
    blocks = view.get("blocks")
    if kind != "modal" or view.get("submit") or not isinstance(blocks, list):
        return
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks):
        faults.add("/view/submit", "missing required field: submit, as there are input blocks")


def check_metadata(metadata: Any) -> None:
    """Refuse message metadata without a type or whose payload is no object."""
    rule = Shape({"event_type": Str(255), "event_payload": Anything()})
    faults = Faults()
    rule.check(metadata, "/metadata", faults)
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if faults.messages or not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_format", messages=faults.messages)
