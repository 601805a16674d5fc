"""The modals around a check-in: saved and next one, loading, refusal, already in, and reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.answers import Answers
from bot.domain.calendar import japanese_date
from bot.domain.errors import Refused
from bot.domain.fields import Field
from bot.views.actions import ANSWER_OPEN, CHECKIN_NEXT, NOTICE_ONLY
from bot.views.answers_shown import answer_sections
from bot.views.blocks import Json, button, context, modal, section
from bot.views.carried import UNREADABLE
from bot.views.item_rows import REVIEW
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from bot.views.text import escape, escape_line
from bot.views.words import (
    SLASH,
    day_words,
    item_name,
    item_title,
    moment_words,
    name_words,
)

LOADING = "読み込み中"
_TITLE_SHOWN = 1000


@dataclass(frozen=True)
class Saved:
    """What to say after saving. ``remaining`` open items are left of ``total`` of the owner's
    (0: it was somebody else's); ``next`` is the one to offer.
    """

    round: RoundInfo
    code: str
    remaining: int = 0
    total: int = 0
    next: Target | None = None
    position: tuple[int, int] | None = None  # of the next item
    correcting: bool = False


@dataclass(frozen=True)
class Next:
    """The item to open next, and its place among the owner's open items."""

    target: Target
    position: tuple[int, int] | None = None


@dataclass(frozen=True)
class Reading:
    """One item's answer to be read: ``answers`` empty when nothing is in."""

    round: RoundInfo
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers
    saved_at: datetime | None = None
    entered_by: str = ""
    note: str = ""  # why it can only be read


def build_saved(saved: Saved) -> Json:
    """「保存しました」, only ever shown after the commit."""
    metadata: Json = {}
    if saved.next:
        metadata = {"t": saved.next.encode(), "p": list(saved.position or ())}
    return modal(
        saved.round.stage.title,
        [section(_saved_words(saved))],
        callback_id=CHECKIN_NEXT if saved.next else NOTICE_ONLY,
        metadata=metadata,
        submit="次の項目へ" if saved.next else "",
        close="終わる" if saved.next else "閉じる",
    )


def read_next(view: Mapping[str, Any]) -> Next:
    """The item to open next, from the submitted 「保存しました」; Refused when malformed."""
    try:
        raw = json.loads(view.get("private_metadata") or "")
        target, position = Target.decode(raw["t"]), [int(number) for number in raw["p"]]
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        raise Refused(UNREADABLE) from None
    if target is None:
        raise Refused(UNREADABLE)
    return Next(target, (position[0], position[1]) if len(position) == 2 else None)


def build_loading(title: str = LOADING) -> Json:
    """A small modal, opened within the trigger's life and updated when the data is there."""
    return modal(title, [section("読み込んでいます。")], callback_id=NOTICE_ONLY)


def build_refusal(title: str, message: str) -> Json:
    """A modal that says why not."""
    return modal(title, [section(escape(message))], callback_id=NOTICE_ONLY)


def build_read_only(reading: Reading) -> Json:
    """The answer without inputs."""
    title = f"{reading.round.stage.title} {item_name(reading.code)}"
    return modal(title, _reading_blocks(reading), callback_id=NOTICE_ONLY)


def build_already_in(
    round_: RoundInfo, *, target: Target, code: str, saved_at: datetime | None
) -> Json:
    """What an old button says of an item that is in: with a button to look at it."""
    on = f"{day_words(japanese_date(saved_at))}に" if saved_at else ""
    text = f"この項目は{on}入力済です。"
    look = button(REVIEW, ANSWER_OPEN, target.encode(), says=f"{item_name(code)} {REVIEW}")
    title = f"{round_.stage.title} {item_name(code)}"
    return modal(title, [section(text, look)], callback_id=NOTICE_ONLY)


def _saved_words(saved: Saved) -> str:
    act = "修正" if saved.correcting else "入力"
    first = f"*{escape_line(item_name(saved.code), 60)}の{act}を保存しました。*"
    if saved.remaining:
        return f"{first}　残りは{saved.remaining}件です。"
    if not saved.total:
        return first
    return f"{first}\n担当の{saved.total}件はすべて入力済です。ありがとうございました。"


def _reading_blocks(reading: Reading) -> Iterator[Json]:
    yield section(item_title(reading.code, reading.title, _TITLE_SHOWN))
    if reading.note:
        yield section(escape(reading.note))
    shown = list(answer_sections(reading.fields, reading.answers))
    yield from shown or [section("まだ未入力です。")]
    saved = f"{moment_words(reading.saved_at)} 保存" if reading.saved_at else ""
    who = f"入力：{name_words(reading.entered_by)}" if reading.entered_by else ""
    if saved or who:
        yield context(SLASH.join(part for part in (saved, who) if part))
