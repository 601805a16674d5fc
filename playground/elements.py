"""The interactive elements that the stand-in knows: their keys, limits and places.

An element that is not here is refused loudly.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground import limits
from playground.composition import (
    CONFIRM,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    initial_is_an_option,
    options_or_groups,
    plain,
    values_are_unique,
)
from playground.rules import (
    Anything,
    Bool,
    Extra,
    Faults,
    Int,
    Json,
    ListOf,
    OneOf,
    Pattern,
    Rule,
    Shape,
    Str,
    Typed,
)

DATE = Pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "YYYY-MM-DD")
TIME = Pattern(r"([01]\d|2[0-3]):[0-5]\d", "HH:mm")
OPTION_EXTRAS: tuple[Extra, ...] = (initial_is_an_option, values_are_unique)

DISPATCH_CONFIG = Shape(
    {"trigger_actions_on": ListOf(OneOf(("on_enter_pressed", "on_character_entered")), 2)}
)


def _element(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    *,
    placeholder: bool = True,
    extra: tuple[Extra, ...] = (),
) -> Shape:
    common: dict[str, Rule] = {"action_id": Str(limits.ACTION_ID), "confirm": CONFIRM}
    common["focus_on_load"] = Bool()
    if placeholder:
        common["placeholder"] = plain(limits.PLACEHOLDER)
    return Shape(dict(required), {**common, **(optional or {})}, extra)


def _initial_value_fits(element: Json, at: str, faults: Faults) -> None:
    initial, longest = element.get("initial_value"), element.get("max_length", limits.INPUT_LENGTH)
    shortest = element.get("min_length", 0)
    if isinstance(initial, str) and isinstance(longest, int) and len(initial) > longest:
        faults.add(f"{at}/initial_value", f"must be less than {longest + 1} characters")
    if isinstance(longest, int) and isinstance(shortest, int) and shortest > longest:
        faults.add(f"{at}/min_length", "must not be greater than max_length")


def _static_select(*, many: bool) -> Shape:
    chosen: dict[str, Rule] = {"initial_option": PLAIN_OPTION}
    if many:
        chosen = {
            "initial_options": ListOf(PLAIN_OPTION, limits.SELECT_OPTIONS),
            "max_selected_items": Int(1, limits.SELECT_OPTIONS),
        }
    optional: dict[str, Rule] = {
        "options": ListOf(PLAIN_OPTION, limits.SELECT_OPTIONS),
        "option_groups": ListOf(OPTION_GROUP, limits.OPTION_GROUPS),
    }
    return _element({}, {**optional, **chosen}, extra=(*OPTION_EXTRAS, options_or_groups))


def _few_options(**chosen: Rule) -> Shape:
    options = {"options": ListOf(RICH_OPTION, limits.FEW_OPTIONS)}
    return _element(options, chosen, placeholder=False, extra=OPTION_EXTRAS)


BUTTON = _element(
    {"text": plain(limits.BUTTON_TEXT)},
    {
        "value": Str(limits.BUTTON_VALUE),
        "url": Str(limits.URL),
        "style": OneOf(("primary", "danger")),
        "accessibility_label": Str(limits.ACCESSIBILITY_LABEL),
    },
    placeholder=False,
)

PLAIN_TEXT_INPUT = _element(
    {},
    {
        "initial_value": Str(limits.INPUT_LENGTH, 0),
        "multiline": Bool(),
        "min_length": Int(0, limits.INPUT_LENGTH),
        "max_length": Int(1, limits.INPUT_LENGTH),
        "dispatch_action_config": DISPATCH_CONFIG,
    },
    extra=(_initial_value_fits,),
)

_TYPED_TEXT: dict[str, Rule] = {
    "initial_value": Str(limits.INPUT_LENGTH),
    "dispatch_action_config": DISPATCH_CONFIG,
}

ELEMENTS: dict[str, Rule] = {
    "button": BUTTON,
    "checkboxes": _few_options(initial_options=ListOf(RICH_OPTION, limits.FEW_OPTIONS)),
    "radio_buttons": _few_options(initial_option=RICH_OPTION),
    "datepicker": _element({}, {"initial_date": DATE}),
    "timepicker": _element({}, {"initial_time": TIME, "timezone": Str(255)}),
    "datetimepicker": _element(
        {}, {"initial_date_time": Int(1_000_000_000, 9_999_999_999)}, placeholder=False
    ),
    "email_text_input": _element({}, _TYPED_TEXT),
    "url_text_input": _element({}, _TYPED_TEXT),
    "number_input": _element(
        {"is_decimal_allowed": Bool()},
        {**_TYPED_TEXT, "min_value": Str(100), "max_value": Str(100)},
    ),
    "plain_text_input": PLAIN_TEXT_INPUT,
    "overflow": _element(
        {"options": ListOf(OVERFLOW_OPTION, limits.OVERFLOW_OPTIONS)},
        placeholder=False,
        extra=(values_are_unique,),
    ),
    "static_select": _static_select(many=False),
    "multi_static_select": _static_select(many=True),
    "external_select": _element(
        {}, {"initial_option": PLAIN_OPTION, "min_query_length": Int(0, limits.OPTION_TEXT)}
    ),
    "users_select": _element({}, {"initial_user": Str(255)}),
    "multi_users_select": _element(
        {}, {"initial_users": ListOf(Str(255)), "max_selected_items": Int(1, 100)}
    ),
    "conversations_select": _element(
        {},
        {
            "initial_conversation": Str(255),
            "default_to_current_conversation": Bool(),
            "response_url_enabled": Bool(),
            "filter": Anything(),
        },
    ),
    "channels_select": _element({}, {"initial_channel": Str(255), "response_url_enabled": Bool()}),
    "file_input": _element(
        {}, {"filetypes": ListOf(Str(50)), "max_files": Int(1, limits.FILES)}, placeholder=False
    ),
}

IMAGE_ELEMENT = Shape(
    {"alt_text": Str(limits.ALT_TEXT)},
    {"image_url": Str(limits.IMAGE_URL), "slack_file": Anything()},
)

_TEXT_INPUTS = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
)
IN_ACTIONS = frozenset(ELEMENTS) - _TEXT_INPUTS
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow"}

ACTIONS_ELEMENT = Typed(ELEMENTS, IN_ACTIONS)
INPUT_ELEMENT = Typed(ELEMENTS, IN_INPUT)
ACCESSORY = Typed({**ELEMENTS, "image": IMAGE_ELEMENT}, IN_ACTIONS | {"image"})
