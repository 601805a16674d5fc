"""The small language in which the Block Kit tables are written.

A rule looks at one JSON value and adds what is wrong with it, each fault with its JSON pointer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]


class Faults:
    """What is wrong with a payload, in the order in which it was found."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, sentence: str) -> None:
        """Note a fault at a JSON pointer such as `/blocks/0/text`."""
        self.messages.append(f"{sentence} [json-pointer:{pointer}]")


class Rule(Protocol):
    """Anything that can look at a value."""

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """Add a fault for each thing that Slack would refuse."""


@dataclass(frozen=True)
class Str:
    """A string of bounded length."""

    longest: int = 1_000_000
    shortest: int = 1

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """A string, neither too short nor too long."""
        if not isinstance(value, str):
            faults.add(at, "must be a string")
        elif len(value) > self.longest:
            faults.add(at, f"must be less than {self.longest + 1} characters")
        elif len(value) < self.shortest:
            faults.add(at, f"must be more than {self.shortest - 1} characters")


@dataclass(frozen=True)
class Bool:
    """true or false."""

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """A JSON boolean, not a word for one."""
        if not isinstance(value, bool):
            faults.add(at, "must be a boolean")


@dataclass(frozen=True)
class Int:
    """A whole number within bounds."""

    least: int
    most: int

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """A JSON integer within the bounds, both included."""
        if not isinstance(value, int) or isinstance(value, bool):
            faults.add(at, "must be an integer")
        elif not self.least <= value <= self.most:
            faults.add(at, f"must be between {self.least} and {self.most}")


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """One of the words."""
        if value not in self.words:
            faults.add(at, f"must be a valid enum value: {', '.join(self.words)}")


@dataclass(frozen=True)
class Pattern:
    """A string of a certain form."""

    regex: str
    form: str

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """A string that the expression matches from end to end."""
        if not isinstance(value, str) or not re.fullmatch(self.regex, value):
            faults.add(at, f"must be in the form {self.form}")


@dataclass(frozen=True)
class Anything:
    """A value that the stand-in does not look into."""

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """Nothing is wrong with it."""


@dataclass(frozen=True)
class ListOf:
    """A list of bounded length whose items all follow one rule."""

    item: Rule
    most: int = 10_000
    least: int = 1

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """A list, neither too short nor too long, and every item in it."""
        if not isinstance(value, list):
            faults.add(at, "must be an array")
            return
        if len(value) > self.most:
            faults.add(at, f"no more than {self.most} items allowed")
        if len(value) < self.least:
            faults.add(at, f"must have at least {self.least} items")
        for index, item in enumerate(value):
            self.item.check(item, f"{at}/{index}", faults)


Extra = Callable[[Json, str, Faults], None]


@dataclass(frozen=True)
class Shape:
    """An object with required and optional keys; a key that is in neither is a fault."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)
    extra: tuple[Extra, ...] = ()

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """An object, its keys, and whatever ties the keys to each other."""
        if not isinstance(value, dict):
            faults.add(at, "must be an object")
            return
        for key in self.required:
            if value.get(key) is None:
                faults.add(f"{at}/{key}", "missing required field")
        for key, item in value.items():
            self._check_key(key, item, at, faults)
        for extra in self.extra:
            extra(value, at, faults)

    def _check_key(self, key: str, item: Any, at: str, faults: Faults) -> None:
        rule = self.required.get(key) or self.optional.get(key)
        if key == "type" and rule is None:
            return
        if rule is None:
            faults.add(f"{at}/{key}", "invalid additional property")
        elif item is not None:
            rule.check(item, f"{at}/{key}", faults)


@dataclass(frozen=True)
class Typed:
    """An object whose `type` names the shape it must have, out of those allowed in its place."""

    shapes: Mapping[str, Rule]
    allowed: frozenset[str] | None = None

    def check(self, value: Any, at: str, faults: Faults) -> None:
        """The type first, and then the shape that goes with it."""
        if not isinstance(value, dict):
            faults.add(at, "must be an object")
            return
        kind = value.get("type")
        shape = self.shapes.get(kind) if isinstance(kind, str) else None
        if shape is None:
            faults.add(f"{at}/type", f"unsupported type: {kind}")
        elif self.allowed is not None and kind not in self.allowed:
            faults.add(f"{at}/type", f"type {kind} is not allowed here")
        else:
            shape.check(value, at, faults)
