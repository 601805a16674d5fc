"""The modal in which a coordinator lets letters rest, for an election or a disaster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.errors import Refused
from bot.views.actions import INPUT, NOTICE_ONLY, PAUSE, PAUSE_END
from bot.views.blocks import (
    Json,
    button,
    date_picker,
    input_,
    modal,
    multi_select,
    option,
    section,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import decode_number
from bot.views.words import day_words, name_words

UNTIL = "until"
OTHERS = "others"
MAY_NOT = coordinators_only("お知らせを止められる")
DAY_MISSING = "いつまで止めるかを選んでください。"
DAY_PAST = "今日以降の日を選んでください。"
DAY_FAR = "1年以内の日を選んでください。"

_TITLE = "お知らせの一時停止"
_OTHERS = 60
_NAMED = 30


@dataclass(frozen=True)
class PauseForm:
    """A unit, until when its letters rest, and the dates that fall into the days to come.

    ``others``: further units of the same coordinator, by id.
    """

    unit_id: int
    unit_name: str
    paused_until: date | None = None
    coming: tuple[tuple[str, date], ...] = ()  # 「令和8年度 中間振り返りの入力期限」
    others: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypedPause:
    """What was chosen."""

    unit_id: int
    until: date | None
    others: tuple[int, ...] = ()


def build_form(form: PauseForm) -> Json:
    """Until when, under what a pause means."""
    return modal(
        _TITLE,
        _blocks(form),
        callback_id=PAUSE,
        metadata={"u": str(form.unit_id)},
        submit="止める",
    )


def read_form(view: Mapping[str, Any]) -> TypedPause:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    others = [decode_number(each) for each in inputs.ticked(OTHERS)[:_OTHERS]]
    if None in others:
        raise Refused(UNREADABLE)
    return TypedPause(inputs.number("u"), inputs.day(UNTIL), tuple(each for each in others if each))


def build_paused(names: Sequence[str], until: date) -> Json:
    """「止めました」, only ever shown after the commit."""
    text = (
        f"{_units(names)}へのお知らせを{day_words(until)}まで止めました。"
        "再開後に、たまった分をまとめて送ることはありません。"
    )
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def build_resumed(name: str, *, rested: bool) -> Json:
    """That letters are sent again; only ever shown after the commit."""
    text = f"{name_words(name)}へのお知らせは止まっていません。"
    if rested:
        text = f"{name_words(name)}へのお知らせを、今日から再開しました。"
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def _units(names: Sequence[str]) -> str:
    shown = "、".join(name_words(name) for name in names[:_NAMED])
    return shown + (f" ほか{len(names) - _NAMED}" if len(names) > _NAMED else "")


def _blocks(form: PauseForm) -> Iterator[Json]:
    name = name_words(form.unit_name)
    if form.paused_until:
        says = f"{form.unit_name} 今日から再開する"
        yield section(
            f"*{name}へのお知らせを{day_words(form.paused_until)}まで止めています。*",
            button("今日から再開する", PAUSE_END, str(form.unit_id), says=says),
        )
    yield section(
        f"選挙や災害のときに、{name}へのお知らせを止めます。そのあいだも入力はできます。\n"
        "止めているあいだに予定していたお知らせは、再開後にも送りません。"
        "入力期限は動きません。延ばすときは、日程を直してください。"
    )
    if form.coming:
        lines = [f"• {name_words(what)}：{day_words(day)}" for what, day in form.coming[:10]]
        yield section("\n".join(["*これからの日程*", *lines]))
    chosen = form.paused_until.isoformat() if form.paused_until else None
    picker = date_picker(f"{INPUT}:{UNTIL}", chosen)
    yield input_(UNTIL, "いつまで止めるか(この日を含みます)", picker, required=True)
    if form.others:
        options = [option(each, str(key)) for key, each in list(form.others.items())[:_OTHERS]]
        yield input_(
            OTHERS, "一緒に止める、ほかの区・局", multi_select(f"{INPUT}:{OTHERS}", options)
        )
