"""A modal or Home tab as the person in front of it sees and uses it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from playground.actions import act_in_view
from playground.blocks import texts
from playground.errors import NothingOpened, NotOnScreen
from playground.fields import (
    Field,
    Wanted,
    fields,
    find_button,
    find_exactly,
    find_field,
    find_option,
    raw_value,
)
from playground.parts import Parts, Reply
from playground.rules import Json
from playground.screens import View
from playground.submissions import Submission, close_view, submit_view
from playground.suggestions import suggest

PATIENCE = 3.0  # real seconds that a click waits for a modal: the life of a trigger


class Screen:
    """One view; it stays the same object while the app updates the view."""

    def __init__(self, parts: Parts, view: View) -> None:
        self._parts, self._view = parts, view

    # what is to be seen

    @property
    def id(self) -> str:
        """The view's id."""
        return self._view.id

    @property
    def view(self) -> Json:
        """The view as payloads describe it, state included."""
        return self._parts.api.screens.describe(self._view)

    @property
    def title(self) -> str:
        """The title of a modal."""
        return str(self._view.payload["title"]["text"])

    @property
    def submit_text(self) -> str | None:
        """The text of the submit button, None without one."""
        submit = self._view.payload.get("submit")
        return str(submit["text"]) if submit else None

    @property
    def blocks(self) -> list[Json]:
        """The blocks, all with ids."""
        return self._view.blocks

    @property
    def visible_text(self) -> str:
        """All texts, one a line."""
        return "\n".join(texts(self.blocks))

    @property
    def errors(self) -> dict[str, str]:
        """What stands under the fields, by block_id."""
        return dict(self._view.errors)

    @property
    def trouble(self) -> str | None:
        """The banner about an app that did not answer well."""
        return self._view.trouble

    @property
    def is_open(self) -> bool:
        """Whether it is still there, hidden under another modal or not."""
        screens, user_id = self._parts.api.screens, self._view.user_id
        return self._view in screens.stack(user_id) or self._view is screens.homes.get(user_id)

    def labels(self) -> list[str]:
        """The labels of all inputs."""
        return [f.label for f in fields(self.blocks) if f.is_input]

    def buttons(self) -> list[str]:
        """The texts of all buttons in the view."""
        return [f.label for f in fields(self.blocks) if f.element["type"] == "button"]

    def is_required(self, label: str) -> bool:
        """Whether Slack asks for a value in the field."""
        return not find_field(self.blocks, label).block.get("optional", False)

    def error_under(self, label: str) -> str | None:
        """What stands under the field with this label."""
        return self._view.errors.get(find_field(self.blocks, label).block_id)

    def value_of(self, label: str) -> Any:
        """What a person sees in the field: text, date, an option's text or a list of them."""
        field = find_field(self.blocks, label)
        value = self._view.form.value(field.block, field.element)
        if isinstance(value, list):
            return [_shown(item) for item in value]
        return _shown(value)

    def options_of(self, label: str) -> list[str]:
        """The texts of the options of a field."""
        field = find_field(self.blocks, label)
        return [o["text"]["text"] for o in field.element.get("options", [])]

    async def suggested(self, label: str, text: str = "") -> list[str]:
        """The texts of what the app offers as somebody types this into the field."""
        offered = await suggest(self._parts, self._view, self._field(label), text)
        return [option["text"]["text"] for option in offered]

    # what can be done

    async def choose(self, label: str, option: str, *, typed: str = "") -> Reply | None:
        """Choose one option; the reply, if the field tells the app at once.

        Where the app is asked for options, `typed` is what the person types first.
        """
        field = self._field(label)
        if field.element["type"] == "external_select":
            offered = await suggest(self._parts, self._view, field, typed)
            field = replace(field, element={**field.element, "options": offered})
        return await self._enter(field, find_option(field, option))

    async def offered(self, block_id: str, action_id: str, text: str) -> list[Json]:
        """The options themselves, as the page shows them."""
        field = find_exactly(self.blocks, block_id, action_id)
        return await suggest(self._parts, self._view, field, text)

    async def check(self, label: str, *options: str) -> Reply | None:
        """Tick boxes, in addition to those that are ticked."""
        field = self._field(label)
        ticked = list(self._view.form.value(field.block, field.element))
        added = [find_option(field, text) for text in options]
        return await self._enter(field, ticked + [o for o in added if o not in ticked])

    async def uncheck(self, label: str, *options: str) -> Reply | None:
        """Take ticks away."""
        field = self._field(label)
        gone = [find_option(field, text) for text in options]
        ticked = self._view.form.value(field.block, field.element)
        return await self._enter(field, [o for o in ticked if o not in gone])

    async def fill(self, label: str, text: str, *, enter: bool = False) -> Reply | None:
        """Type a text instead of what is there; `enter` presses the key at the end."""
        field = self._field(label)
        config = field.element.get("dispatch_action_config") or {}
        triggers = config.get("trigger_actions_on", ["on_enter_pressed"])
        sends = "on_character_entered" in triggers or (enter and "on_enter_pressed" in triggers)
        return await self._enter(field, text, tell=sends)

    async def pick_date(self, label: str, date: str | None) -> Reply | None:
        """Pick a date, `2027-06-10`, or none."""
        return await self._enter(self._field(label), date)

    async def pick_user(self, label: str, user_id: str | None) -> Reply | None:
        """Pick a person, or none."""
        return await self._enter(self._field(label), user_id)

    async def pick_conversation(self, label: str, channel_id: str | None) -> Reply | None:
        """Pick a channel, or none."""
        return await self._enter(self._field(label), channel_id)

    async def enter(
        self, block_id: str, action_id: str, value: Any, *, pressed: bool = False
    ) -> Reply | None:
        """Put a raw value in, as the page does: a text, a date, an option's value, a list, files.

        `pressed` says that a text was ended with the Enter key. A text tells the app of
        characters where it asks for them; the same text again holds none.
        """
        self._look()
        field = find_exactly(self.blocks, block_id, action_id)
        if field.element["type"] == "file_input":
            files = [self._uploaded(each["name"], b64decode(each["content"])) for each in value]
            return await self._enter(field, files)
        config = field.element.get("dispatch_action_config") or {}
        triggers = config.get("trigger_actions_on", ["on_enter_pressed"])
        typed = field.element["type"].endswith("_input")
        changed = (value or None) != self._view.form.value(field.block, field.element)
        sends = changed and "on_character_entered" in triggers
        sends = sends or (pressed and "on_enter_pressed" in triggers)
        return await self._enter(field, raw_value(field, value), tell=sends or not typed)

    async def attach(self, label: str, name: str, content: bytes) -> Reply | None:
        """Upload a file into a file input, in addition to those that are there."""
        field = self._field(label)
        held = self._view.form.value(field.block, field.element)
        return await self._enter(field, [*held, self._uploaded(name, content)])

    def _uploaded(self, name: str, content: bytes) -> Json:
        api = self._parts.api
        return api.workspace.add_file(self._view.user_id, name, content).describe(api.base_url)

    async def press(self, text: str | None = None, **wanted: Any) -> Reply:
        """Press a button and wait for the acknowledgement only; see fields.Wanted."""
        self._look()
        field = find_button(self.blocks, Wanted(text, **wanted))
        return await act_in_view(self._parts, self._view, field)

    async def click(self, text: str | None = None, **wanted: Any) -> Screen:
        """Press a button that opens a modal, and wait for it; NothingOpened if none comes."""
        return await opened_by(self._parts, await self.press(text, **wanted))

    async def submit(self) -> Submission:
        """Press the submit button and wait for the acknowledgement."""
        self._look()
        if self.submit_text is None:
            raise NotOnScreen("the modal has no submit button")
        return await submit_view(self._parts, self._view)

    async def close(self, *, all_views: bool = False) -> Reply | None:
        """Close this modal, or with the cross all of them; the reply if the app was told."""
        self._look()
        return await close_view(self._parts, self._view, all_views=all_views)

    async def until(self, predicate: Callable[[Screen], Any], *, timeout: float = 5.0) -> Screen:
        """Wait until the app has made it so; TimeoutError after so many real seconds."""
        await self._parts.changes.wait_until(lambda: predicate(self), timeout=timeout)
        return self

    def _field(self, label: str) -> Field:
        self._look()
        return find_field(self.blocks, label)

    async def _enter(self, field: Field, value: Any, *, tell: bool = True) -> Reply | None:
        if field.element["type"] != "overflow":
            self._view.form.enter(field.block, field.element, value)
            self._view.errors.pop(field.block_id, None)
            self._parts.changes.notify()
        if not (tell and field.dispatches):
            return None
        return await act_in_view(self._parts, self._view, field, value or None)

    def _look(self) -> None:
        screens, user_id = self._parts.api.screens, self._view.user_id
        if self._view not in (screens.top(user_id), screens.homes.get(user_id)):
            raise NotOnScreen(f"view {self.id} is not what the person sees")


async def opened_by(parts: Parts, reply: Reply) -> Screen:
    """The modal that an interaction opens; NothingOpened if the trigger dies unused."""
    if reply.error:
        raise NothingOpened(reply)
    triggers, screens = parts.api.triggers, parts.api.screens
    left = PATIENCE
    while left > 0:
        try:
            view_id = await parts.changes.wait_until(
                lambda: triggers.opened(reply.trigger_id), timeout=left
            )
        except TimeoutError:
            left = triggers.left(reply.trigger_id)  # by the stand-in's own clock
        else:
            return Screen(parts, screens.find(view_id=view_id or ""))
    raise NothingOpened(reply)


def _shown(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return value["text"]["text"] if "text" in value else value["name"]
