"""Reading what was typed and chosen in a modal; everything comes back from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.errors import Refused
from bot.views.carried import UNREADABLE
from bot.views.targets import MessageAt, RegistrationTarget, Target, decode_number


@dataclass(frozen=True)
class Inputs:
    """A modal as it was submitted: what we had it carry, and its inputs by block id.

    What is missing or of another kind reads as nothing; who may do what with it is not asked here.
    """

    metadata: Mapping[str, Any]
    states: Mapping[str, Mapping[str, Any]]

    def carried(self, key: str) -> str:
        """A word of the metadata; Refused when it has none of that name."""
        found = self.metadata.get(key)
        if not isinstance(found, str):
            raise Refused(UNREADABLE)
        return found

    def number(self, key: str) -> int:
        """An id or a count of the metadata, carried as a word; Refused when it is none."""
        found = decode_number(self.carried(key))
        if found is None:
            raise Refused(UNREADABLE)
        return found

    def target(self, key: str) -> Target:
        """An item of a round; Refused when it is none."""
        found = Target.decode(self.carried(key))
        if found is None:
            raise Refused(UNREADABLE)
        return found

    def text(self, block_id: str) -> str:
        """A text input, without the white space around it."""
        return str(self._state(block_id).get("value") or "").strip()

    def chosen(self, block_id: str) -> str:
        """The value of radio buttons or a select; "" where nothing is chosen."""
        return _value(self._state(block_id).get("selected_option"))

    def ticked(self, block_id: str) -> tuple[str, ...]:
        """The values of checkboxes or of a select of several, in order."""
        found = self._state(block_id).get("selected_options")
        values = [_value(each) for each in found] if isinstance(found, list) else []
        return tuple(value for value in values if value)

    def day(self, block_id: str) -> date | None:
        """A date picker."""
        try:
            return date.fromisoformat(str(self._state(block_id).get("selected_date") or ""))
        except ValueError:
            return None

    def files(self, block_id: str) -> tuple[str, ...]:
        """The ids of the files that were chosen."""
        found = self._state(block_id).get("files")
        ids = [each.get("id") for each in found if isinstance(each, Mapping)] if found else []
        return tuple(str(each) for each in ids if each)

    def registration(self, key: str) -> RegistrationTarget:
        """A role in a unit; Refused when it is none."""
        found = RegistrationTarget.decode(self.carried(key))
        if found is None:
            raise Refused(UNREADABLE)
        return found

    def message(self, key: str) -> MessageAt:
        """Where a message of ours stands; Refused when it is no such place."""
        found = MessageAt.decode(self.carried(key))
        if found is None:
            raise Refused(UNREADABLE)
        return found

    def user(self, block_id: str) -> str:
        """A Slack user id; "" where nobody is chosen."""
        return str(self._state(block_id).get("selected_user") or "")

    def conversation(self, block_id: str) -> str:
        """A channel id, from a select of channels or of conversations."""
        state = self._state(block_id)
        return str(state.get("selected_conversation") or state.get("selected_channel") or "")

    def _state(self, block_id: str) -> Mapping[str, Any]:
        return self.states.get(block_id, {})


def read_inputs(view: Mapping[str, Any]) -> Inputs:
    """A submitted modal's inputs; Refused when its metadata is not a JSON object of ours."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, TypeError, RecursionError):
        raise Refused(UNREADABLE) from None
    if not isinstance(metadata, dict):
        raise Refused(UNREADABLE)
    return Inputs(metadata, dict(_states(view)))


def _states(view: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    found = []
    for block_id, elements in (values or {}).items() if isinstance(values, Mapping) else ():
        first = next(iter(elements.values()), None) if isinstance(elements, Mapping) else None
        if isinstance(first, Mapping):
            found.append((str(block_id), first))
    return found


def _value(chosen: Any) -> str:
    return str(chosen.get("value") or "") if isinstance(chosen, Mapping) else ""
