"""Text objects, options and confirmation dialogs: the small objects that elements are made of."""

from __future__ import annotations

from typing import Any

from playground import limits
from playground.rules import Bool, Faults, Json, ListOf, OneOf, Rule, Shape, Str, Typed


def plain(longest: int, *, shortest: int = 1) -> Rule:
    """A text object that must be plain_text."""
    return Typed({"plain_text": _plain_shape(longest, shortest)})


def either(longest: int) -> Rule:
    """A text object that may be plain_text or mrkdwn."""
    shapes = {"plain_text": _plain_shape(longest, 1), "mrkdwn": _mrkdwn_shape(longest)}
    return Typed(shapes)


def mrkdwn(longest: int) -> Rule:
    """A text object that must be mrkdwn."""
    return Typed({"mrkdwn": _mrkdwn_shape(longest)})


def _plain_shape(longest: int, shortest: int) -> Rule:
    return Shape({"text": Str(longest, shortest)}, {"emoji": Bool()})


def _mrkdwn_shape(longest: int) -> Rule:
    return Shape({"text": Str(longest)}, {"verbatim": Bool()})


def option(*, text: Rule, url: bool = False) -> Rule:
    """An option; only those of an overflow menu may carry a url."""
    optional: dict[str, Rule] = {"description": either(limits.OPTION_DESCRIPTION)}
    if url:
        optional["url"] = Str(limits.URL)
    return Shape({"text": text, "value": Str(limits.OPTION_VALUE)}, optional)


PLAIN_OPTION = option(text=plain(limits.OPTION_TEXT))
RICH_OPTION = option(text=either(limits.OPTION_TEXT))
OVERFLOW_OPTION = option(text=plain(limits.OPTION_TEXT), url=True)

CONFIRM = Shape(
    {
        "title": plain(limits.CONFIRM_TITLE),
        "text": either(limits.CONFIRM_TEXT),
        "confirm": plain(limits.CONFIRM_BUTTON),
        "deny": plain(limits.CONFIRM_BUTTON),
    },
    {"style": OneOf(("primary", "danger"))},
)

OPTION_GROUP = Shape(
    {
        "label": plain(limits.GROUP_LABEL),
        "options": ListOf(PLAIN_OPTION, limits.SELECT_OPTIONS),
    }
)


def all_options(element: Json) -> list[Any]:
    """The options of an element, those in groups included."""
    groups = _list(element.get("option_groups"))
    grouped = [o for g in groups if isinstance(g, dict) for o in _list(g.get("options"))]
    return _list(element.get("options")) + grouped


def initial_is_an_option(element: Json, at: str, faults: Faults) -> None:
    """What is chosen at first must be, to the letter, one of the options."""
    options = all_options(element)
    initial = element.get("initial_option")
    if initial is not None and initial not in options:
        faults.add(f"{at}/initial_option", "must be one of the provided options")
    for index, chosen in enumerate(_list(element.get("initial_options"))):
        if chosen not in options:
            faults.add(f"{at}/initial_options/{index}", "must be one of the provided options")


def values_are_unique(element: Json, at: str, faults: Faults) -> None:
    """Two options with one value cannot be told apart."""
    values = [o.get("value") for o in all_options(element) if isinstance(o, dict)]
    if len(set(map(str, values))) != len(values):
        faults.add(f"{at}/options", "must have unique values")


def options_or_groups(element: Json, at: str, faults: Faults) -> None:
    """A static select has options or groups, not both and not neither."""
    if (element.get("options") is None) == (element.get("option_groups") is None):
        faults.add(at, "must have either options or option_groups")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
