"""The manager's modals: one answer to confirm or send back, several to confirm at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.answers import Answers
from bot.domain.confirmations import COMMENT_LENGTH, Change
from bot.domain.fields import Field
from bot.domain.status import ItemStatus
from bot.views.actions import CONFIRM, HISTORY_OPEN, INPUT, NOTICE_ONLY, SEND_BACK, SEND_BACK_OPEN
from bot.views.answers_shown import answer_sections, change_sections
from bot.views.blocks import (
    Json,
    actions,
    button,
    context,
    date_picker,
    divider,
    input_,
    modal,
    section,
    text_input,
)
from bot.views.inputs import read_inputs
from bot.views.item_rows import standing_words
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from bot.views.text import escape, escape_line, line
from bot.views.words import (
    CONFIRMERS,
    SLASH,
    WIDE,
    day_words,
    item_name,
    item_title,
    moment_words,
    name_words,
)

CONFIRM_LABEL = "確認する"
COMMENT = "comment"
MEND_BY = "mend-by"
COMMENT_MISSING = "どこをどう直してほしいかを入力してください。"
NOT_ASKED = "この振り返りでは、確認者の確認をお願いしていません。"
MAY_NOT_CONFIRM = "確認できるのは、項目を担当する課の確認者と区の確認者だけです。"
NOTHING_TO_CONFIRM = "この項目は、いま確認をお願いしていません。一覧で、いまの状況を見られます。"
MOVED_ON = (
    "画面を開いたあとに、この項目の内容が変わりました。いまの内容を見て、もう一度選んでください。"
)
SENT_BACK_ALREADY = "この項目は、すでに修正をお願いしています。修正されると、また確認できます。"
PUBLISHED = (
    "公表予定日を過ぎたため、修正をお願いできません。"
    "直すところがある場合は、とりまとめ担当へご連絡ください。"
)

_NOBODY_THERE = (
    "いまお知らせできる担当者・副担当がいないため、次の開庁日にとりまとめ担当へお知らせします"
)
_WHO = 60
_COMMENT_SHOWN = 300
_TITLE_SHOWN = 200


@dataclass(frozen=True)
class Earlier:
    """What was decided before: by whom and when, with the comment of what was sent back."""

    name: str
    at: datetime
    sent_back: bool
    comment: str = ""
    own: bool = False


@dataclass(frozen=True)
class Answered:
    """One answer before a manager.

    ``level`` is the one that this manager's confirmation would be, None where none is asked of
    them now; ``changes`` are those since it was last decided on; ``own``: it is their own answer.
    """

    round: RoundInfo
    target: Target
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers
    revision: int
    level: int | None
    levels: int
    goal: str = ""
    saved_at: datetime | None = None
    entered_by: str = ""
    changes: tuple[Change, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    own: bool = False
    may_send_back: bool = True
    status: ItemStatus | None = None
    note: str = ""


@dataclass(frozen=True)
class SentBack:
    """What a manager wrote when sending an answer back; ``due`` None: no date was chosen."""

    target: Target
    revision: int
    comment: str
    due: date | None


def build_one(answered: Answered) -> Json:
    """The answer in full, what has changed, and 確認する or 差し戻し."""
    confirms = answered.level is not None
    return modal(
        _title("確認", answered.code),
        _answered_blocks(answered),
        callback_id=CONFIRM if confirms else NOTICE_ONLY,
        metadata={
            "t": answered.target.encode(),
            "v": str(answered.revision),
            "l": str(answered.level or 0),
        },
        submit=CONFIRM_LABEL if confirms else "",
    )


def read_one(view: Mapping[str, Any]) -> tuple[Target, int, int]:
    """Which answer, and the revision and the level that were on the screen; Refused when
    malformed.
    """
    inputs = read_inputs(view)
    return inputs.target("t"), inputs.number("v"), inputs.number("l")


def build_send_back(answered: Answered, due: date, *, last: date) -> Json:
    """What is to be mended, and by when; ``last`` is the last day that may be chosen."""
    comment = text_input(f"{INPUT}:{COMMENT}", "", most=COMMENT_LENGTH)
    blocks = [
        context(escape_line(answered.round.full_title, _TITLE_SHOWN)),
        section(item_title(answered.code, answered.title)),
        input_(
            COMMENT,
            "担当者へのコメント",
            comment,
            hint="担当者と、この項目を確認する方が読みます。",
            required=True,
        ),
        input_(
            MEND_BY,
            "修正期限",
            date_picker(f"{INPUT}:{MEND_BY}", due.isoformat()),
            hint=f"{day_words(last)}までの開庁日で選べます。入力が終わったあとも、この項目だけ直せます。",
            required=True,
        ),
    ]
    return modal(
        _title("修正のお願い", answered.code),
        blocks,
        callback_id=SEND_BACK,
        metadata={"t": answered.target.encode(), "v": str(answered.revision)},
        submit="修正をお願いする",
    )


def read_send_back(view: Mapping[str, Any]) -> SentBack:
    """What was written; Refused when malformed."""
    inputs = read_inputs(view)
    target, revision = inputs.target("t"), inputs.number("v")
    return SentBack(target, revision, inputs.text(COMMENT), inputs.day(MEND_BY))


def mend_day_words(last: date) -> str:
    """Why a day can't be the one by which an answer is to be mended."""
    return f"明日から{day_words(last)}までの開庁日を選んでください。"


def build_confirmed(answered: Answered, *, level: int) -> Json:
    """「確認しました」, only ever shown after the commit."""
    whose = "" if level == answered.levels else f"このあと{CONFIRMERS[level + 1]}が確認します。"
    text = f"*{escape_line(item_name(answered.code), _WHO)}を確認しました。*{WIDE}{whose}"
    return modal(_title("確認", answered.code), [section(text.strip())], callback_id=NOTICE_ONLY)


def build_sent_back(code: str, due: date, *, reached: bool = True) -> Json:
    """「修正をお願いしました」, only ever shown after the commit.

    Where nobody can be told in Slack, the coordinator is.
    """
    whom = "担当者へお知らせします" if reached else _NOBODY_THERE
    text = (
        f"*{escape_line(item_name(code), _WHO)}の修正をお願いしました。*\n"
        f"{whom}。修正期限は{day_words(due)}です。"
    )
    return modal(_title("修正のお願い", code), [section(text)], callback_id=NOTICE_ONLY)


def _answered_blocks(answered: Answered) -> Iterator[Json]:
    if answered.note:
        yield section(escape(answered.note))
    yield context(escape_line(answered.round.full_title, _TITLE_SHOWN))
    yield section(item_title(answered.code, answered.title, 1000))
    if answered.goal:
        yield section(f"*目標*{WIDE}{escape(answered.goal, 1200)}")
    yield from answer_sections(answered.fields, answered.answers)
    yield context(_saved_words(answered))
    yield from _changed(answered)
    yield from _history(answered.earlier)
    if answered.level is None and answered.status is not None:
        yield context(_why_not(answered.status))
    elif answered.own:
        yield context("ご自分の担当項目です。確認すると、ご自分の項目の確認として記録されます。")
    value = answered.target.encode()
    buttons = [button("履歴を見る", HISTORY_OPEN, value)]
    if answered.may_send_back:
        buttons.insert(0, button("修正をお願いする", SEND_BACK_OPEN, value))
    yield actions(*buttons)


def _why_not(status: ItemStatus) -> str:
    """Why the reader is not asked to confirm it now."""
    turn = CONFIRMERS.get(status.waits_for or 0, "")
    return f"{turn}の確認を待っています。" if turn else standing_words(status)


def _saved_words(answered: Answered) -> str:
    saved = f"{moment_words(answered.saved_at)} 保存" if answered.saved_at else ""
    who = f"入力：{name_words(answered.entered_by)}" if answered.entered_by else ""
    return SLASH.join(part for part in (saved, who) if part)


def _changed(answered: Answered) -> Iterator[Json]:
    if answered.changes:
        yield divider()
        yield section("*前に見ていただいたあとに変わったところ*")
        yield from change_sections(answered.fields, answered.changes)


def _history(earlier: Iterable[Earlier]) -> Iterator[Json]:
    lines = [_decided(each) for each in earlier]
    if lines:
        yield context(*lines[-10:])


def _decided(earlier: Earlier) -> str:
    act = "修正のお願い" if earlier.sent_back else "確認"
    own = "(ご自分の項目)" if earlier.own else ""
    comment = f"{WIDE}{escape(line(earlier.comment), _COMMENT_SHOWN)}" if earlier.comment else ""
    return f"{moment_words(earlier.at)} {name_words(earlier.name)}{WIDE}{act}{own}{comment}"


def _title(act: str, code: str) -> str:
    return f"{act} {item_name(code)}"
