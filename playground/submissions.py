"""Submitting and closing a modal: what Slack itself refuses, and what the app's answer does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playground import limits
from playground.errors import SlackRefusal
from playground.fields import Field, fields
from playground.parts import Parts, Reply
from playground.rules import Json
from playground.screens import View
from playground.surfaces import check_view

MISSING = "この必須項目を入力してください"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Outcome(StrEnum):
    """How a submission ended; BLOCKED means that Slack sent nothing to the app."""

    CLOSED = "closed"
    ERRORS = "errors"
    UPDATED = "updated"
    PUSHED = "pushed"
    BLOCKED = "blocked"
    ERROR = "error"


@dataclass(frozen=True)
class Submission:
    """The end of a submission; `errors` by block_id, `error` when the app did not answer well."""

    outcome: Outcome
    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    reply: Reply | None = None


async def submit_view(parts: Parts, view: View) -> Submission:
    """Submit, unless Slack's own checks of the fields hold it back."""
    refused = check_entries(view)
    if refused:
        _show_errors(parts, view, refused)
        return Submission(Outcome.BLOCKED, refused)
    view.errors, view.trouble = {}, None
    described = parts.api.screens.describe(view)
    reply = await parts.interact(view.user_id, "view_submission", view=described, response_urls=[])
    if reply.error:
        return _show_trouble(parts, view, SlackRefusal(reply.error), reply)
    try:
        outcome = _follow(parts, view, reply.body)
    except SlackRefusal as refusal:
        return _show_trouble(parts, view, refusal, reply)
    return Submission(outcome, dict(view.errors), reply=reply)


async def close_view(parts: Parts, view: View, *, all_views: bool) -> Reply | None:
    """Close by the close button, or all of the stack by the cross.

    The app hears of it only where the view asked to be told.
    """
    screens = parts.api.screens
    cleared = all_views or bool(view.payload.get("clear_on_close"))
    told = screens.stack(view.user_id)[0] if cleared else view
    if cleared:
        screens.clear(view.user_id)
    else:
        screens.close(view)
    if not told.payload.get("notify_on_close"):
        return None
    # Inputs are left out: a closed view can't save a draft.
    state = {"values": told.form.snapshot(blocks=told.blocks)}
    described = screens.describe(told, state=state)
    return await parts.interact(view.user_id, "view_closed", view=described, is_cleared=cleared)


def check_entries(view: View) -> dict[str, str]:
    """What Slack's own form finds wrong, by block_id, before anything is sent."""
    found = {}
    for entry in fields(view.blocks):
        if entry.is_input:
            fault = _check_entry(entry, view.form.value(entry.block, entry.element))
            if fault:
                found[entry.block_id] = fault
    return found


def _check_entry(entry: Field, value: Any) -> str | None:
    if value is None or value == []:
        return None if entry.block.get("optional") else MISSING
    element, kind = entry.element, entry.element["type"]
    if kind == "plain_text_input":
        return _check_length(element, value)
    if kind == "number_input" and not NUMBER.fullmatch(value):
        return "数字を入力してください"
    if kind == "email_text_input" and not EMAIL.fullmatch(value):
        return "メールアドレスを入力してください"
    return None


def _check_length(element: Json, value: str) -> str | None:
    longest = element.get("max_length", limits.INPUT_LENGTH)
    shortest = element.get("min_length", 0)
    if len(value) > longest:
        return f"{longest}文字以内で入力してください"
    return f"{shortest}文字以上で入力してください" if len(value) < shortest else None


def _follow(parts: Parts, view: View, body: Json) -> Outcome:
    screens, action = parts.api.screens, body.get("response_action")
    if not body:
        screens.close(view)
        return Outcome.CLOSED
    if action == "clear":
        screens.clear(view.user_id)
        return Outcome.CLOSED
    if action == "errors":
        _show_errors(parts, view, _checked_errors(view, body.get("errors")))
        return Outcome.ERRORS
    if action in ("update", "push"):
        check_view(body.get("view"), kind="modal")
        if action == "push":
            screens.push(view.user_id, body["view"])
            return Outcome.PUSHED
        screens.update(view, body["view"])
        return Outcome.UPDATED
    raise SlackRefusal("invalid_response", messages=[f"not an answer to a submission: {body}"])


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {b["block_id"] for b in view.blocks if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackRefusal("invalid_errors", messages=["errors must be a non-empty object"])
    strange = sorted(set(errors) - inputs)
    if strange:
        messages = [f"no input block has these ids: {strange}"]
        raise SlackRefusal("invalid_errors", messages=messages)
    return {block_id: str(text) for block_id, text in errors.items()}


def _show_errors(parts: Parts, view: View, errors: dict[str, str]) -> None:
    view.errors = errors
    parts.changes.notify()


def _show_trouble(parts: Parts, view: View, refusal: SlackRefusal, reply: Reply) -> Submission:
    view.trouble = ": ".join([refusal.code, *refusal.messages])
    parts.changes.notify()
    return Submission(Outcome.ERROR, error=view.trouble, reply=reply)
