"""Several answers for a manager to confirm at once; each can be looked at first, each ② at once."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import Refused
from bot.domain.status import ItemStatus
from bot.views.actions import CONFIRM_MANY, CONFIRM_OPEN, INPUT, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    button,
    checkboxes,
    context,
    input_,
    modal,
    option,
    section,
    select,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from bot.views.text import escape_line, line
from bot.views.words import (
    CONFIRMERS,
    SLASH,
    WIDE,
    item_name,
    item_title,
    marks,
    unfavourable_items,
)

NOTHING_CHOSEN = "確認する項目を選んでください。"
_GROUP = "group"
FIRST_GROUP = f"{_GROUP}:0"

# Initiative, revision, level: what came back may be forged.
_NUMBER = r"(0|[1-9]\d{0,17})"
_OPTION = re.compile(rf"{_NUMBER}:{_NUMBER}:([12])", re.ASCII)
_OPTIONS = 10  # of one group of checkboxes
_GROUPS = 5
_LOOK_FIRST = 20
_NAMED = 30
_NAME_SHOWN = 60
_TITLE_SHOWN = 200


@dataclass(frozen=True)
class Waiting:
    """One answer in the list of those to confirm."""

    item: ItemStatus
    revision: int
    level: int
    unfavourable: bool


@dataclass(frozen=True)
class Chosen:
    """What a manager ticked: initiative id to the revision that was on the screen, and to the level
    at which it was to be confirmed.

    ``first_group`` is the block under which a fault of the whole stands.
    """

    round_id: int
    revisions: Mapping[int, int]
    first_group: str = FIRST_GROUP
    levels: Mapping[int, int] = field(default_factory=dict)


def build_many(round_: RoundInfo, waiting: Sequence[Waiting], *, done: Iterable[Json] = ()) -> Json:
    """Everything that waits for this manager: ② first, fifty at a time.

    ``done`` stands above it: what has just been confirmed.
    """
    ordered = sorted(waiting, key=lambda each: not each.unfavourable)
    shown = ordered[: _OPTIONS * _GROUPS]
    title = escape_line(round_.full_title, _TITLE_SHOWN)
    blocks = [*done, section(f"*{title}*\n確認をお願いする項目が{len(waiting)}件あります。")]
    blocks += _look_first(round_, shown, sum(each.unfavourable for each in ordered))
    for index in range(0, len(shown), _OPTIONS):
        group = _group(round_, index // _OPTIONS, shown[index : index + _OPTIONS])
        blocks.append({**group, "optional": len(shown) > _OPTIONS})
    if len(ordered) > len(shown):
        blocks.append(context(f"ほか{len(ordered) - len(shown)}件は、このあとに表示します。"))
    return modal(
        "確認をお願いする項目",
        blocks if shown else [section("確認をお願いする項目はありません。")],
        callback_id=CONFIRM_MANY if shown else NOTICE_ONLY,
        metadata={"r": str(round_.round_id)},
        submit="選んだ項目を確認する" if shown else "",
    )


def read_many(view: Mapping[str, Any]) -> Chosen:
    """What was ticked; Refused when malformed."""
    inputs = read_inputs(view)
    revisions: dict[int, int] = {}
    levels: dict[int, int] = {}
    groups = [block_id for block_id in inputs.states if block_id.startswith(f"{_GROUP}:")]
    for value in (value for group in groups for value in inputs.ticked(group)):
        found = _OPTION.fullmatch(value)
        if found is None:
            raise Refused(UNREADABLE)
        item, revision, level = map(int, found.groups())
        revisions[item], levels[item] = revision, level
    first = next((each for each in groups if each.startswith(FIRST_GROUP)), FIRST_GROUP)
    return Chosen(inputs.number("r"), revisions, first, levels)


def build_confirmed_many(
    round_: RoundInfo,
    count: int,
    changed: Sequence[str],
    left: Sequence[Waiting],
    *,
    chosen: Collection[int] = (),
) -> Json:
    """How many are confirmed, and which were not since they have changed meanwhile.

    Only ever shown after the commit, above what is ``left`` to confirm. Of the ``chosen`` those are
    left that the same manager is to confirm as the ward head as well.
    """
    again = sum(each.item.initiative_id in chosen and each.level > 1 for each in left)
    done = [*_confirmed(count, changed, again)]
    if left:
        return build_many(round_, left, done=done)
    return modal("確認", done, callback_id=NOTICE_ONLY)


def _confirmed(count: int, changed: Sequence[str], again: int) -> Iterator[Json]:
    yield section(f"*{count}件を確認しました。*")
    if again:
        yield section(f"{again}件は、続けて{CONFIRMERS[2]}としての確認をお願いします。")
    if changed:
        names = "、".join(escape_line(item_name(code), _NAME_SHOWN) for code in changed[:_NAMED])
        more = f" ほか{len(changed) - _NAMED}件" if len(changed) > _NAMED else ""
        yield section(
            f"次の項目は、画面を開いたあとに変わったため、確認していません。\n{names}{more}"
        )


def _look_first(round_: RoundInfo, shown: Sequence[Waiting], count: int) -> Iterator[Json]:
    """Each ② with its text a click away: what is to be explained is to be read."""
    marked = [each for each in shown if each.unfavourable][:_LOOK_FIRST]
    if marked:
        heading = f"*{unfavourable_items(round_.stage)}({count}件)*"
        yield section(f"{heading}{WIDE}内容を見てから確認できます。")
    for each in marked:
        value = Target(round_.round_id, each.item.initiative_id).encode()
        says = f"{item_name(each.item.code)} 内容を見る"
        text = f"{item_title(each.item.code, each.item.title)}\n{_marks(round_, each)}"
        yield section(text.strip(), button("内容を見る", CONFIRM_OPEN, value, says=says))
    others = [each for each in shown if each not in marked]
    if others:
        yield section("項目を選ぶと、内容を見られます。", _chooser(round_, others))


def _chooser(round_: RoundInfo, listed: Sequence[Waiting]) -> Json:
    options = [
        option(
            f"{item_name(each.item.code)}　{line(each.item.title)}",
            Target(round_.round_id, each.item.initiative_id).encode(),
        )
        for each in listed
    ]
    return select(f"{CONFIRM_OPEN}:look", options, says="内容を見る項目")


def _group(round_: RoundInfo, index: int, shown: Sequence[Waiting]) -> Json:
    options = [_option(round_, each) for each in shown]
    element = checkboxes(f"{INPUT}:{_GROUP}-{index}", options)
    # Other boxes are another input: Slack keeps what was ticked in one of the same block id.
    boxes = zlib.crc32(" ".join(each["value"] for each in options).encode())
    label = "確認する項目" if index == 0 else "(続き)"
    return input_(f"{_GROUP}:{index}:{boxes:x}", label, element)


def _option(round_: RoundInfo, waiting: Waiting) -> Json:
    item = waiting.item
    value = f"{item.initiative_id}:{waiting.revision}:{waiting.level}"
    said = _marks(round_, waiting)
    before = f"{CONFIRMERS[waiting.level - 1]}は確認済" if waiting.level > 1 else ""
    sections = "・".join(line(name) for name in item.sections[:2])
    return option(
        f"{item_name(item.code)}　{line(item.title)}",
        value,
        description=SLASH.join(part for part in (said, before, sections) if part),
    )


def _marks(round_: RoundInfo, waiting: Waiting) -> str:
    return marks(round_.stage, waiting.item.answers)
