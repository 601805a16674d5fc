"""The inputs of a check-in, made from a form's data, and the reading of what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.answers import YES, Answers, holds, is_asked, is_required, prompts
from bot.domain.fields import Field
from bot.domain.form import Kind, Question, Required
from bot.views.actions import FIELD, NOTED
from bot.views.blocks import (
    Json,
    checkbox,
    choice,
    context,
    date_picker,
    input_,
    option,
    section,
    text_input,
)
from bot.views.text import bold, clean, escape, escape_line, kept, storable
from bot.views.words import WIDE, option_words

_NAME_LIMIT = 300
_TARGET_SHOWN = 600
_COUNTS_LENGTH = 100


def field_blocks(
    fields: Sequence[Field], answers: Answers, *, prefix: str, warnings: Mapping[str, str]
) -> Iterator[Json]:
    """What one check-in asks, given what has been chosen; ``warnings`` stand under their field.

    Block ids are ``prefix`` and the field's key: stable while a choice changes the screen, and
    different for the next item, so that one item's text never runs into the next.
    """
    name = ""
    for field in fields:
        if not is_asked(field, fields, answers):
            continue
        if field.name and field.name != name:
            yield section(_about(field))
        name = field.name
        yield (
            _locked(field) if is_locked(field, answers) else _input(field, fields, answers, prefix)
        )
        yield from (context(text) for text in prompts(field, answers))
        if field.key in warnings:
            yield section(warnings[field.key])


def _about(field: Field) -> str:
    """The indicator that is asked about, and its target."""
    name = bold(escape_line(field.name, _NAME_LIMIT))
    return f"{name}\n目標：{escape(field.target, _TARGET_SHOWN)}" if field.target else name


def is_locked(field: Field, answers: Answers) -> bool:
    """Whether a flag is ticked by another answer and cannot be taken back here."""
    return field.question.kind is Kind.FLAG and holds(field.question.forced_by, field, answers)


def held_back(fields: Sequence[Field], answers: Answers) -> dict[str, str]:
    """Answers whose inputs are off the screen for now, so that they return when those do."""
    return {
        field.key: answers[field.key]
        for field in fields
        if answers.get(field.key)
        and (is_locked(field, answers) or not is_asked(field, fields, answers))
    }


def steers(question: Question, fields: Sequence[Field]) -> bool:
    """Whether an answer changes what else is asked, so that the screen must be built again."""
    return any(option.exempts for option in question.options) or any(
        condition is not None and condition.question == question.key
        for field in fields
        for condition in _conditions(field.question)
    )


def read_element(state: Mapping[str, Any]) -> str | None:
    """What one input holds: "" when cleared, None when it is no input of ours."""
    match state.get("type"):
        case "plain_text_input":
            return _string(state.get("value"))
        case "radio_buttons" | "static_select":
            chosen = state.get("selected_option")
            return _string(chosen.get("value")) if isinstance(chosen, Mapping) else ""
        case "checkboxes":
            return YES if state.get("selected_options") else ""
        case "datepicker":
            return _string(state.get("selected_date"))
        case _:
            return None


def shown_at_first(element: object) -> Json | None:
    """The state of an input that nobody has touched; None when it was shown empty."""
    if not isinstance(element, Mapping):
        return None
    pairs = {
        "initial_value": "value",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
        "initial_date": "selected_date",
    }
    held = {pairs[key]: element[key] for key in pairs if element.get(key)}
    return {"type": element.get("type"), **held} if held else None


def _conditions(question: Question) -> Iterator[Required]:
    yield from (question.required, question.asked, question.forced_by)
    yield from (prompt.when for prompt in question.prompts)


def _input(field: Field, fields: Sequence[Field], answers: Answers, prefix: str) -> Json:
    question = field.question
    required = is_required(field, fields, answers)
    return input_(
        prefix + field.key,
        (required and question.required_label) or question.label,
        _element(field, answers.get(field.key, ""), action_id=_action_id(field, fields)),
        hint=(required and question.required_hint) or question.hint,
        dispatches=True,  # what is entered is kept as a draft
        required=required,
    )


def _action_id(field: Field, fields: Sequence[Field]) -> str:
    """By it the handlers know what may be answered by another screen; a text never is, for that
    would throw about what is being typed.
    """
    rebuilds = steers(field.question, fields) and field.question.kind is not Kind.TEXT
    return f"{FIELD if rebuilds else NOTED}:{field.key}"


def _element(field: Field, answer: str, *, action_id: str) -> Json:
    question = field.question
    match question.kind:
        case Kind.CHOICE:
            options = [option(each.label, each.key) for each in question.options]
            return choice(action_id, options, answer)
        case Kind.FLAG:
            return checkbox(action_id, _box(question), ticked=answer == YES)
        case Kind.DATE:
            return date_picker(action_id, answer or None)
        case Kind.GRADES:
            shown = answer.replace(";", "、")
            hint = question.placeholder or _counts_example(question)
            return text_input(action_id, shown, placeholder=hint, most=_COUNTS_LENGTH)
        case Kind.TEXT:
            most = question.max_length
            text = kept(answer, most)
            return text_input(action_id, text, placeholder=question.placeholder, most=most)


def _counts_example(question: Question) -> str:
    grades = "、".join(option_words(each) for each in question.options)
    return f"{grades}の人数。例：{'、'.join('3' * len(question.options))}"


def _box(question: Question) -> Json:
    text = question.options[0].label if question.options else question.label
    return option(text, YES)


def _locked(field: Field) -> Json:
    text = _box(field.question)["text"]["text"]
    return section(f"*{escape_line(field.question.label, _NAME_LIMIT)}*{WIDE}✓ {clean(text)}")


def _string(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""
