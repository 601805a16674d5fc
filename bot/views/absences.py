"""The modal in which somebody says from when to when they are away, and who answers meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.views.actions import ABSENCE, ABSENCE_END, ABSENCE_OPEN, INPUT, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    button,
    context,
    date_picker,
    divider,
    input_,
    modal,
    section,
    user_picker,
)
from bot.views.inputs import read_inputs
from bot.views.text import escape_line
from bot.views.words import WIDE, day_words, name_words

WHO = "who"
FIRST = "first"
LAST = "last"
DEPUTY = "deputy"

FIRST_MISSING = "不在にする最初の日を選んでください。"
FIRST_PAST = "今日以降の日を選んでください。"
FIRST_FAR = "1年以内の日を選んでください。"
LAST_BEFORE_FIRST = "最後の日は、最初の日以降の日を選んでください。"
DEPUTY_UNKNOWN = "この方は kaikaku に登録されていません。とりまとめ担当へ登録を依頼してください。"
DEPUTY_SELF = "ご本人以外の方を選んでください。"
DEPUTY_ELSEWHERE = "同じ区・局の方を選んでください。"
WHO_UNKNOWN = DEPUTY_UNKNOWN
MAY_NOT = "ほかの方の不在を登録できるのは、その方の確認者ととりまとめ担当です。"
GONE = "この不在は、すでに終わったか取り消されています。"

_NOBODY = "項目ごとの副担当"
_OF_WHO_LEADS = (
    "確認者ととりまとめ担当へのお知らせは、不在のあいだ送りません。"
    "戻られた日に、そのときの状況をお知らせします。"
)


@dataclass(frozen=True)
class Away:
    """One absence as it is shown."""

    id: int
    first: date
    last: date | None
    deputy: str = ""


@dataclass(frozen=True)
class AbsenceForm:
    """Whose absence is entered (``name`` is empty for the reader's own), and those there are.

    ``reader``: the Slack user id of a reader who may also choose somebody else; else "".
    """

    person_id: int
    name: str
    today: date
    entered: tuple[Away, ...] = ()
    reader: str = ""


@dataclass(frozen=True)
class TypedAbsence:
    """What was chosen; ``deputy`` is a Slack user id, "" for nobody, and so is ``who`` (for whom,
    where that can be chosen: else it is the person of ``person_id``).
    """

    person_id: int
    first: date | None
    last: date | None
    deputy: str
    who: str = ""


def build_form(form: AbsenceForm) -> Json:
    """The dates and the deputy, under the absences that are entered already."""
    return modal(
        "不在の登録",
        _blocks(form),
        callback_id=ABSENCE,
        metadata={"p": str(form.person_id)},
        submit="登録する",
    )


def read_form(view: Mapping[str, Any]) -> TypedAbsence:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    return TypedAbsence(
        inputs.number("p"),
        inputs.day(FIRST),
        inputs.day(LAST),
        inputs.user(DEPUTY),
        inputs.user(WHO),
    )


def absence_button(person_id: int | None = None) -> Json:
    """「不在を登録する」: for the reader, or for the person of that id."""
    return button("不在を登録する", ABSENCE_OPEN, str(person_id or "self"))


def build_entered(name: str, away: Away) -> Json:
    """「登録しました」, only ever shown after the commit."""
    text = (
        f"*{_whose(name)}不在を登録しました。*\n{span_words(away)}\n"
        f"このあいだのお知らせは、{deputy_words(away)}へ送ります。"
    )
    return modal("不在の登録", [section(text)], callback_id=NOTICE_ONLY)


def build_ended(away: Away, *, taken_back: bool) -> Json:
    """That an absence is taken back, or has ended early; only ever shown after the commit."""
    if taken_back:
        text = f"{span_words(away)}の不在を取り消しました。"
    else:
        text = "不在を終わりにしました。今日からのお知らせは、ご本人へ送ります。"
    return modal("不在の登録", [section(text)], callback_id=NOTICE_ONLY)


def span_words(away: Away) -> str:
    """「9月7日(月)から9月11日(金)まで」, 「9月7日(月)から」 where the end is not known."""
    until = f"{day_words(away.last)}まで" if away.last else ""
    return f"{day_words(away.first)}から{until}"


def deputy_words(away: Away) -> str:
    """Who answers meanwhile, in mrkdwn."""
    return f"副担当の{name_words(away.deputy)}さん" if away.deputy else _NOBODY


def _blocks(form: AbsenceForm) -> Iterator[Json]:
    yield section(
        f"{_whose(form.name)}不在のあいだ、お知らせは副担当へ送ります。理由を書く必要はありません。"
    )
    if form.reader:
        yield context(_OF_WHO_LEADS)
    for away in form.entered[:10]:
        word = "取り消す" if away.first > form.today else "終わりにする"
        yield section(
            f"登録済：{span_words(away)}{WIDE}{deputy_words(away)}",
            button(word, ABSENCE_END, str(away.id), says=f"{span_words(away)}の不在を{word}"),
        )
    if form.entered:
        yield divider()
    if form.reader:
        yield input_(
            WHO,
            "不在になる方",
            user_picker(f"{INPUT}:{WHO}", form.reader),
            hint="確認者の方は課・担当の方を、とりまとめ担当の方は区・局の方を選べます。",
            required=True,
        )
    first = date_picker(f"{INPUT}:{FIRST}", form.today.isoformat())
    yield input_(FIRST, "最初の日", first, required=True)
    last = date_picker(f"{INPUT}:{LAST}", None)
    yield input_(LAST, "最後の日", last, hint="決まっていないときは、空欄のままにしてください。")
    yield input_(
        DEPUTY,
        "副担当",
        user_picker(f"{INPUT}:{DEPUTY}"),
        hint="選ばないときは、項目ごとに登録されている副担当へ送ります。",
    )


def _whose(name: str) -> str:
    return f"{escape_line(name, 60)}さんの" if name else ""
