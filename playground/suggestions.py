"""The options of an external_select: asked of the app as somebody types (block_suggestion)."""

from __future__ import annotations

from typing import Any

from playground import limits
from playground.composition import OPTION_GROUP, PLAIN_OPTION, all_options, values_are_unique
from playground.deliveries import Delivery, Kind
from playground.errors import NotOnScreen, SlackRefusal
from playground.fields import Field
from playground.parts import Parts
from playground.rules import Faults, Json, ListOf, Shape
from playground.screens import View

USUAL_LENGTH = 3  # characters before Slack asks, where the element says nothing else

_ANSWER = Shape(
    {},
    {
        "options": ListOf(PLAIN_OPTION, limits.SELECT_OPTIONS, 0),
        "option_groups": ListOf(OPTION_GROUP, limits.OPTION_GROUPS, 0),
    },
    (values_are_unique,),
)


async def suggest(parts: Parts, view: View, field: Field, text: str) -> list[Any]:
    """What the app offers for a text that somebody types into a field of a view.

    There is no trigger: nothing may be opened from here. Raises NotOnScreen where so few
    characters ask for nothing, SlackRefusal when the app's answer is none or too long.
    """
    if field.element["type"] != "external_select":
        raise NotOnScreen(f"「{field.label}」 is no field that asks for options")
    if len(text) < field.element.get("min_query_length", USUAL_LENGTH):
        raise NotOnScreen(f"「{text}」 is too short to ask for options")
    payload = {
        **parts.base(view.user_id),
        "type": "block_suggestion",
        "action_id": field.element["action_id"],
        "block_id": field.block_id,
        "value": text,
        "container": {"type": "view", "view_id": view.id},
        "view": parts.api.screens.describe(view),
    }
    ack = await parts.deliveries.send(Delivery(Kind.INTERACTIVE, payload))
    if ack.error:
        raise SlackRefusal(ack.error)
    return _checked(ack.body)


def _checked(body: Json) -> list[Any]:
    faults = Faults()
    _ANSWER.check(body, "", faults)
    if not ("options" in body or "option_groups" in body):
        faults.add("", "must have either options or option_groups")
    if faults.messages:
        raise SlackRefusal("invalid_options", messages=faults.messages)
    return all_options(body)
