"""The letter to an owner: what is asked, by when, item by item; each row turns into its receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.rounds import StepKind
from bot.domain.status import ItemStatus
from bot.views.actions import LETTER_CONSULT, LETTER_MORE, LETTER_PLAN_DATE
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    header,
    section,
)
from bot.views.item_rows import asking_row, closed_row, confirming_rows, receipt_row
from bot.views.news import News, news_blocks, news_notification
from bot.views.notice_words import (
    CONSULT,
    PLAN_DATE,
    NoticeSection,
    notification_of_several,
    words_of,
)
from bot.views.round_info import all_askers
from bot.views.text import escape_line
from bot.views.words import day_words

MOST_ITEMS = 20  # of a letter: the most urgent; the rest is behind 「ほかN件を見る」
_MOST_SECTIONS = 6  # with their headings and 26 blocks of items a message stays below 50 blocks
_MOST_ITEM_BLOCKS = 26


@dataclass(frozen=True)
class Notice:
    """One letter. ``total`` counts all items where the sections do not hold them all."""

    letter_id: int
    today: date
    now: datetime
    sections: tuple[NoticeSection, ...]
    total: int = 0
    news: tuple[News, ...] = ()  # said first


def render_nothing_asked() -> Rendered:
    """What a letter says once nothing in it is its reader's any more: no button is left."""
    title = "このお知らせの項目は、いまは入力をお願いしていません"
    why = "担当が後任へ引き継がれたか、代わりに入力する期間が終わっています。"
    # It may have come from several units, none of which is known here any more.
    who = (
        "kaikaku が自動で送っています。"
        "問い合わせは、所属のとりまとめ担当(区政企画など)へお願いします。"
    )
    return Rendered(title, [section(f"*{title}*\n{why}"), context(who)])


def render_notice(notice: Notice) -> Rendered:
    """The letter as it stands given these values; rendered again whenever an answer changes."""
    shown = _share_out(notice)
    blocks = news_blocks(notice.news)
    blocks += [block for part, items in shown for block in _section_blocks(notice, part, items)]
    blocks += _closing(notice, sum(len(items) for _, items in shown))
    return Rendered(escape_line(_notification(notice), NOTIFICATION_LIMIT), blocks)


def _share_out(notice: Notice) -> list[tuple[NoticeSection, Sequence[ItemStatus]]]:
    """Which items of which sections are shown, most urgent sections first as they come."""
    shown: list[tuple[NoticeSection, Sequence[ItemStatus]]] = []
    items_left, blocks_left = MOST_ITEMS, _MOST_ITEM_BLOCKS
    for part in notice.sections[:_MOST_SECTIONS]:
        each = 2 if part.confirms else 1
        items = part.items[: min(items_left, blocks_left // each)]
        items_left, blocks_left = items_left - len(items), blocks_left - each * len(items)
        if items or not part.items:
            shown.append((part, items))
    return shown


def _section_blocks(
    notice: Notice, part: NoticeSection, items: Sequence[ItemStatus]
) -> Iterator[Json]:
    words = words_of(part, today=notice.today)
    if len(notice.sections) > 1:
        yield header(part.round.full_title)
    yield section("\n".join([words.heading, *words.lines]))
    for item in items:
        yield from _item_blocks(notice, part, item)
    notes = _notes(notice, part)
    if notes:
        yield context(*notes)


def _item_blocks(notice: Notice, part: NoticeSection, item: ItemStatus) -> list[Json]:
    closed = part.is_closed(notice.today)
    if not part.is_open(item):
        return [receipt_row(part.round, item, entry_until=part.entry_until, closed=closed)]
    if closed:
        return [closed_row(item)]
    if part.confirms and not item.outstanding:
        return confirming_rows(part.round, item)
    return [asking_row(part.round, item)]


def _notes(notice: Notice, part: NoticeSection) -> list[str]:
    """What the opening notice explains, while there is something left to enter."""
    closed = part.is_closed(notice.today)
    if part.step.kind is not StepKind.OPENING or closed or not part.open_items:
        return []
    stage, until = part.round.stage, day_words(part.entry_until)
    publishes = day_words(part.round.dates.publishes)
    guide = f"{stage.guide}期限のあとも{until}までは直せます。公表予定は{publishes}です。"
    if len(notice.sections) > 1:
        return [guide]
    return [guide, *stage.notes]


def _closing(notice: Notice, shown: int) -> Iterator[Json]:
    letter = str(notice.letter_id)
    total = max(notice.total, sum(len(part.items) for part in notice.sections))
    if total > shown:
        yield actions(button(f"ほか{total - shown}件を見る", LETTER_MORE, letter))
    asking = any(p.open_items and not p.is_closed(notice.today) for p in notice.sections)
    if asking:
        yield actions(*_ways_out(notice, letter))
    askers = all_askers(part.round for part in notice.sections)
    yield context(*(askers or dict.fromkeys(each.asker for each in notice.news)))


def _ways_out(notice: Notice, letter: str) -> Iterator[Json]:
    yield button(CONSULT, LETTER_CONSULT, letter)
    if any(p.open_items and notice.today < p.round.dates.due for p in notice.sections):
        yield button(PLAN_DATE, LETTER_PLAN_DATE, letter)


def _notification(notice: Notice) -> str:
    if not notice.sections and notice.news:
        return news_notification(notice.news)
    if len(notice.sections) != 1:
        return notification_of_several(notice.sections, notice.today)
    [only] = notice.sections
    return words_of(only, today=notice.today).notification
