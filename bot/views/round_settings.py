"""The modal in which a coordinator sets a round: its dates, its ladder, and who confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from bot.domain.errors import Refused
from bot.domain.rounds import LEVELS, RoundDates
from bot.views.actions import INPUT, ROUND, ROUND_CLOSE, ROUND_OPEN
from bot.views.blocks import (
    SELECT_OPTIONS,
    Json,
    actions,
    button,
    date_picker,
    divider,
    input_,
    modal,
    multi_select,
    option,
    section,
    text_input,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import Inputs, read_inputs
from bot.views.refusals import coordinators_only
from bot.views.round_fields import (
    ON_DUE,
    ON_MONDAYS,
    TEXT_LENGTH,
    asker_fields,
    ladder_fields,
)
from bot.views.targets import RoundTarget, decode_number
from bot.views.text import escape_line, kept, line, storable
from bot.views.typed_rounds import (
    AFTER,
    BASIS,
    BEFORE,
    CLOSES,
    CONTACT,
    DATES,
    DUE,
    EXTENSION,
    HEAD,
    HEAD_AFTER,
    LEVEL,
    OPENS,
    OPTIONS,
    OTHERS,
    PUBLISHES,
    REASON,
    STEPS,
    TELLS,
    TypedRound,
    numbers,
)
from bot.views.words import day_words

TITLE = "振り返りの日程"
MAY_NOT = coordinators_only("日程を決められる")
DAY_MISSING = "日付を選んでください。"
LEVEL_MISSING = "確認のしかたを選んでください。"
REASON_MISSING = "もう一度入力できるようにする理由を入力してください。"
NO_NUMBERS = (
    "1から30までの数を、「1、3、6」のように入力してください(5つまで)。送らないときは空欄にします。"
)
HEAD_UNKNOWN = "この方は kaikaku に登録されていません。先に「利用者の一覧」で登録してください。"
MOVED_ON = (
    "画面を開いたあとに、この振り返りの日程が変わりました。画面を閉じて、もう一度開いてください。"
)
IS_CLOSED = "この振り返りの入力は、すでに終わっています。"
NOT_OPEN = "この振り返りは、まだ始まっていません。"

_REASON_LENGTH = 300
_OTHERS = SELECT_OPTIONS


class Standing(StrEnum):
    """Where a round stands on the day."""

    NEW = "new"
    WAITING = "waiting"  # it has not opened
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True)
class RoundForm:
    """A round to be entered or changed; ``title`` is plain text, with the unit and the year.

    ``others``: further units of the same coordinator that have such a plan, by id; ``stages``: the
    other reviews of the plan that have no round yet, by key.
    """

    title: str
    round_id: int
    standing: Standing
    values: TypedRound
    others: Mapping[int, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    overdue: int = 0  # how many items are late today
    due: date | None = None  # as stored
    closed_on: date | None = None  # as stored


def build_form(form: RoundForm) -> Json:
    """The dates, under what they mean on the day; the usual ones on a new round."""
    return modal(
        TITLE,
        _blocks(form),
        callback_id=ROUND,
        metadata={"p": str(form.values.plan_id), "s": form.values.stage, "v": form.values.seen},
        submit="内容を確かめる",
    )


def read_form(view: Mapping[str, Any]) -> TypedRound:
    """What was chosen and typed; Refused when malformed."""
    inputs = read_inputs(view)
    level = decode_number(inputs.chosen(LEVEL))
    options = inputs.ticked(OPTIONS)
    others = tuple(decode_number(each) for each in inputs.ticked(OTHERS)[:_OTHERS])
    if None in others:
        raise Refused(UNREADABLE)
    return TypedRound(
        plan_id=inputs.number("p"),
        stage=inputs.carried("s"),
        seen=inputs.carried("v"),
        opens=inputs.day(OPENS),
        due=inputs.day(DUE),
        closes=inputs.day(CLOSES),
        publishes=inputs.day(PUBLISHES),
        levels=level if level in LEVELS else None,
        before=numbers(inputs.text(BEFORE)),
        after=numbers(inputs.text(AFTER)),
        managers_after=_days_after(inputs, TELLS, usual=3),
        ward_head_after=_days_after(inputs, HEAD_AFTER, usual=6),
        on_due=ON_DUE in options,
        on_mondays=ON_MONDAYS in options,
        contact=_text(inputs, CONTACT),
        extension=_text(inputs, EXTENSION),
        notice=_text(inputs, BASIS),
        head=inputs.user(HEAD),
        reason=storable(kept(inputs.text(REASON), _REASON_LENGTH)),
        others=tuple(each for each in others if each),
    )


def order_faults(dates: RoundDates) -> dict[str, str]:
    """Under each date that lies before the one that it should follow: why not."""
    days = [(key, getattr(dates, key)) for key in DATES]
    return {
        key: f"{DATES[earlier]}({day_words(first)})以降の日を選んでください。"
        for (earlier, first), (key, day) in pairwise(days)
        if day < first
    }


def standing_words(form: RoundForm) -> str:
    """What the round does today, and what moving its dates brings about, in mrkdwn."""
    match form.standing:
        case Standing.NEW:
            return (
                "いつもの日程を入れてあります。"
                "次の画面で、だれに、いつ、何が届くかを確かめられます。"
            )
        case Standing.WAITING:
            return "まだ始まっていません。"
        case Standing.OPEN:
            return f"入力を受け付けています。入力期限は{_day(form.due)}です。"
        case Standing.OVERDUE:
            late = f"未入力が{form.overdue}件あります。" if form.overdue else ""
            past = f"入力期限({_day(form.due)})を過ぎています。"
            return f"{past}{late}期限を延ばすと、改めてお知らせします。"
        case Standing.CLOSED:
            return (
                f"入力は{_day(form.closed_on)}で終わりました。"
                "下の日程で登録すると、もう一度入力できるようになります。"
            )


def _day(day: date | None) -> str:
    return day_words(day) if day else "未定"


def _blocks(form: RoundForm) -> Iterator[Json]:
    values = form.values
    yield section(f"*{escape_line(form.title, 200)}*\n{standing_words(form)}")
    buttons = [
        button(
            f"{line(words)}の日程へ",
            f"{ROUND_OPEN}:{key}",
            RoundTarget(0, values.plan_id, key).encode(),
        )
        for key, words in form.stages.items()
    ]
    if form.standing in (Standing.OPEN, Standing.OVERDUE):
        says = f"{form.title} 今日で終わりにする"
        buttons.append(button("今日で終わりにする", ROUND_CLOSE, str(form.round_id), says=says))
    if buttons:
        yield actions(*buttons[:5])
    for key, label in DATES.items():
        day = getattr(values, key)
        picker = date_picker(f"{INPUT}:{key}", day.isoformat() if day else None)
        yield input_(key, label, picker, hint=_DATE_HINTS[key], required=True)
    if form.standing is Standing.CLOSED:
        yield input_(
            REASON,
            "もう一度入力できるようにする理由",
            text_input(f"{INPUT}:{REASON}", values.reason, most=_REASON_LENGTH),
            hint="記録に残ります。お知らせには書きません。",
            required=True,
        )
    yield from ladder_fields(values)
    yield from asker_fields(values)
    if form.others:
        yield from _others(form)


_DATE_HINTS = {
    OPENS: "この日から入力できます。お知らせをいつ送るかは、次の画面で確かめられます。",
    DUE: "お知らせに書く期限です。",
    CLOSES: "期限のあとも、この日までは入力でき、直せます。",
    PUBLISHES: "入力された内容を公表する予定の日です。",
}


def _days_after(inputs: Inputs, key: str, *, usual: int) -> int:
    """Business days after the due date; the usual number for what is none of the list."""
    chosen = decode_number(inputs.chosen(key))
    return chosen if chosen and 1 <= chosen <= STEPS * 2 else usual


def _others(form: RoundForm) -> Iterator[Json]:
    yield divider()
    options = [option(name, str(unit)) for unit, name in list(form.others.items())[:_OTHERS]]
    chosen = [str(each) for each in form.values.others]
    yield input_(
        OTHERS,
        "同じ日程にする、ほかの区・局",
        multi_select(f"{INPUT}:{OTHERS}", options, chosen),
        hint="とりまとめを担当している区・局です。日程、確認、お知らせの間隔、事務連絡をそろえます。",
    )


def _text(inputs: Inputs, key: str) -> str:
    return storable(kept(line(inputs.text(key)), TEXT_LENGTH[key]))
