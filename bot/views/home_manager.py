"""Home for who confirms: a section or ward at a glance, and what became of last time's ②."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.status import ItemStatus, unfavourable
from bot.views.actions import (
    CHART_OPEN,
    CONFIRM_LIST,
    DOCUMENT_OPEN,
    HISTORY_OPEN,
    HOME_TAB,
    STATUS_PAGE,
)
from bot.views.blocks import Json, button, header, section
from bot.views.documents import OPEN_LABEL as DOCUMENT_LABEL
from bot.views.home_actions import HomeTarget, Offer, offers, steps
from bot.views.home_before import GLANCE, Before, only_now, then_and_now, was_unfavourable
from bot.views.home_pages import chosen_page, home_grouped, home_pages
from bot.views.item_rows import review_button, standing_words
from bot.views.nudges import nudge_button
from bot.views.pages import Row
from bot.views.round_info import RoundInfo
from bot.views.status import render_no_round
from bot.views.targets import Filter, PageTarget, Target
from bot.views.text import bold
from bot.views.unit_status import UnitStatus, count_lines, due_words, headline_parts
from bot.views.words import (
    SLASH,
    STATES,
    WIDE,
    day_words,
    item_name,
    item_title,
    marks,
    name_words,
    people,
    unfavourable_items,
)

_MOST = 8  # of each kind at a glance
_IN_FULL = 1500  # characters of a text where few stand on one screen
_OWNERS = 3
_OUTSTANDING = "未入力の項目"
_FROM_LIST = "一覧から確認する"


@dataclass(frozen=True)
class ManagerHome:
    """What one manager may read of a unit. ``status`` holds that alone, its counts too.

    ``scope`` names the section, or the unit; ``before`` is by initiative id. Without a round that
    is going on ``status`` is None, and ``last`` the latest there was.
    """

    unit_name: str
    scope: str
    status: UnitStatus | None = None
    before: Mapping[int, Before] = field(default_factory=dict)
    last: RoundInfo | None = None
    others: tuple[RoundInfo, ...] = ()


@dataclass(frozen=True)
class Group:
    """Items under a heading; how one looks is worked out for those only that are shown."""

    heading: str
    items: Sequence[ItemStatus]
    blocks: Callable[[ItemStatus], tuple[Json, ...]]

    def rows(self, most: int | None = None) -> Iterator[Row]:
        """The first of them, or all."""
        for item in self.items[:most]:
            yield Row(f"*{self.heading}*", self.blocks(item))


def manager_blocks(home: ManagerHome, target: HomeTarget) -> list[Json]:
    """The glance (page 0), or a page of every ② with its text and last time's."""
    if home.status is None:
        return render_no_round(home.unit_name, home.last).blocks
    if target.page:
        return _texts(home, home.status, target)
    return _glance(home, home.status, target)


def _glance(home: ManagerHome, status: UnitStatus, target: HomeTarget) -> list[Json]:
    texts = _texts_label(status)
    groups = [
        (group, label)
        for found, label in (
            (_outstanding(status), _OUTSTANDING),
            (_marked(home, status, GLANCE), texts),
            (_waiting(status), _FROM_LIST),
            (_became(home, status, GLANCE), texts),
        )
        for group in found
    ]
    rows = [row for group, label in groups for row in _first_of(group, label)]
    nothing = (
        [] if status.items else [section(f"確認する{status.round.form.item}はまだありません。")]
    )
    return [
        header(status.round.full_title),
        section(_counts(home, status)),
        *_buttons(home, status, target),
        *_other_rounds(home.others),
        *nothing,
        *home_grouped(rows),
    ]


def _texts(home: ManagerHome, status: UnitStatus, target: HomeTarget) -> list[Json]:
    groups = (*_marked(home, status, _IN_FULL), *_became(home, status, _IN_FULL))
    rows = [row for group in groups for row in group.rows()]
    pages = home_pages(rows)
    page = chosen_page(pages, target.page - 1)
    turning = [
        Offer("最初に戻る", HOME_TAB, target.at(0).encode()),
        *(each for each in steps(target.at(page + 1), len(pages) + 1) if not _is_first(each)),
    ]
    place = f"({page + 1}/{len(pages)}ページ)" if len(pages) > 1 else ""
    nothing = [] if rows else [section("該当する項目はありません。")]
    return [
        header(f"{status.round.full_title}{place}"),
        *offers(turning, suffix="above-"),
        *nothing,
        *home_grouped(pages[page]),
        *(offers(turning, suffix="below-") if rows else []),
    ]


def _is_first(offer: Offer) -> bool:
    found = HomeTarget.decode(offer.value)
    return found is not None and found.page == 0


def _counts(home: ManagerHome, status: UnitStatus) -> str:
    """「保健福祉課　入力済 14／23件(60%)　■■■■■■□□□□」 with the marks and states."""
    scope = [name_words(home.scope)] if home.scope != home.unit_name else []
    parts = [*scope, *headline_parts(status), due_words(status)]
    return "\n".join([WIDE.join(parts), *count_lines(status)])


def _buttons(home: ManagerHome, status: UnitStatus, target: HomeTarget) -> list[Json]:
    round_id, waiting = status.round.round_id, len(status.confirmable)
    outstanding = any(item.outstanding for item in status.items)
    texts = any(True for _ in (*_marked(home, status, 1), *_became(home, status, 1)))
    confirm = Offer(f"{_FROM_LIST}({waiting}件)", CONFIRM_LIST, str(round_id), primary=True)
    filtered = PageTarget(round_id, Filter.OUTSTANDING).encode()
    every = PageTarget(round_id, Filter.ALL).encode()
    return offers(
        [
            confirm if waiting else None,
            Offer(_OUTSTANDING, STATUS_PAGE, filtered) if outstanding else None,
            Offer(_texts_label(status), HOME_TAB, target.at(1).encode()) if texts else None,
            Offer("すべての項目", STATUS_PAGE, every) if status.items else None,
            Offer("図で見る", CHART_OPEN, str(round_id)) if status.counts.total else None,
            Offer(DOCUMENT_LABEL, DOCUMENT_OPEN, str(round_id)) if status.counts.total else None,
        ]
    )


def _outstanding(status: UnitStatus) -> Iterator[Group]:
    """What is late or sent back, each with who answers for it."""
    sent_back = [item for item in status.items if item.mend_by]
    waiting = [item for item in status.items if item.outstanding and not item.mend_by]
    late = f"期限超過 {status.counts.overdue}件" if status.counts.overdue else f"{len(waiting)}件"
    for heading, items in (
        (f"差し戻し({len(sent_back)}件)", sent_back),
        (f"未入力({late})", waiting),
    ):
        if items:
            yield Group(heading, items, lambda item: (_outstanding_row(status, item),))


def _outstanding_row(status: UnitStatus, item: ItemStatus) -> Json:
    text = SLASH.join([f"担当：{_who(item)}", _standing(status, item)])
    may_nudge = item.initiative_id in status.nudgeable
    nudge = nudge_button(status.round, item) if may_nudge else None
    return section(f"{item_title(item.code, item.title)}\n{text}", nudge)


def _who(item: ItemStatus) -> str:
    if not item.away:
        return people(item.owners[:_OWNERS])
    return f"不在(副担当：{people(item.deputies)})"


def _standing(status: UnitStatus, item: ItemStatus) -> str:
    if item.mend_by is not None:
        return standing_words(item)
    late = status.days_late > 0 and not item.away
    return f"期限から{status.days_late}開庁日" if late else STATES[item.state]


def _waiting(status: UnitStatus) -> Iterator[Group]:
    """What is to be confirmed, but each ② that stands above with its text."""
    stage = status.round.stage
    marked = {each.initiative_id for each in _unfavourable(status)}
    waiting = [item for item in status.items if item.initiative_id in status.confirmable - marked]
    mark = unfavourable_items(stage).removesuffix("の項目")
    others = f"{mark}のほかの" if marked & status.confirmable else ""

    def blocks(item: ItemStatus) -> tuple[Json, ...]:
        said = SLASH.join([marks(stage, item.answers), standing_words(item)])
        text = f"{item_title(item.code, item.title)}\n{said}"
        return (section(text, review_button(status.round, item)),)

    if waiting:
        yield Group(f"{others}確認待ち({len(waiting)}件)", waiting, blocks)


def _marked(home: ManagerHome, status: UnitStatus, most: int) -> Iterator[Group]:
    """Each ② with its text, and last time's on its left."""
    stage, items = status.round.stage, _unfavourable(status)

    def blocks(item: ItemStatus) -> tuple[Json, ...]:
        before = home.before.get(item.initiative_id)
        if before is None:
            return (_titled(status, item), only_now(stage, item, most=most))
        return (_titled(status, item), then_and_now(stage, item, before, most=most))

    if items:
        yield Group(f"{unfavourable_items(stage)}({len(items)}件)", items, blocks)


def _became(home: ManagerHome, status: UnitStatus, most: int) -> Iterator[Group]:
    """What was ② last time and is not, or not yet, this time."""
    stage = status.round.stage
    again = {item.initiative_id for item in _unfavourable(status)}
    found = [
        item
        for item in status.items
        if (before := home.before.get(item.initiative_id)) is not None
        and item.initiative_id not in again
        and was_unfavourable(before)
    ]

    def blocks(item: ItemStatus) -> tuple[Json, ...]:
        before = home.before[item.initiative_id]
        return (_titled(status, item), then_and_now(stage, item, before, most=most))

    mark = unfavourable_items(stage).removesuffix("の項目")
    if found:
        yield Group(f"前回{mark}だった項目({len(found)}件)", found, blocks)


def _unfavourable(status: UnitStatus) -> list[ItemStatus]:
    return unfavourable(status.items, status.round.form, status.round.stage.key)


def _titled(status: UnitStatus, item: ItemStatus) -> Json:
    """The title, with 「確認する」 for what waits for the reader, else with its history."""
    title = f"{item_title(item.code, item.title)}{WIDE}{standing_words(item)}"
    if item.initiative_id in status.confirmable:
        return section(title, review_button(status.round, item))
    if not item.initiative_id:
        return section(title)
    value = Target(status.round.round_id, item.initiative_id).encode()
    words = "履歴を見る"
    return section(
        title, button(words, HISTORY_OPEN, value, says=f"{item_name(item.code)} {words}")
    )


def _first_of(group: Group, label: str) -> Iterator[Row]:
    """The first of a group; the rest is counted, with the button that leads to it."""
    yield from group.rows(_MOST)
    rest = len(group.items) - _MOST
    if rest > 0:
        yield Row(f"*{group.heading}*", (section(f"ほか{rest}件は「{label}」で見られます。"),))


def _texts_label(status: UnitStatus) -> str:
    return f"{unfavourable_items(status.round.stage)}と前回の改善策"


def _other_rounds(others: Sequence[RoundInfo]) -> Iterator[Json]:
    for index, each in enumerate(others):
        value = PageTarget(each.round_id).encode()
        look = button("見る", f"{STATUS_PAGE}:other-{index}", value, says=f"{each.title} 見る")
        due = f"入力期限 {day_words(each.dates.due)}"
        yield section(f"{bold(name_words(each.title))}{WIDE}{due}", look)
