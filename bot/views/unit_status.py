"""How a unit stands, for one reader, and the counts at the head of every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import japanese_date
from bot.domain.form import Kind, Option, Question
from bot.domain.status import Counts, ItemStatus
from bot.views.round_info import RoundInfo
from bot.views.targets import Filter
from bot.views.words import (
    DOT,
    WIDE,
    day_words,
    days_to_due,
    moment_words,
    option_words,
    progress_bar,
    short_label,
)

NO_ITEMS = "取組項目はまだ登録されていません"


@dataclass(frozen=True)
class UnitStatus:
    """``items`` are those of the round that the reader may see, in the plan's order, while
    ``counts`` are the unit's; ``answerable`` and ``readable`` (its texts and marks may be shown)
    hold initiative ids. Days are business days.
    """

    round: RoundInfo
    counts: Counts
    items: tuple[ItemStatus, ...]
    now: datetime
    days_left: int = 0
    days_late: int = 0
    answerable: frozenset[int] = frozenset()
    readable: frozenset[int] = frozenset()
    confirmable: frozenset[int] = frozenset()  # those that wait for the reader's confirmation
    nudgeable: frozenset[int] = frozenset()  # late ones about which the reader may nudge
    historical: frozenset[int] = frozenset()  # those whose history and years the reader may read
    reader_coordinates: bool = False
    page: int = 0
    filter: Filter = Filter.FIRST
    reader_owns_only: bool = False  # say that there is more than the reader may see


def headline(status: UnitStatus) -> str:
    """「入力済 14／23件(60%)　■■■■■■□□□□」, plain; a plan without items has no share of them."""
    counts = status.counts
    if not counts.total:
        return NO_ITEMS
    bar = progress_bar(counts.percent)
    return f"入力済 {counts.submitted}／{counts.total}件({counts.percent}%){WIDE}{bar}"


def headline_parts(status: UnitStatus) -> list[str]:
    """The same in mrkdwn: the numbers bold, then the bar where there is one."""
    said, _, bar = headline(status).partition(WIDE)
    return [f"*{said}*", *([bar] if bar else [])]


def due_words(status: UnitStatus) -> str:
    """「入力期限 9月18日(金)(3開庁日経過)」, 「10月5日(月)公表」."""
    if status.round.published:
        return f"{day_words(status.round.dates.publishes)}公表"
    due = day_words(status.round.dates.due)
    return f"入力期限 {due}{days_to_due(status.days_left, status.days_late)}"


def count_lines(status: UnitStatus) -> Iterator[str]:
    """One line for each mark of the stage, then the states; plain text. None without items."""
    if not status.counts.total:
        return
    for question in status.round.stage.questions:
        if question.kind is Kind.CHOICE:
            yield _mark_counts(question, status.counts.marks.get(question.key, {}))
    yield _state_counts(status.counts)


def as_of(status: UnitStatus) -> list[str]:
    """「9月28日(月) 10:42 現在」, and 「公表前の内容です」 until the day of publication."""
    now = f"{moment_words(status.now)} 現在"
    if status.round.published:
        return [now, f"{day_words(status.round.dates.publishes)}公表の記録あり"]
    unpublished = japanese_date(status.now) < status.round.dates.publishes
    return [now, *(["公表前の内容です"] if unpublished else [])]


def _mark_counts(question: Question, counted: Mapping[str, int]) -> str:
    shown = [_mark_count(option, counted.get(option.key, 0)) for option in question.options]
    return f"{short_label(question)}{WIDE}{DOT.join(text for text in shown if text)}"


def _mark_count(option: Option, number: int) -> str:
    """A mark of the form always, 対象外 where there is any; 未確定 is counted with the states."""
    if option.pending or (option.exempts and not number):
        return ""
    return f"{option_words(option)} {number}"


def _state_counts(counts: Counts) -> str:
    late = f"(うち期限超過 {counts.overdue})" if counts.overdue else ""
    numbers = (
        ("確認済", counts.confirmed),
        ("確認待ち", counts.waiting),
        ("差し戻し", counts.sent_back),
        ("暫定", counts.provisional),
        ("未確定", counts.undetermined),
    )
    shown = [f"{name} {number}" for name, number in numbers if number]
    return DOT.join([*shown, f"未入力 {counts.unanswered}{late}"])
