"""Home for who looks on: every ward in official order, never ranked, a click away."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.status import Counts
from bot.views.actions import CHART_OPEN, DOCUMENT_OPEN, STATUS_PAGE
from bot.views.blocks import Json, button, header, section
from bot.views.documents import OPEN_LABEL as DOCUMENT_LABEL
from bot.views.home_actions import HomeTarget, Offer, offers, steps
from bot.views.home_pages import chosen_page, home_pages
from bot.views.pages import Row, grouped
from bot.views.refusals import NO_UNITS
from bot.views.round_info import RoundInfo
from bot.views.targets import AllTarget, PageTarget
from bot.views.text import bold
from bot.views.unit_status import NO_ITEMS
from bot.views.words import DOT, WIDE, name_words, progress_bar


@dataclass(frozen=True)
class UnitAtHome:
    """One unit; no round, no counts."""

    name: str
    round: RoundInfo | None = None
    counts: Counts | None = None


@dataclass(frozen=True)
class ObserverHome:
    """Every unit that the reader may see, in official order."""

    units: tuple[UnitAtHome, ...]


def observer_blocks(home: ObserverHome, target: HomeTarget) -> list[Json]:
    """One row a unit."""
    common = _common_title(home)
    rows = [Row("", (_unit_row(unit, common, index),)) for index, unit in enumerate(home.units)]
    pages = home_pages(rows)
    page = chosen_page(pages, target.page)
    place = f"({page + 1}/{len(pages)}ページ)" if len(pages) > 1 else ""
    chart = Offer("図で見る", CHART_OPEN, AllTarget().encode())
    document = Offer(DOCUMENT_LABEL, DOCUMENT_OPEN, AllTarget().encode())
    counted = any(unit.counts and unit.counts.total for unit in home.units)
    return [
        header(f"全区の状況　{common}".strip() + place),
        *offers([chart, document] if counted else []),
        *([] if home.units else [section(NO_UNITS)]),
        *grouped(pages[page]),
        *offers(steps(target.at(page), len(pages)), suffix="turn-"),
    ]


def _common_title(home: ObserverHome) -> str:
    titles = {unit.round.title for unit in home.units if unit.round}
    return titles.pop() if len(titles) == 1 else ""


def _unit_row(unit: UnitAtHome, common: str, index: int) -> Json:
    if unit.round is None or unit.counts is None:
        return section(
            f"{bold(name_words(unit.name))}{WIDE}入力をお願いしている振り返りはありません"
        )
    value = PageTarget(unit.round.round_id).encode()
    look = button("見る", f"{STATUS_PAGE}:{index}", value, says=f"{unit.name}の状況を見る")
    return section(_unit_words(unit.name, unit.round, unit.counts, common), look)


def _unit_words(name: str, round_: RoundInfo, counts: Counts, common: str) -> str:
    title = "" if round_.title == common else f"{WIDE}{round_.title}"
    if not counts.total:
        return f"{bold(name_words(name))}{title}{WIDE}{NO_ITEMS}"
    states = (
        f"入力済 {counts.submitted}／{counts.total}件",
        f"未入力 {counts.unanswered}",
        f"差し戻し {counts.sent_back}",
        f"確認済 {counts.confirmed}",
    )
    first = f"{bold(name_words(name))}{title}{WIDE}{progress_bar(counts.percent)} {counts.percent}%"
    return f"{first}\n{DOT.join(states)}"
