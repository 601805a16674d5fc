"""block_actions: somebody used an element in a message, a modal or on the Home tab."""

from __future__ import annotations

from typing import Any

from playground.fields import Field
from playground.form_state import STATE_KEYS, FormState
from playground.messages import Message
from playground.parts import Parts, Reply
from playground.rules import Json
from playground.screens import View


def describe_action(parts: Parts, field: Field, value: Any) -> Json:
    """The entry of `actions` for an element; `value` is what was chosen or entered."""
    element = field.element
    action = {
        "type": element["type"],
        "block_id": field.block_id,
        "action_id": element["action_id"],
        "action_ts": parts.api.workspace.next_ts(),
    }
    if element["type"] == "button":
        shown = ("text", "value", "style")
        return {**action, **{k: element[k] for k in shown if k in element}}
    if element["type"] == "overflow":
        return {**action, "selected_option": value}
    return {**action, STATE_KEYS[element["type"]][0]: value}


async def act_in_view(parts: Parts, view: View, field: Field, value: Any = None) -> Reply:
    """Tell the app of an element used in a modal or on the Home tab."""
    described = parts.api.screens.describe(view)
    return await parts.interact(
        view.user_id,
        "block_actions",
        container={"type": "view", "view_id": view.id},
        view=described,
        actions=[describe_action(parts, field, value)],
    )


async def act_in_message(
    parts: Parts, user_id: str, message: Message, field: Field, value: Any = None
) -> Reply:
    """Tell the app of an element used in a message; ephemeral ones are not in the payload."""
    api = parts.api
    channel = api.workspace.channel(message.channel)
    form = FormState(list(message.blocks))
    if field.element["type"] in STATE_KEYS:
        form.enter(field.block, field.element, value)
    content: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        },
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": form.snapshot()},
        "response_url": parts.response_url(api.response_urls.issue(user_id, channel, message)),
        "actions": [describe_action(parts, field, value)],
    }
    if message.ephemeral_to is None:
        content["message"] = message.describe(app_id=api.workspace.app_id)
    return await parts.interact(user_id, "block_actions", **content)
