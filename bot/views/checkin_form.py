"""The modal in which a check-in is answered: built from the form's data, and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.answers import repeats
from bot.domain.errors import Refused
from bot.views.actions import CHECKIN, REASON
from bot.views.blocks import TITLE_LIMIT, Json, input_, modal, text_input
from bot.views.carried import UNREADABLE, Carried, carry, read_carried
from bot.views.checkin_entry import Entry, Keep, Previous, Rival, block_prefix
from bot.views.checkin_head import KEEP_KEY, head, rival_choice
from bot.views.form_fields import field_blocks, held_back, read_element, shown_at_first
from bot.views.text import units
from bot.views.words import item_name

__all__ = [
    "Entry",
    "Keep",
    "Previous",
    "Rival",
    "Typed",
    "build",
    "errors",
    "read",
    "submit_words",
    "whole_fault_block",
]

COMPLETE = "入力を完了する"
COMPLETE_CORRECTION = "修正を完了する"

_REASON_LENGTH = 500
_LATE_HINT = "入力期間のあとに直した理由として、記録に残ります。"
_PUBLISHED_HINT = "公表後の修正です。修正の前後とこの理由が、正誤表に載ります。"
_FAULT_LENGTH = 500

_REASON_KEY = "!reason"  # no question of a form: none of their keys starts with "!"


@dataclass(frozen=True)
class Typed:
    """What came back. A key that is absent from ``answers`` is unchanged, "" was cleared; one
    that Slack left out has what the screen showed at first.

    ``rival_revision`` is the other person's revision that this screen has shown.
    """

    round_id: int
    initiative_id: int
    revision: int
    answers: dict[str, str]
    complete_state: bool  # False: Slack left out some of the inputs on the screen
    reason: str = ""
    keep: Keep | None = None
    warned: frozenset[str] = frozenset()
    position: tuple[int, int] | None = None
    rival_revision: int | None = None
    correcting: bool = False


def build(entry: Entry) -> Json:
    """The modal; built again with what was typed when a choice changes what is asked."""
    return modal(
        _title(entry),
        [*head(entry), *rival_choice(entry), *_questions(entry), *_reason(entry)],
        callback_id=CHECKIN,
        metadata=carry(_carried(entry)),
        submit=submit_words(correcting=entry.correcting),
        tells_of_closing=True,
    )


def read(view: Mapping[str, Any]) -> Typed:
    """What was typed, from the view of a submission or an action; Refused when malformed."""
    carried = read_carried(view.get("private_metadata"))
    values = _values(view)
    typed = {
        key: text
        for block_id, inputs in {**_shown(view), **values}.items()
        if (key := _key_of(block_id, carried)) and (text := _read_block(inputs)) is not None
    }
    keep = typed.pop(KEEP_KEY, "")
    reason = typed.pop(_REASON_KEY, "").strip()
    return Typed(
        round_id=carried.round_id,
        initiative_id=carried.initiative_id,
        revision=carried.revision,
        answers={**carried.held, **typed},
        complete_state=all(block_id in values for block_id in _input_ids(view)),
        reason=reason,
        keep=Keep(keep) if keep in tuple(Keep) else None,
        warned=carried.warned,
        position=carried.position,
        rival_revision=carried.rival_revision,
        correcting=carried.correcting,
    )


def errors(view: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, str]:
    """Faults by field key (or block id) as Slack wants them: by block id. One whose field is not
    on the screen stands under the last text; "reason" and "keep" name inputs that are no questions.
    """
    ids = list(_input_ids(view))
    on_screen = {block_id.rpartition(":")[2]: block_id for block_id in ids} | {
        each: each for each in ids
    }
    placed: dict[str, str] = {}
    for key, message in faults.items():
        named = {"reason": _REASON_KEY, "keep": KEEP_KEY}.get(key, key)
        block_id = on_screen.get(named) or whole_fault_block(view)
        placed[block_id] = f"{placed.get(block_id, '')}{message}"[:_FAULT_LENGTH]
    return placed


def whole_fault_block(view: Mapping[str, Any]) -> str:
    """The block id under which a refusal of the whole submission stands: 課題と改善策, which is
    the last text of the form.
    """
    inputs = [block for block in _blocks(view) if block.get("type") == "input"]
    questions = [b for b in inputs if not str(b.get("block_id", "")).endswith(_REASON_KEY)]
    texts = [b for b in questions if (b.get("element") or {}).get("type") == "plain_text_input"]
    if not inputs:
        raise Refused(UNREADABLE)
    return str((texts or questions or inputs)[-1].get("block_id", ""))


def submit_words(*, correcting: bool) -> str:
    """What the button says that completes the entry."""
    return COMPLETE_CORRECTION if correcting else COMPLETE


def _title(entry: Entry) -> str:
    name = f"{entry.round.stage.title} {item_name(entry.code)}"
    with_position = f"{name}({entry.position[0]}/{entry.position[1]})" if entry.position else name
    return with_position if units(with_position) <= TITLE_LIMIT else name


def _questions(entry: Entry) -> Iterator[Json]:
    alike = repeats(entry.fields, entry.answers)
    warnings = {
        key: text.replace(COMPLETE, submit_words(correcting=entry.correcting))
        for key, text in alike.items()
        if key in entry.warned
    }
    return field_blocks(entry.fields, entry.answers, prefix=block_prefix(entry), warnings=warnings)


def _reason(entry: Entry) -> Iterator[Json]:
    if entry.reason_required:
        element = text_input(REASON, entry.reason, most=_REASON_LENGTH)
        hint = _PUBLISHED_HINT if entry.published else _LATE_HINT
        block_id = block_prefix(entry) + _REASON_KEY
        yield input_(block_id, "修正の理由", element, hint=hint, dispatches=True, required=True)


def _carried(entry: Entry) -> Carried:
    return Carried(
        round_id=entry.round.round_id,
        initiative_id=entry.initiative_id,
        stage=entry.round.stage.key,
        revision=entry.revision,
        position=entry.position,
        warned=entry.warned,
        rival_revision=entry.rival.revision if entry.rival else None,
        correcting=entry.correcting,
        held=held_back(entry.fields, entry.answers),
    )


def _key_of(block_id: str, carried: Carried) -> str:
    """The field key of a block of this very item; "" for any other."""
    prefix = f"{carried.stage}:{carried.initiative_id}:"
    rest = block_id.removeprefix(prefix) if block_id.startswith(prefix) else ""
    if rest.endswith(f":{KEEP_KEY}"):
        return KEEP_KEY if rest == f"{carried.rival_revision}:{KEEP_KEY}" else ""
    return rest


def _read_block(inputs: Any) -> str | None:
    """What the one element of a block holds."""
    if not isinstance(inputs, Mapping):
        return None
    states = [state for state in inputs.values() if isinstance(state, Mapping)]
    return read_element(states[0]) if states else None


def _shown(view: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs showed at first, in the shape of a state.

    Slack may leave out of the state what an updated view set by an initial value (bolt-js#1073).
    """
    return {
        str(block.get("block_id", "")): {"": state}
        for block in _blocks(view)
        if block.get("type") == "input" and (state := shown_at_first(block.get("element")))
    }


def _values(view: Mapping[str, Any]) -> Mapping[str, Any]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}


def _input_ids(view: Mapping[str, Any]) -> list[str]:
    return [str(b.get("block_id", "")) for b in _blocks(view) if b.get("type") == "input"]


def _blocks(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    blocks = view.get("blocks")
    return (
        [block for block in blocks if isinstance(block, Mapping)]
        if isinstance(blocks, list)
        else []
    )
