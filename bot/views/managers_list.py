"""The letters to managers: what is late in their section; and the ward head's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.status import Counts, ItemStatus
from bot.views.absences import absence_button
from bot.views.actions import STATUS_PAGE
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    section,
)
from bot.views.item_rows import ENTER_FOR, open_button, standing_words
from bot.views.nudges import nudge_button
from bot.views.round_info import RoundInfo, all_askers
from bot.views.targets import PageTarget
from bot.views.text import bold, escape_line
from bot.views.words import (
    WIDE,
    away_words,
    day_words,
    item_title,
    name_words,
    people,
    unfavourable_items,
)

_MOST_SECTIONS = 6
_MOST_ITEMS = 20


@dataclass(frozen=True)
class ManagersSection:
    """What is outstanding in one round, of what the reader may read (``scope``: its name)."""

    round: RoundInfo
    scope: str  # 保健福祉課, or the unit's name
    days_late: int
    notices_sent: int  # how often the owners were told, at most
    items: tuple[ItemStatus, ...]
    reader_coordinates: bool = False  # may answer for others


@dataclass(frozen=True)
class ManagersList:
    """One letter to a manager."""

    letter_id: int
    today: date
    sections: tuple[ManagersSection, ...]


@dataclass(frozen=True)
class WardHeadSection:
    """The numbers of one round."""

    round: RoundInfo
    counts: Counts
    unfavourable: int  # how many ②


@dataclass(frozen=True)
class WardHeadSummary:
    """One letter to the ward head: numbers, no names."""

    letter_id: int
    today: date
    sections: tuple[WardHeadSection, ...]


def render_managers(list_: ManagersList) -> Rendered:
    """The list as it stands; a section without outstanding items says that all is in."""
    blocks: list[Json] = []
    left = _MOST_ITEMS
    for index, part in enumerate(list_.sections[:_MOST_SECTIONS]):
        shown = _outstanding(part)[:left]
        left -= len(shown)
        blocks += _managers_section(list_, part, shown, index)
    blocks.append(context(*all_askers(part.round for part in list_.sections)))
    return Rendered(_managers_notification(list_), blocks)


def render_ward_head(summary: WardHeadSummary) -> Rendered:
    """The numbers as they stand."""
    parts = summary.sections
    blocks = [_numbers(part, index) for index, part in enumerate(parts[:_MOST_ITEMS])]
    blocks.append(context(*all_askers(part.round for part in parts)))
    names = "・".join(dict.fromkeys(part.round.unit_name for part in parts))
    return Rendered(escape_line(f"{names}の状況", NOTIFICATION_LIMIT), blocks)


def _outstanding(part: ManagersSection) -> list[ItemStatus]:
    return [item for item in part.items if item.outstanding]


def _managers_section(
    list_: ManagersList, part: ManagersSection, shown: Sequence[ItemStatus], index: int
) -> Iterator[Json]:
    scope, count = name_words(part.scope), len(_outstanding(part))
    target = PageTarget(part.round.round_id).encode()
    look = button("状況を見る", f"{STATUS_PAGE}:{index}", target)
    if not count:
        yield section(f"*{part.round.title}　{scope}はすべて入力済です*")
        yield actions(look)
        return
    yield section(
        f"*{part.round.title}　{scope}で{count}件が未入力です*\n{_how_late(part)}"
        "状況の確認をお願いします。"
    )
    open_ = part.days_late > 0 and list_.today <= part.round.dates.closes
    yield from _rows(part, shown, nudges=open_)
    if count > len(shown):
        yield section(f"ほか{count - len(shown)}件は「状況を見る」で見られます。")
    yield actions(look, absence_button())
    yield context(_who_reads(part))


def _how_late(part: ManagersSection) -> str:
    due = day_words(part.round.dates.due)
    passed = f"入力期限({due})から{part.days_late}開庁日が過ぎています。" if part.days_late else ""
    told = f"担当者には{part.notices_sent}回お知らせしました。" if part.notices_sent else ""
    return passed + told


def _rows(part: ManagersSection, shown: Sequence[ItemStatus], *, nudges: bool) -> Iterator[Json]:
    """A coordinator may enter for others; a manager may have those told who are late."""
    for item in shown:
        words = f"{item_title(item.code, item.title)}{WIDE}担当：{_asked(item)}{_sent_back(item)}"
        if part.reader_coordinates:
            yield section(words, open_button(part.round, item, ENTER_FOR))
        else:
            told = nudges and (item.owners or item.deputies)
            yield section(words, nudge_button(part.round, item) if told else None)


def _asked(item: ItemStatus) -> str:
    return away_words(item.deputies) if item.away else people(item.owners[:5])


def _sent_back(item: ItemStatus) -> str:
    return f"{WIDE}{standing_words(item)}" if item.mend_by else ""


def _who_reads(part: ManagersSection) -> str:
    published = day_words(part.round.dates.publishes)
    return (
        f"{name_words(part.scope)}の確認者の方だけに送っています。公表予定は{published}です。"
        "未入力がなくなれば、このお知らせも止まります。"
    )


def _managers_notification(list_: ManagersList) -> str:
    count = sum(len(_outstanding(part)) for part in list_.sections)
    items = {part.round.form.item for part in list_.sections}
    item = items.pop() if len(items) == 1 else "項目"
    if not count:
        return f"未入力の{item}はなくなりました"
    if len(list_.sections) > 1:
        return f"未入力の{item}が{count}件あります(期限超過)"
    [only] = list_.sections
    text = f"{only.round.stage.title} {only.scope}の未入力 {count}件(期限超過)"
    return escape_line(text, NOTIFICATION_LIMIT)


def _numbers(part: WardHeadSection, index: int) -> Json:
    counts, published = part.counts, day_words(part.round.dates.publishes)
    marked = unfavourable_items(part.round.stage).removesuffix("の項目")
    confirmed = f"確認済 {counts.confirmed}件、" if counts.confirmed else ""
    text = (
        f"{bold(f'{name_words(part.round.unit_name)}　{part.round.title}の状況')}\n"
        f"入力済 {counts.submitted}／{counts.total}件、{confirmed}"
        f"{marked}は{part.unfavourable}件です。公表予定は{published}です。"
    )
    target = PageTarget(part.round.round_id).encode()
    return section(text, button("一覧を見る", f"{STATUS_PAGE}:{index}", target))
