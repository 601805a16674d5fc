"""The modal in which everything that one person answers for passes to another (人事異動)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.views.actions import HANDOVER, HANDOVER_END, INPUT, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    button,
    choice,
    context,
    date_picker,
    divider,
    input_,
    modal,
    option,
    section,
    user_picker,
)
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import HandoverTarget
from bot.views.words import day_words, item_names_of, name_words

FORMER = "former"
OWNER = "owner"
DEPUTY = "deputy"
SECTION = "section"
FIRST = "first"

MAY_NOT = coordinators_only("担当の引き継ぎを登録できる")
MISSING = "引き継ぐ方を選んでください。"
UNKNOWN = "この方は kaikaku に登録されていません。先に「利用者の一覧」で登録してください。"
NOTHING_HELD = "この方がその日に担当する取組項目は、この区にはありません。選び直してください。"
SAME = "これまでの担当者とは別の方を選んでください。"
DEPUTY_SELF = "新しい担当者とは別の方を選んでください。"
FIRST_PAST = "今日以降の日を選んでください。"
GONE = "この引き継ぎは、すでに始まったか取り消されています。"

_TITLE = "担当の引き継ぎ"
_KEPT = "0"
_MOST = 20
_SECTIONS = 99


@dataclass(frozen=True)
class Coming:
    """A handover that is entered and has not begun."""

    target: HandoverTarget
    former: str
    owner: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class HandoverForm:
    """A unit, with what is entered ahead; ``sections`` are the unit's, by id."""

    unit_id: int
    unit_name: str
    today: date
    sections: tuple[tuple[int, str], ...] = ()
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class TypedHandover:
    """What was chosen; people are Slack user ids. Without a section or deputy each item's stays."""

    unit_id: int
    former: str
    owner: str
    deputy: str = ""
    section: int | None = None
    first: date | None = None


@dataclass(frozen=True)
class Done:
    """What passes from whom to whom, from when on."""

    former: str
    owner: str
    first: date
    codes: tuple[str, ...]


def build_form(form: HandoverForm) -> Json:
    """Who, to whom and from when on, under what is entered already."""
    return modal(
        _TITLE,
        list(_blocks(form)),
        callback_id=HANDOVER,
        metadata={"u": str(form.unit_id)},
        submit="登録する",
    )


def read_form(view: Mapping[str, Any]) -> TypedHandover:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    chosen = inputs.chosen(SECTION)
    return TypedHandover(
        unit_id=inputs.number("u"),
        former=inputs.user(FORMER),
        owner=inputs.user(OWNER),
        deputy=inputs.user(DEPUTY),
        section=int(chosen) if chosen.isdecimal() and chosen != _KEPT else None,
        first=inputs.day(FIRST),
    )


def build_done(done: Done) -> Json:
    """What was entered; only ever shown after the commit."""
    text = (
        f"*{name_words(done.former)}さんの担当{len(done.codes)}件を、"
        f"{day_words(done.first)}から{name_words(done.owner)}さんへ引き継ぎます。*\n"
        f"{item_names_of(done.codes, _MOST)}"
    )
    note = (
        "お二人には、その日(閉庁日のときは次の開庁日)にお知らせします。"
        "これまでの入力と履歴は、項目に残ります。"
    )
    return modal(_TITLE, [section(text), context(note)], callback_id=NOTICE_ONLY)


def build_taken_back(done: Done) -> Json:
    """That it will not happen; only ever shown after the commit."""
    text = (
        f"{day_words(done.first)}からの引き継ぎ({len(done.codes)}件)を取り消しました。"
        f"担当は{name_words(done.former)}さんのままです。"
    )
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def _blocks(form: HandoverForm) -> Iterator[Json]:
    yield section(
        f"*{name_words(form.unit_name)}*\n担当の取組項目をまとめて引き継ぎます。"
        "一部の項目だけのときは「担当者を決める」を使ってください。"
    )
    for index, each in enumerate(form.coming[:_MOST]):
        words = (
            f"登録済：{day_words(each.target.day)}から　{name_words(each.former)}さん → "
            f"{name_words(each.owner)}さん({len(each.codes)}件)"
        )
        says = f"{day_words(each.target.day)} 取り消す"
        value = each.target.encode()
        yield section(words, button("取り消す", f"{HANDOVER_END}:{index}", value, says=says))
    if form.coming:
        yield divider()
    yield input_(FORMER, "これまでの担当者", user_picker(f"{INPUT}:{FORMER}"), required=True)
    yield input_(OWNER, "新しい担当者", user_picker(f"{INPUT}:{OWNER}"), required=True)
    yield input_(
        DEPUTY,
        "副担当",
        user_picker(f"{INPUT}:{DEPUTY}"),
        hint="選ばないときは、項目ごとの副担当のままです。",
    )
    if form.sections:
        options = [option(name, str(number)) for number, name in form.sections[:_SECTIONS]]
        element = choice(f"{INPUT}:{SECTION}", [option("変えない", _KEPT), *options], _KEPT)
        yield input_(SECTION, "課・担当", element, required=True)
    yield input_(
        FIRST,
        "いつから",
        date_picker(f"{INPUT}:{FIRST}", form.today.isoformat()),
        hint="その日までは、だれにもお知らせしません。",
        required=True,
    )
