"""Home for who answers: what is due, what is in, last time's beside it; and what was, by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.calendar import era_year
from bot.domain.status import ItemStatus
from bot.views.actions import (
    ABSENCE_OPEN,
    CONSULT_OPEN,
    DOCUMENT_OPEN,
    HISTORY_OPEN,
    HOME_TAB,
    PLAN_DATE_OPEN,
    YEARS_OPEN,
)
from bot.views.blocks import Json, button, header, section
from bot.views.documents import OPEN_LABEL as DOCUMENT_LABEL
from bot.views.home_actions import HomeTab, HomeTarget, Offer, offers, steps
from bot.views.home_before import Before, last_time, then_and_now
from bot.views.home_pages import chosen_page, home_grouped, home_pages
from bot.views.item_rows import REVIEW, open_button, standing_words
from bot.views.mine import Mine, MineSection, item_blocks, mine_rows, outline
from bot.views.pages import Row
from bot.views.words import (
    SLASH,
    WIDE,
    day_words,
    item_name,
    item_title,
    marks,
    moment_words,
    name_words,
)
from bot.views.years import BUTTON_LABEL as YEARS_LABEL

_SELF = "self"


@dataclass(frozen=True)
class OwnerHome:
    """What is the reader's to answer, with last time's answers by initiative id."""

    mine: Mine
    before: Mapping[int, Before] = field(default_factory=dict)
    has_past: bool = False


@dataclass(frozen=True)
class PastItem:
    """What was answered about one item in one fiscal year, stage by stage.

    ``readable_id`` is the initiative whose history the reader may open, 0 for none;
    ``continued_by`` the one that continues it today, where that is another.
    """

    year: int
    unit_name: str
    code: str
    title: str
    answers: tuple[Before, ...]
    readable_id: int = 0
    continued_by: int = 0


@dataclass(frozen=True)
class PastHome:
    """Everything answered about the reader's items, the newest year first."""

    items: tuple[PastItem, ...]


def owner_blocks(home: OwnerHome, target: HomeTarget) -> list[Json]:
    """Late ones first, each with its button; then what is in, with last time's beside it."""

    def shown(part: MineSection, item: ItemStatus, closed: bool) -> tuple[Json, ...]:  # noqa: FBT001
        before = home.before.get(item.initiative_id)
        if before is None:
            return item_blocks(part, item, closed)
        if item.outstanding:
            return (*item_blocks(part, item, closed), last_time(before))
        return (_answered(part, item, closed=closed), then_and_now(part.round.stage, item, before))

    pages = home_pages(mine_rows(home.mine, shown))
    page = chosen_page(pages, target.page)
    place = f"({page + 1}/{len(pages)}ページ)" if len(pages) > 1 else ""
    return [
        header(f"担当の取組項目{place}"),
        section(outline(home.mine)),
        *offers(_buttons(home), suffix="do-"),
        *home_grouped(pages[page]),
        *offers(steps(target.at(page), len(pages)), suffix="turn-"),
    ]


def past_blocks(home: PastHome, target: HomeTarget) -> list[Json]:
    """A year under each heading."""
    pages = home_pages(_past_rows(home))
    page = chosen_page(pages, target.page)
    place = f"({page + 1}/{len(pages)}ページ)" if len(pages) > 1 else ""
    back = Offer("担当の取組項目に戻る", HOME_TAB, HomeTarget(HomeTab.OWNER).encode())
    return [
        header(f"これまでの内容{place}"),
        *offers([back], suffix="back-"),
        *home_grouped(pages[page]),
        *([] if home.items else [section("これまでに入力された内容はありません。")]),
        *offers(steps(target.at(page), len(pages)), suffix="turn-"),
    ]


def _answered(part: MineSection, item: ItemStatus, *, closed: bool) -> Json:
    """The title of what is in; its marks and texts stand below it."""
    saved = f"{moment_words(item.saved_at)} 保存" if item.saved_at else ""
    editable = "" if closed else f"{day_words(part.entry_until)}まで直せます"
    small = SLASH.join(text for text in (saved, editable) if text)
    text = f"{item_title(item.code, item.title)}{WIDE}{standing_words(item)}\n{small}"
    return section(text.strip(), None if closed else open_button(part.round, item, REVIEW))


def _buttons(home: OwnerHome) -> list[Offer | None]:
    open_items = [item for part in home.mine.sections for item in part.items if item.outstanding]
    on_time = any(part.days_left > 0 for part in home.mine.sections)
    past = HomeTarget(HomeTab.PAST).encode()
    rounds = [part.round.round_id for part in home.mine.sections]
    return [
        Offer("担当が違う・相談する", CONSULT_OPEN, _SELF) if open_items else None,
        Offer("入力予定日を決める", PLAN_DATE_OPEN, _SELF) if open_items and on_time else None,
        Offer("不在を登録する", ABSENCE_OPEN, _SELF) if home.mine.owned else None,
        Offer("これまでの内容", HOME_TAB, past) if home.has_past else None,
        *(Offer(DOCUMENT_LABEL, DOCUMENT_OPEN, str(each)) for each in rounds[:1]),
    ]


def _past_rows(home: PastHome) -> Iterator[Row]:
    for item in home.items:
        heading = f"*{era_year(item.year)}*　{name_words(item.unit_name)}"
        said = SLASH.join(
            f"{each.stage.title}　{marks(each.stage, each.answers) or '入力済'}"
            for each in item.answers
        )
        look = None
        if item.readable_id:
            says = f"{item_name(item.code)} 履歴を見る"
            look = button("履歴を見る", HISTORY_OPEN, str(item.readable_id), says=says)
        if item.continued_by:
            says = f"{item_name(item.code)} {YEARS_LABEL}"
            look = button(YEARS_LABEL, YEARS_OPEN, str(item.continued_by), says=says)
        yield Row(heading, (section(f"{item_title(item.code, item.title)}\n{said}", look),))
