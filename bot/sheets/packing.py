"""Values read from a file as JSON and back: they come out of a child process, and are kept."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


def pack(value: Any) -> Any:
    """A frozen dataclass of ours, and all that is in it, as JSON."""
    if dataclasses.is_dataclass(value):
        return {f.name: pack(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): pack(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(pack(each) for each in value)
    if isinstance(value, (tuple, list)):
        return [pack(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def unpack(kind: Any, packed: Any) -> Any:
    """The value of that type, from its JSON; raises LookupError or TypeError where it is none."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if packed is None:
            return None
        return unpack(next(each for each in inner if each is not type(None)), packed)
    if origin in (tuple, list, frozenset):
        return origin(unpack(inner[0], each) for each in packed)
    if origin is not None and issubclass(origin, Mapping):
        return {key: unpack(inner[1], each) for key, each in packed.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{key: unpack(hints[key], each) for key, each in packed.items()})
    if isinstance(kind, type) and issubclass(kind, date):
        return date.fromisoformat(packed)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(packed)
    return packed
