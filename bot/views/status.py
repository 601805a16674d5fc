"""The answers to `/kaikaku 状況`: one unit page by page, all units, and when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.calendar import era_year, japanese_date
from bot.domain.status import Counts
from bot.views.actions import (
    CHART_OPEN,
    CONFIRM_LIST,
    DOCUMENT_OPEN,
    LETTER_MAIL,
    NUDGE,
    PUBLICATION_OPEN,
    STATUS_PAGE,
    STATUS_UNIT,
)
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
from bot.views.coordinator_report import MAIL_LABEL, NUDGE_ALL_LABEL
from bot.views.documents import OPEN_LABEL as DOCUMENT_LABEL
from bot.views.pages import grouped, paginate
from bot.views.publications import is_publishable, publication_label
from bot.views.refusals import NO_UNITS, OWN_ITEMS_ONLY
from bot.views.round_info import RoundInfo
from bot.views.status_text import as_text
from bot.views.targets import AllTarget, Filter, PageTarget, UnitTarget
from bot.views.text import bold, escape_line
from bot.views.unit_rows import marked_unfavourable, rows_of
from bot.views.unit_status import (
    NO_ITEMS,
    UnitStatus,
    as_of,
    count_lines,
    due_words,
    headline_parts,
)
from bot.views.words import (
    SLASH,
    WIDE,
    day_words,
    moment_words,
    name_words,
    progress_bar,
    unfavourable_items,
)

__all__ = [
    "AllUnits",
    "UnitChoice",
    "UnitRow",
    "UnitStatus",
    "as_text",
    "render_all",
    "render_choose_unit",
    "render_no_plan",
    "render_no_round",
    "render_unit",
    "render_unknown_unit",
    "render_unknown_word",
]

_MOST_BUTTONS = 20
_ROWS_WITH_BUTTONS = 40
_TYPED_LIMIT = 60
_CHARTS = "図で見る"


@dataclass(frozen=True)
class UnitRow:
    """One unit in the list of all; no round, no counts."""

    unit_name: str
    round: RoundInfo | None = None
    counts: Counts | None = None


@dataclass(frozen=True)
class AllUnits:
    """All units that the reader may see, in official order; never ranked.

    ``target`` is what was asked for: a picture shows the same.
    """

    rows: tuple[UnitRow, ...]
    now: datetime
    target: AllTarget = field(default_factory=AllTarget)


@dataclass(frozen=True)
class UnitChoice:
    """A unit that an ambiguous name may mean, with what was asked for."""

    name: str
    target: UnitTarget


def render_unit(status: UnitStatus) -> Rendered:
    """One page: the first holds the counts, each ② with its text, then what is outstanding.

    A page beyond the last shows the last.
    """
    pages = paginate(rows_of(status))
    page = min(max(status.page, 0), len(pages) - 1)
    blocks = [header(_heading(status, page, len(pages)))]
    if page == 0:
        blocks.append(section(_counts(status)))
    blocks += grouped(pages[page])
    if not pages[page] and status.filter is not Filter.FIRST:
        blocks.append(section("該当する項目はありません。"))
    blocks += _navigation(status, page, len(pages))
    blocks.append(context(_small_print(status), OWN_ITEMS_ONLY if status.reader_owns_only else ""))
    return Rendered(_notification(f"{status.round.full_title}の状況"), blocks)


def render_all(status: AllUnits) -> Rendered:
    """One line a unit."""
    title = _common_title(status.rows)
    blocks = [header(f"全区の状況　{title}".strip())]
    if len(status.rows) <= _ROWS_WITH_BUTTONS:
        blocks += [_unit_row(row, title, index) for index, row in enumerate(status.rows)]
    else:
        lines = [_unit_line(row, title) for row in status.rows]
        blocks += [section("\n".join(lines[at : at + 10])) for at in range(0, len(lines), 10)]
    if not status.rows:
        blocks.append(section(NO_UNITS))
    elif any(row.counts for row in status.rows):
        target = status.target.encode()
        document = button(DOCUMENT_LABEL, f"{DOCUMENT_OPEN}:all", target)
        blocks.append(actions(button(_CHARTS, CHART_OPEN, target), document))
    blocks.append(context(f"{moment_words(status.now)} 現在{SLASH}あなただけに見えています"))
    return Rendered("全区の状況", blocks)


def render_no_round(unit_name: str, last: RoundInfo | None = None) -> Rendered:
    """No round is open; offers the latest, if there was one."""
    text = f"{name_words(unit_name)}では、いま入力をお願いしている振り返りはありません。"
    title = "いま入力をお願いしている振り返りはありません"
    if last is None:
        return _sentence(title, text)
    published = day_words(last.dates.publishes)
    look = button("直近を見る", STATUS_PAGE, PageTarget(last.round_id).encode())
    return _sentence(title, f"{text}直近は{last.title}({published}公表)です。", look)


def render_no_plan(unit_name: str, fiscal_year: int) -> Rendered:
    """The year's plan is not registered."""
    text = f"{name_words(unit_name)}の{era_year(fiscal_year)}の計画はまだ登録されていません。"
    return _sentence("計画はまだ登録されていません", text)


def render_unknown_unit(text: str) -> Rendered:
    """No unit goes by that name."""
    typed = escape_line(text, _TYPED_LIMIT)
    return _sentence(
        "区が見つかりませんでした",
        f"「{typed}」という区は見つかりませんでした。例：/kaikaku 状況 西区",
    )


def render_choose_unit(text: str, candidates: Sequence[UnitChoice]) -> Rendered:
    """Several units do; a button for each."""
    typed, count = escape_line(text, _TYPED_LIMIT), len(candidates)
    asked = f"「{typed}」に当てはまる区が{count}つあります。選んでください。"
    said = _sentence("区を選んでください", asked)
    buttons = [
        button(choice.name, f"{STATUS_UNIT}:{index}", choice.target.encode())
        for index, choice in enumerate(candidates[:_MOST_BUTTONS])
    ]
    return Rendered(said.text, [*said.blocks, actions(*buttons)] if buttons else said.blocks)


def render_unknown_word(text: str) -> Rendered:
    """A word of the command that means nothing."""
    typed = escape_line(text, _TYPED_LIMIT)
    return _sentence(
        "言葉の意味が分かりませんでした",
        f"「{typed}」の意味が分かりませんでした。使い方は /kaikaku ヘルプ で見られます。",
    )


def _heading(status: UnitStatus, page: int, pages: int) -> str:
    place = f"({page + 1}/{pages}ページ)" if pages > 1 else ""
    return f"{status.round.full_title}{place}"


def _counts(status: UnitStatus) -> str:
    parts = [*headline_parts(status), due_words(status)]
    return "\n".join([WIDE.join(parts), *count_lines(status)])


def _navigation(status: UnitStatus, page: int, pages: int) -> Iterator[Json]:
    """Buttons to the other pages and lists; each action id once."""
    round_id, buttons = status.round.round_id, []
    for words, name, to in (("前のページ", "previous", page - 1), ("次のページ", "next", page + 1)):
        if 0 <= to < pages:
            target = PageTarget(round_id, status.filter, to).encode()
            buttons.append(button(words, f"{STATUS_PAGE}:{name}", target))
    for words, filter_ in _other_lists(status):
        target = PageTarget(round_id, filter_).encode()
        buttons.append(button(words, f"{STATUS_PAGE}:{filter_}", target))
    if page == 0 and status.counts.total:
        buttons.append(button(_CHARTS, CHART_OPEN, str(round_id)))
    if page == 0 and status.counts.total:
        buttons.append(button(DOCUMENT_LABEL, f"{DOCUMENT_OPEN}:status", str(round_id)))
    if status.confirmable:
        many = f"一覧から確認する({len(status.confirmable)}件)"
        buttons.append(button(many, CONFIRM_LIST, str(round_id)))
    if page == 0 and status.reader_coordinates:
        buttons += _hands(status)
    if buttons:
        yield actions(*buttons)


def _hands(status: UnitStatus) -> Iterator[Json]:
    """What the coordinator does about those who have not answered."""
    round_id, today = str(status.round.round_id), japanese_date(status.now)
    if is_publishable(status.round, today):
        yield button(publication_label(status.round), f"{PUBLICATION_OPEN}:status", round_id)
    if status.round.published:
        return
    if status.counts.outstanding and status.round.dates.opens <= today:
        yield button(MAIL_LABEL, f"{LETTER_MAIL}:status", round_id)
    if status.counts.overdue and today <= status.round.dates.closes:
        yield button(NUDGE_ALL_LABEL, f"{NUDGE}:all", round_id)


def _other_lists(status: UnitStatus) -> Iterator[tuple[str, Filter]]:
    marked = unfavourable_items(status.round.stage)
    lists = (
        ("最初に戻る", Filter.FIRST, True),
        ("未入力の項目", Filter.OUTSTANDING, any(item.outstanding for item in status.items)),
        (marked, Filter.UNFAVOURABLE, bool(marked_unfavourable(status))),
        ("すべての項目", Filter.ALL, bool(status.items)),
    )
    return ((words, each) for words, each, any_ in lists if any_ and each is not status.filter)


def _small_print(status: UnitStatus) -> str:
    now, *unpublished = as_of(status)
    return SLASH.join([now, "あなただけに見えています", *unpublished])


def _common_title(rows: Sequence[UnitRow]) -> str:
    titles = {row.round.title for row in rows if row.round}
    return titles.pop() if len(titles) == 1 else ""


def _unit_row(row: UnitRow, common: str, index: int) -> Json:
    if row.round is None:
        return section(_unit_line(row, common))
    target = PageTarget(row.round.round_id).encode()
    says = f"{row.unit_name}の状況を見る"
    return section(
        _unit_line(row, common), button("見る", f"{STATUS_PAGE}:{index}", target, says=says)
    )


def _unit_line(row: UnitRow, common: str) -> str:
    name = bold(name_words(row.unit_name))
    if row.round is None or row.counts is None:
        return f"{name}{WIDE}入力をお願いしている振り返りはありません"
    title = "" if row.round.title == common else f"{WIDE}{row.round.title}"
    counts = row.counts
    if not counts.total:
        return f"{name}{title}{WIDE}{NO_ITEMS}"
    late = f"{WIDE}期限超過 {counts.overdue}件" if counts.overdue else ""
    bar = progress_bar(counts.percent)
    numbers = f"入力済 {counts.submitted}／{counts.total}件({counts.percent}%)"
    return f"{name}{title}{WIDE}{numbers}{WIDE}{bar}{late}"


def _sentence(title: str, text: str, beside: Json | None = None) -> Rendered:
    return Rendered(_notification(title), [section(text, beside)])


def _notification(text: str) -> str:
    return escape_line(text, NOTIFICATION_LIMIT)
