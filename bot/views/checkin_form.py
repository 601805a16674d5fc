"""The modal in which a check-in is answered: built from the form's data, and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.errors import Refused
from bot.domain.form import Answers, Field, repeats
from bot.views.actions import CHECKIN, KEEP, REASON
from bot.views.answers_shown import answer_sections
from bot.views.blocks import (
    TITLE_LIMIT,
    Json,
    choice,
    context,
    divider,
    input_,
    modal,
    option,
    section,
    text_input,
)
from bot.views.carried import UNREADABLE, Carried, carry, read_carried
from bot.views.form_fields import field_blocks, held_back, read_element, shown_at_first
from bot.views.round_info import RoundInfo
from bot.views.text import bold, escape, escape_line, line, units
from bot.views.words import WIDE, clock_words, item_name, item_title, name_words

COMPLETE = "入力を完了する"
COMPLETE_CORRECTION = "修正を完了する"

_PUBLISHED = (
    "入力した内容は、{unit}のホームページで公表されます。"
    "個人や世帯が特定できること、相談の経過などは書かないでください。"
)
_CUT = "…(続きは計画のシートで読めます)"
_TITLE_SHOWN = 1000
_ACTIVITIES_SHOWN = 600
_TARGET_SHOWN = 1200
_LABEL_SHOWN = 200
_REASON_LENGTH = 500
_FAULT_LENGTH = 500

# Inputs that are no questions of the form; no field key starts with "!".
_REASON_KEY = "!reason"
_KEEP_KEY = "!keep"


class Keep(StrEnum):
    """Whose answers stay when two people edited one item."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Previous:
    """One line of what was answered before: 「昨年度 自己評価」「② ／ 改善策：…」."""

    label: str
    text: str


@dataclass(frozen=True)
class Rival:
    """What somebody else saved after this screen was opened."""

    name: str
    at: datetime
    answers: Answers
    revision: int


@dataclass(frozen=True)
class Entry:
    """One item opened for answering. ``answers`` is what to show: stored, or typed so far."""

    round: RoundInfo
    initiative_id: int
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers = field(default_factory=dict)
    revision: int = 0
    target: str | None = None
    activities: str | None = None
    activities_target: str | None = None
    correcting: bool = False
    position: tuple[int, int] | None = None  # (n, of m) among the owner's open items
    previous: tuple[Previous, ...] = ()
    entered_for: str = ""  # 「保健福祉課 山田さん」
    reason_required: bool = False
    reason: str = ""
    rival: Rival | None = None
    warned: frozenset[str] = frozenset()  # field keys whose soft warning is shown


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
        [*_head(entry), *_rival(entry), *_questions(entry), *_reason(entry)],
        callback_id=CHECKIN,
        metadata=carry(_carried(entry)),
        submit=submit_words(correcting=entry.correcting),
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
    keep = typed.pop(_KEEP_KEY, "")
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
    """Faults by field key as Slack wants them: by block id. One whose field is not on the screen
    stands under the last text; "reason" and "keep" name the inputs that are no questions.
    """
    on_screen = {block_id.rpartition(":")[2]: block_id for block_id in _input_ids(view)}
    placed: dict[str, str] = {}
    for key, message in faults.items():
        named = {"reason": _REASON_KEY, "keep": _KEEP_KEY}.get(key, key)
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
    return str((texts or questions or inputs)[-1]["block_id"])


def submit_words(*, correcting: bool) -> str:
    """What the button says that completes the entry."""
    return COMPLETE_CORRECTION if correcting else COMPLETE


def _title(entry: Entry) -> str:
    name = f"{entry.round.stage.title} {item_name(entry.code)}"
    with_position = f"{name}({entry.position[0]}/{entry.position[1]})" if entry.position else name
    return with_position if units(with_position) <= TITLE_LIMIT else name


def _head(entry: Entry) -> Iterator[Json]:
    yield section(item_title(entry.code, entry.title, _TITLE_SHOWN))
    if entry.activities_target or entry.target:
        label = "今年度の目標" if entry.activities_target else "目標"
        text = entry.activities_target or entry.target or ""
        yield section(_labelled(label, text, _TARGET_SHOWN))
    if entry.activities:
        yield section(_labelled("今年度の取組内容", entry.activities, _ACTIVITIES_SHOWN))
    for previous in entry.previous:
        yield section(_labelled(f"前回　{previous.label}", previous.text, _ACTIVITIES_SHOWN))
    yield context(_PUBLISHED.format(unit=name_words(entry.round.unit_name)))
    if entry.entered_for:
        yield context(
            f"{name_words(entry.entered_for)}の担当項目を、代わりに入力します。"
            "入力者として記録されます。"
        )
    yield divider()


def _labelled(label: str, text: str, most: int) -> str:
    stripped = text.strip()
    shown = escape(stripped, most)
    more = _CUT.removeprefix("…") if shown.endswith("…") and not stripped.endswith("…") else ""
    return f"{bold(escape_line(label, _LABEL_SHOWN))}{WIDE}{shown}{more}"


def _rival(entry: Entry) -> Iterator[Json]:
    """What somebody else saved meanwhile, and the choice between the two."""
    if entry.rival is None:
        return
    who, at = name_words(entry.rival.name), clock_words(entry.rival.at)
    yield section(
        f"画面を開いたあとに、{who}さんがこの項目を更新しました({at})。"
        "下の内容と見比べて、どちらを残すか選んでください。"
    )
    yield section(f"*{who}さんの内容*")
    yield from answer_sections(entry.fields, entry.rival.answers)
    options = [
        option("自分の内容にする", Keep.MINE),
        option(f"{line(entry.rival.name)}さんの内容のままにする", Keep.THEIRS),
    ]
    # Each revision is a choice of its own: an earlier one must not be taken for this.
    block_id = _prefix(entry) + f"{entry.rival.revision}:{_KEEP_KEY}"
    yield input_(block_id, "残す内容", choice(KEEP, options, None))
    yield divider()


def _questions(entry: Entry) -> Iterator[Json]:
    alike = repeats(entry.fields, entry.answers)
    warnings = {
        key: text.replace(COMPLETE, submit_words(correcting=entry.correcting))
        for key, text in alike.items()
        if key in entry.warned
    }
    return field_blocks(entry.fields, entry.answers, prefix=_prefix(entry), warnings=warnings)


def _reason(entry: Entry) -> Iterator[Json]:
    if entry.reason_required:
        element = text_input(REASON, entry.reason, most=_REASON_LENGTH)
        hint = "入力の終了後に直した理由として、記録に残ります。"
        yield input_(_prefix(entry) + _REASON_KEY, "修正の理由", element, hint=hint)


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


def _prefix(entry: Entry) -> str:
    return f"{entry.round.stage.key}:{entry.initiative_id}:"


def _key_of(block_id: str, carried: Carried) -> str:
    """The field key of a block of this very item; "" for any other."""
    prefix = f"{carried.stage}:{carried.initiative_id}:"
    rest = block_id.removeprefix(prefix) if block_id.startswith(prefix) else ""
    if rest.endswith(f":{_KEEP_KEY}"):
        return _KEEP_KEY if rest == f"{carried.rival_revision}:{_KEEP_KEY}" else ""
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
