"""What a check-in's modal carries along in its private metadata: ids, and choices off the screen.

It comes back from outside: anything that is not exactly what we wrote is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import Refused
from bot.views.blocks import Json
from bot.views.text import kept, storable, units

UNREADABLE = "画面の内容を読み取れませんでした。画面を閉じて、もう一度開いてください。"

_METADATA_LIMIT = 3000  # private_metadata (Slack, surfaces/modals)
_HELD_LIMIT = 2000
_LARGEST = 10**17  # beyond any id of ours, and within what a database can compare with


@dataclass(frozen=True)
class Carried:
    """Which item, opened on which revision; ``held`` are answers whose inputs are hidden."""

    round_id: int
    initiative_id: int
    stage: str
    revision: int = 0
    position: tuple[int, int] | None = None
    warned: frozenset[str] = frozenset()
    rival_revision: int | None = None
    correcting: bool = False
    held: Mapping[str, str] = field(default_factory=dict)


def carry(carried: Carried) -> Json:
    """The metadata, small enough for Slack."""
    return {
        "r": carried.round_id,
        "i": carried.initiative_id,
        "s": carried.stage,
        "v": carried.revision,
        "p": list(carried.position) if carried.position else None,
        "w": sorted(carried.warned)[:10],
        "rr": carried.rival_revision,
        "c": carried.correcting,
        "h": _fitting(carried.held),
    }


def _fitting(held: Mapping[str, str]) -> dict[str, str]:
    """Choices and short texts before long ones; a text too long to carry stays as it is stored."""
    fitting: dict[str, str] = {}
    for key, text in sorted(held.items(), key=lambda pair: units(pair[1])):
        sendable = kept(text, _HELD_LIMIT)
        if units(json.dumps({**fitting, key: sendable}, ensure_ascii=False)) <= _HELD_LIMIT:
            fitting[key] = sendable
    return fitting


def read_carried(metadata: object) -> Carried:
    """The metadata of a view; Refused when it is not ours."""
    text = metadata if isinstance(metadata, str) and len(metadata) <= _METADATA_LIMIT else ""
    try:
        return _parse(json.loads(text))
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Refused(UNREADABLE) from None


def _parse(raw: Any) -> Carried:
    position = raw["p"]
    return Carried(
        round_id=_number(raw["r"]),
        initiative_id=_number(raw["i"]),
        stage=_word(raw["s"]),
        revision=_number(raw["v"]),
        position=(_number(position[0]), _number(position[1])) if position else None,
        warned=frozenset(_word(key) for key in raw["w"]),
        rival_revision=None if raw["rr"] is None else _number(raw["rr"]),
        correcting=raw["c"] is True,
        held={_word(key): _word(text) for key, text in dict(raw["h"]).items()},
    )


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise TypeError
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return storable(value)
