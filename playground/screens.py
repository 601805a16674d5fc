"""What people have in front of them: each person's stack of modals, and their Home tab."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from typing import Any

from playground import limits
from playground.changes import Changes
from playground.errors import SlackRefusal
from playground.form_state import FormState, with_ids
from playground.rules import Json


@dataclass
class View:
    """A modal or Home tab on somebody's screen.

    `errors` is what stands under the fields (block_id to text), `trouble` the banner Slack
    shows when an app did not answer well.
    """

    id: str
    user_id: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None
    form: FormState
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks as they stand now, all with ids."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        """The app's own id of the view, or an empty text."""
        return str(self.payload.get("external_id") or "")


class Screens:
    """All views of the workspace."""

    def __init__(self, *, team_id: str, app_id: str, bot_id: str, changes: Changes) -> None:
        self._identity = {"team_id": team_id, "app_id": app_id, "bot_id": bot_id}
        self._changes = changes
        self._numbers = itertools.count(1)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        """The modals a person has open, the visible one last."""
        return self.stacks.setdefault(user_id, [])

    def top(self, user_id: str) -> View | None:
        """The modal a person sees."""
        stack = self.stack(user_id)
        return stack[-1] if stack else None

    def open(self, user_id: str, payload: Json) -> View:
        """Open a modal; whatever was open before is gone."""
        self._claim_external_id(payload, None)
        view = self._new(user_id, payload, None)
        self.stacks[user_id] = [view]
        self._changes.notify()
        return view

    def push(self, user_id: str, payload: Json) -> View:
        """Put a modal on top of the visible one; `push_limit_reached` above three."""
        stack = self.stack(user_id)
        if len(stack) >= limits.VIEW_STACK:
            raise SlackRefusal("push_limit_reached")
        self._claim_external_id(payload, None)
        view = self._new(user_id, payload, stack[-1] if stack else None)
        stack.append(view)
        self._changes.notify()
        return view

    def update(self, view: View, payload: Json, *, view_hash: str | None = None) -> View:
        """Replace what a view shows and keep what was entered, by Slack's rule."""
        if view_hash and view_hash != view.hash:
            raise SlackRefusal("hash_conflict", view=self.describe(view))
        self._claim_external_id(payload, view)
        view.payload = self._named(payload, view.id)
        view.form.take(view.blocks)
        view.hash, view.errors, view.trouble = self._new_hash(), {}, None
        self._changes.notify()
        return view

    def publish(self, user_id: str, payload: Json, *, view_hash: str | None = None) -> View:
        """Show a Home tab; each person has one, with an id that stays."""
        home = self.homes.get(user_id)
        if home:
            return self.update(home, payload, view_hash=view_hash)
        self.homes[user_id] = self._new(user_id, payload, None)
        self._changes.notify()
        return self.homes[user_id]

    def close(self, view: View) -> None:
        """Take one view away; the one below it becomes visible."""
        self.stacks[view.user_id] = [v for v in self.stack(view.user_id) if v is not view]
        self._changes.notify()

    def clear(self, user_id: str) -> None:
        """Take all of a person's modals away."""
        self.stacks[user_id] = []
        self._changes.notify()

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """A view that is still there, hidden ones of a stack included; else `not_found`."""
        for view in self._all():
            if view_id == view.id or (external_id and external_id == view.external_id):
                return view
        raise SlackRefusal("not_found")

    def describe(self, view: View, *, state: Json | None = None) -> Json:
        """The view object of API answers and payloads, state included."""
        texts = ("title", "submit", "close")
        described = {key: copy.deepcopy(view.payload.get(key)) for key in texts}
        if view.payload["type"] == "home":
            described["title"] = {"type": "plain_text", "text": "View Title", "emoji": True}
        return {
            **self._identity,
            **described,
            "id": view.id,
            "type": view.payload["type"],
            "blocks": copy.deepcopy(view.blocks),
            "private_metadata": view.payload.get("private_metadata") or "",
            "callback_id": view.payload.get("callback_id") or "",
            "external_id": view.external_id,
            "state": state or {"values": view.form.snapshot()},
            "hash": view.hash,
            "clear_on_close": bool(view.payload.get("clear_on_close")),
            "notify_on_close": bool(view.payload.get("notify_on_close")),
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
            "app_installed_team_id": self._identity["team_id"],
        }

    def _new(self, user_id: str, payload: Json, below: View | None) -> View:
        view_id = f"V{next(self._numbers):08d}"
        named = self._named(payload, view_id)
        root = below.root_id if below else view_id
        form = FormState(named["blocks"])
        below_id = below.id if below else None
        return View(view_id, user_id, named, self._new_hash(), root, below_id, form)

    def _named(self, payload: Json, view_id: str) -> Json:
        return {**payload, "blocks": with_ids(payload["blocks"], prefix=f"b{view_id[-4:]}-")}

    def _new_hash(self) -> str:
        return f"1700000000.{next(self._numbers):08d}"

    def _all(self) -> list[View]:
        return [*(v for stack in self.stacks.values() for v in stack), *self.homes.values()]

    def _claim_external_id(self, payload: Json, own: View | None) -> None:
        wanted: Any = payload.get("external_id")
        if wanted and any(v.external_id == wanted for v in self._all() if v is not own):
            raise SlackRefusal("duplicate_external_id")
