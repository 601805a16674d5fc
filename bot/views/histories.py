"""「履歴」: who answered, confirmed, sent back and was told what about one item, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import TOKYO, era_year
from bot.views.actions import HISTORY_EXPORT, HISTORY_OPEN, NOTICE_ONLY, YEARS_OPEN
from bot.views.blocks import Json, actions, button, context, modal, section
from bot.views.consultations import KINDS
from bot.views.history_events import (
    Announced,
    Consulted,
    Decided,
    Entered,
    Event,
    FieldChange,
    FoundBlank,
    Told,
    act_words,
    letter_words,
)
from bot.views.pages import Row, grouped, paginate
from bot.views.targets import HistoryTarget
from bot.views.text import escape, escape_line
from bot.views.words import WIDE, clock_words, day_words, item_name, item_title, name_words
from bot.views.years import BUTTON_LABEL as YEARS_LABEL

MAY_NOT_READ = "この項目の履歴を見られるのは、担当者・副担当・確認者・とりまとめ担当です。"
SENT_NOTE = "ファイルを kaikaku との会話に送りました。"
FORMATS = (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))

BLANK = "紙でも空欄"
_NOTHING = "この項目には、まだ記録がありません。"
_VALUE_SHOWN = 1200
_LABEL_SHOWN = 120
_FEW, _MOST_CHANGES = 10, 30  # fields of one revision; a form may ask of many indicators
_REASON_SHOWN = 1000
_NO_NAME = "(氏名の記録なし)"


@dataclass(frozen=True)
class History:
    """Everything that was recorded of one item, oldest first; ``stage`` of each is its title."""

    target: HistoryTarget
    unit_name: str
    fiscal_year: int
    code: str
    title: str
    events: tuple[Event, ...]


def build_history(history: History, *, note: str = "") -> Json:
    """One page of it. A page beyond the last shows the last."""
    pages = paginate([_row(event) for event in reversed(history.events)])
    page = min(max(history.target.page, 0), len(pages) - 1)
    blocks = [section(escape(note))] if note else []
    blocks.append(section(item_title(history.code, history.title, 1000)))
    blocks.append(context(_head(history, page, len(pages))))
    blocks += grouped(pages[page]) if pages[page] else [section(_NOTHING)]
    blocks += _buttons(history, page, len(pages))
    blocks.append(context("あなただけに見えています。入力された文と氏名が含まれます。"))
    return modal(f"履歴 {item_name(history.code)}", blocks, callback_id=NOTICE_ONLY)


def full_moment(instant: datetime) -> str:
    """「2026年9月10日(木) 10:42」: a history runs over years."""
    local = instant.astimezone(TOKYO)
    return f"{local.year}年{day_words(local.date())} {clock_words(instant)}"


def full_day(day: date) -> str:
    """「2026年10月5日(月)」: a history runs over years."""
    return f"{day.year}年{day_words(day)}"


def _head(history: History, page: int, pages: int) -> str:
    place = f"({page + 1}／{pages}ページ)" if pages > 1 else ""
    where = f"{name_words(history.unit_name)} {era_year(history.fiscal_year)}"
    return f"{where}{WIDE}記録 {len(history.events)}件{place}{WIDE}新しいものから並べています"


def _row(event: Event) -> Row:
    group = f"*{event.stage}*"
    match event:
        case Entered():
            return Row(group, tuple(_entered(event)))
        case Decided():
            return Row(group, (section(_decided(event)),))
        case Announced():
            return Row(group, (section(_announced(event)),))
        case FoundBlank():
            label = f"{escape_line(event.label, _LABEL_SHOWN)}：{BLANK}"
            head = f"*{act_words(event)}*{WIDE}{_when(event)}{WIDE}{_name(event.name)}"
            return Row(group, (section(f"{head}\n• {label}"),))
        case Consulted():
            said = f"*{act_words(event)}*{WIDE}{_when(event)}{WIDE}{_name(event.name)}"
            return Row(group, (section(f"{said}{WIDE}ご用件：{KINDS[event.kind]}"),))
        case Told():
            told = f"{_when(event)}{WIDE}お知らせ：{letter_words(event)}"
            return Row(group, (context(f"{told}{WIDE}宛先：{_name(event.name)}"),))


def _entered(event: Entered) -> Iterator[Json]:
    for_whom = f"({name_words(event.entered_for)}の代わりに入力)" if event.entered_for else ""
    head = f"*{act_words(event)}*{WIDE}{_when(event)}{WIDE}{_name(event.name)}{for_whom}"
    reason = f"\n理由：{escape(event.reason, _REASON_SHOWN)}" if event.reason else ""
    unchanged = "" if event.changes else "\n内容は前と同じです。"
    yield section(f"{head}{WIDE}第{event.number}版{reason}{unchanged}")
    most = _VALUE_SHOWN if len(event.changes) <= _FEW else _VALUE_SHOWN // 3
    for change in event.changes[:_MOST_CHANGES]:
        yield section(_change(change, most))
    left = len(event.changes) - _MOST_CHANGES
    if left > 0:
        yield context(f"ほか{left}欄の変更は、ファイルで見られます。")


def _change(change: FieldChange, most: int) -> str:
    label = f"• {escape_line(change.label, _LABEL_SHOWN)}"
    after = escape(change.after, most) or "(なし)"
    if not change.before:
        return f"{label}：{after}"
    return f"{label}\n変更前：{escape(change.before, most)}\n変更後：{after}"


def _decided(event: Decided) -> str:
    own = "(ご自分の項目)" if event.own else ""
    head = f"*{act_words(event)}*{WIDE}{_when(event)}{WIDE}{_name(event.name)}{own}"
    due = f"{WIDE}修正期限：{day_words(event.due)}" if event.due else ""
    comment = f"\n{escape(event.comment, _REASON_SHOWN)}" if event.comment else ""
    return f"{head}{WIDE}第{event.number}版{due}{comment}"


def _announced(event: Announced) -> str:
    head = f"*{act_words(event)}*{WIDE}{_when(event)}{WIDE}{_name(event.name)}"
    what = f"第{event.number}版" if event.number else "未入力のまま"
    number = escape_line(event.decision_number, _LABEL_SHOWN)
    return f"{head}{WIDE}{what}\n公表日：{full_day(event.day)}{WIDE}決裁番号：{number}"


def _when(event: Event) -> str:
    return full_moment(event.at)


def _name(name: str) -> str:
    return name_words(name) or _NO_NAME


def _buttons(history: History, page: int, pages: int) -> Iterator[Json]:
    """Buttons to the other pages, to the item's years, and one for each kind of file."""
    target, turning = history.target, []
    for words, name, to in (("新しい記録", "newer", page - 1), ("古い記録", "older", page + 1)):
        if 0 <= to < pages:
            turning.append(button(words, f"{HISTORY_OPEN}:{name}", target.at(to).encode()))
    if turning:
        yield actions(*turning)
    yield actions(
        button(YEARS_LABEL, YEARS_OPEN, target.at(0).encode()),
        *(
            button(f"ファイルで受け取る({words})", f"{HISTORY_EXPORT}:{key}", target.encode())
            for key, words in FORMATS
        ),
    )
