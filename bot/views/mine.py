"""`/kaikaku 自分`: what a person is asked for over all open rounds, late ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import japanese_date
from bot.domain.status import ItemStatus
from bot.views.absences import absence_button
from bot.views.actions import MINE_PAGE
from bot.views.blocks import Json, Rendered, actions, button, context, section
from bot.views.item_rows import asking_row, closed_row, receipt_row
from bot.views.pages import Row, grouped, paginate
from bot.views.round_info import RoundInfo
from bot.views.text import bold
from bot.views.words import (
    SLASH,
    STATES,
    WIDE,
    contact_words,
    day_words,
    days_to_due,
    moment_words,
    name_words,
)


@dataclass(frozen=True)
class MineSection:
    """The reader's items in one open round, deputised ones included."""

    round: RoundInfo
    items: tuple[ItemStatus, ...]
    days_left: int
    days_late: int
    entry_until: date


# How an item is shown; the flag says that entry has ended.
Shown = Callable[[MineSection, ItemStatus, bool], tuple[Json, ...]]


@dataclass(frozen=True)
class Mine:
    """All that is the reader's to answer. ``owned`` counts items in any plan in force."""

    sections: tuple[MineSection, ...]
    now: datetime
    owned: int = 0
    contact: str = ""
    page: int = 0


def render_mine(mine: Mine) -> Rendered:
    """One page of the reader's items with a button each; a page beyond the last shows the last."""
    pages = paginate(mine_rows(mine))
    page = min(max(mine.page, 0), len(pages) - 1)
    blocks = [section(f"*担当の取組項目*{WIDE}{outline(mine)}"), *grouped(pages[page])]
    blocks += _navigation(page, len(pages))
    if mine.owned:
        blocks.append(actions(absence_button()))
    blocks.append(context(f"{moment_words(mine.now)} 現在{SLASH}あなただけに見えています"))
    return Rendered("担当の取組項目", blocks)


def outline(mine: Mine) -> str:
    """How much is asked for, in one sentence, mrkdwn."""
    items = [item for part in mine.sections for item in part.items]
    sent_back = sum(item.mend_by is not None for item in items)
    waiting = sum(item.outstanding for item in items) - sent_back
    counted = (("未入力", waiting), ("差し戻し", sent_back))
    if waiting or sent_back:
        return "、".join(f"{name}が{count}件" for name, count in counted if count) + "あります。"
    if items:
        return "いま入力をお願いしている項目はすべて入力済です。"
    if mine.owned:
        return f"担当されている{mine.owned}件のうち、いま入力をお願いしている項目はありません。"
    contact = contact_words(mine.contact)
    return (
        "いま担当になっている取組項目はありません。"
        f"担当のはずの場合は、所属の{contact}へご連絡ください。"
    )


def mine_rows(mine: Mine, shown: Shown | None = None) -> list[Row]:
    """Late items first, then what is open, then what is in; within each the order given."""
    parts = sorted(mine.sections, key=lambda part: (part.days_late == 0, part.round.dates.due))
    how = shown or item_blocks
    waiting = [row for part in parts for row in _rows(mine, part, how, outstanding=True)]
    return [*waiting, *(row for part in parts for row in _rows(mine, part, how, outstanding=False))]


def item_blocks(part: MineSection, item: ItemStatus, closed: bool) -> tuple[Json, ...]:  # noqa: FBT001
    """An item in a message: what is asked, or its receipt."""
    if not item.outstanding:
        until = part.entry_until
        return (receipt_row(part.round, item, entry_until=until, closed=closed, listed=True),)
    if closed:
        return (closed_row(item),)
    late = f"期限から{part.days_late}開庁日" if part.days_late > 0 else STATES[item.state]
    return (asking_row(part.round, item, note=late),)


def _rows(mine: Mine, part: MineSection, shown: Shown, *, outstanding: bool) -> Iterator[Row]:
    closed = japanese_date(mine.now) > part.entry_until
    for item in part.items:
        if item.outstanding is outstanding:
            yield Row(_group(part, outstanding=outstanding), shown(part, item, closed))


def _group(part: MineSection, *, outstanding: bool) -> str:
    title = bold(f"{name_words(part.round.unit_name)}　{part.round.title}")
    if not outstanding:
        return f"{title}{WIDE}入力済"
    due = day_words(part.round.dates.due)
    return f"{title}{WIDE}入力期限 {due}{days_to_due(part.days_left, part.days_late)}"


def _navigation(page: int, pages: int) -> Iterator[Json]:
    steps = (("前のページ", "previous", page - 1), ("次のページ", "next", page + 1))
    buttons = [
        button(words, f"{MINE_PAGE}:{name}", str(to))
        for words, name, to in steps
        if 0 <= to < pages
    ]
    if buttons:
        yield actions(*buttons)
