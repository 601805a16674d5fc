"""Home for the one who brings it all together: rounds, what needs a hand, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.consultations import ConsultationKind
from bot.domain.people import UNIT_ITEM
from bot.domain.status import ItemStatus
from bot.views.actions import (
    CHART_OPEN,
    CONSULT_ANSWER,
    DOCUMENT_OPEN,
    EXEMPT_OPEN,
    LETTER_MAIL,
    NUDGE,
    OWNERS_OPEN,
    PUBLICATION_OPEN,
    ROUND_OPEN,
    STATUS_PAGE,
    UNREADABLE_OPEN,
)
from bot.views.blocks import Json, button, divider, header, section
from bot.views.consultations import KINDS
from bot.views.coordinator_report import MAIL_LABEL, NUDGE_ALL_LABEL, reason_words
from bot.views.documents import OPEN_LABEL as DOCUMENT_LABEL
from bot.views.home_actions import HomeTarget, Offer, offers, steps
from bot.views.home_pages import chosen_page, home_grouped, home_pages
from bot.views.home_tasks import task_blocks
from bot.views.item_rows import open_button, open_label, standing_words
from bot.views.pages import Row
from bot.views.publications import is_publishable, publication_label
from bot.views.round_info import RoundInfo
from bot.views.targets import PageTarget, RoundTarget
from bot.views.text import bold, cut, escape
from bot.views.unit_status import UnitStatus, count_lines, due_words, headline_parts
from bot.views.unreadable import BUTTON_LABEL as UNREADABLE_LABEL
from bot.views.words import SLASH, WIDE, day_words, item_name, item_title, name_words

_NOTE = 300
_MOST_ROUNDS = 8


@dataclass(frozen=True)
class PlanLine:
    """A plan in force, with those of its form's stages for which no round is set yet."""

    plan_id: int
    title: str  # 「令和8年度 市政改革プラン」
    is_draft: bool = False
    unset: tuple[tuple[str, str], ...] = ()  # (stage key, its title)


@dataclass(frozen=True)
class Unreached:
    """Somebody who is asked for something and cannot be told in Slack, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """A consultation that waits for the coordinator's answer."""

    id: int
    code: str
    title: str
    kind: ConsultationKind
    note: str
    name: str


@dataclass(frozen=True)
class CoordinatorHome:
    """One unit. ``status`` is that of the round that is going on, None without one.

    ``others`` are as many of the other rounds that are going on, each as if there were no other.
    ``rounds`` and ``plans`` are those in force this year or after.
    """

    unit_id: int
    unit_name: str
    today: date
    rounds: tuple[RoundInfo, ...] = ()
    plans: tuple[PlanLine, ...] = ()
    status: UnitStatus | None = None
    plan_id: int = 0
    unowned: tuple[ItemStatus, ...] = ()
    unattended: tuple[ItemStatus, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    asked: tuple[Asked, ...] = ()
    paused_until: date | None = None
    lost: int = 0  # answers of which a published file lost marks
    others: tuple[CoordinatorHome, ...] = ()


def coordinator_blocks(home: CoordinatorHome, target: HomeTarget) -> list[Json]:
    """What needs a hand, page by page; on the first page also the rounds and what can be done."""
    pages = home_pages(_all_attention(home))
    page = chosen_page(pages, target.page)
    place = f"({page + 1}/{len(pages)}ページ)" if len(pages) > 1 else ""
    top = _top(home) if page == 0 else []
    bottom = [*_rounds(home), divider(), *_tasks(home)] if page == 0 else []
    return [
        header(f"{home.unit_name}　とりまとめ{place}"),
        *top,
        *home_grouped(pages[page]),
        *offers(steps(target.at(page), len(pages)), suffix="turn-"),
        *bottom,
    ]


def _top(home: CoordinatorHome) -> Iterator[Json]:
    if home.paused_until is not None and home.paused_until >= home.today:
        yield section(f"お知らせを{day_words(home.paused_until)}まで止めています。")
    if home.status is None:
        yield section("いま入力をお願いしている振り返りはありません。")
        if not home.plans:
            yield section("計画はまだ登録されていません。「ファイルを取り込む」から登録できます。")
        return
    yield section(_numbers(home.status))
    if not home.status.counts.total:
        yield section("「ファイルを取り込む」か「取組項目を追加する」から登録できます。")
    yield from offers(_round_buttons(home, home.status), suffix="round-")
    for other in home.others:
        yield from _other_round(other)
    if home.status.counts.total and not any(True for _ in _all_attention(home)):
        yield section("いま対応が必要なものはありません。")


def _other_round(other: CoordinatorHome) -> Iterator[Json]:
    if other.status is None:
        return
    round_ = other.status.round
    value = PageTarget(round_.round_id).encode()
    says = f"{round_.title} 一覧を見る"
    look = button("一覧を見る", f"{STATUS_PAGE}:{round_.round_id}", value, says=says)
    yield section(_numbers(other.status), look)


def _numbers(status: UnitStatus) -> str:
    parts = [f"*{status.round.title}*", *headline_parts(status), due_words(status)]
    return "\n".join([WIDE.join(parts), *count_lines(status)])


def _round_buttons(home: CoordinatorHome, status: UnitStatus) -> list[Offer | None]:
    round_id = str(status.round.round_id)
    listed = PageTarget(status.round.round_id).encode()
    nudges = status.counts.overdue and home.today <= status.round.dates.closes
    exempts = status.counts.total and not status.round.published
    return [
        Offer("一覧を見る", STATUS_PAGE, listed),
        Offer("図で見る", CHART_OPEN, round_id) if status.counts.total else None,
        Offer(NUDGE_ALL_LABEL, NUDGE, round_id) if nudges else None,
        Offer("対象外をまとめて設定する", EXEMPT_OPEN, round_id) if exempts else None,
        Offer(DOCUMENT_LABEL, DOCUMENT_OPEN, round_id) if status.counts.total else None,
    ]


def _all_attention(home: CoordinatorHome) -> Iterator[Row]:
    """Of every round that is going on; of which, where there are several."""
    yield from _attention(home)
    for other in home.others:
        title = name_words(other.status.round.title) if other.status else ""
        for row in _attention(other):
            yield Row(row.group.replace("*", f"*{title}{WIDE}", 1), row.blocks)


def _attention(home: CoordinatorHome) -> Iterator[Row]:
    """Requests first, then what nobody answers for, and who can't be told."""
    for asked in home.asked:
        says = f"{item_name(asked.code)} 返事をする"
        reply = button("返事をする", CONSULT_ANSWER, str(asked.id), says=says)
        heading = f"*返事を待っている相談({len(home.asked)}件)*"
        yield Row(heading, (section(_question(asked), reply),))
    yield from _own(home)
    yield from _unowned(home)
    yield from _unattended(home)
    yield from _unreached(home)
    yield from _lost(home)


def _lost(home: CoordinatorHome) -> Iterator[Row]:
    """Marks that only who has the paper can tell."""
    if home.lost:
        check = button(UNREADABLE_LABEL, UNREADABLE_OPEN, str(home.unit_id))
        said = "公表資料のファイルから読み取れなかった印があります。紙の資料で確認してください。"
        yield Row(f"*公表資料で判読できない印({home.lost}件)*", (section(said, check),))


def _question(asked: Asked) -> str:
    said = f"{KINDS[asked.kind]}{SLASH}{name_words(asked.name)}"
    note = escape(cut(asked.note.strip(), _NOTE))
    return "\n".join(part for part in (item_title(asked.code, asked.title), said, note) if part)


def _own(home: CoordinatorHome) -> Iterator[Row]:
    """What the form asks once per unit: its coordinators answer it."""
    status = home.status
    items = [each for each in status.items if each.initiative_id == UNIT_ITEM] if status else []
    for item in items:
        if status is not None and item.outstanding and UNIT_ITEM in status.answerable:
            text = f"{item_title(item.code, item.title)}\n{standing_words(item)}"
            enter = open_button(status.round, item, open_label(item))
            yield Row("*とりまとめ担当が入力する項目*", (section(text, enter),))


def _unowned(home: CoordinatorHome) -> Iterator[Row]:
    heading = f"*担当が未設定の項目({len(home.unowned)}件)*"
    assign = button("担当者を決める", f"{OWNERS_OPEN}:unowned", str(home.plan_id))
    yield from _listed(heading, _titles(home.unowned), 5, assign)


def _unattended(home: CoordinatorHome) -> Iterator[Row]:
    heading = f"*担当者が不在で、副担当がいない項目({len(home.unattended)}件)*"
    yield from _listed(heading, _titles(home.unattended), 5)


def _unreached(home: CoordinatorHome) -> Iterator[Row]:
    heading = f"*お知らせが届いていない方({len(home.unreached)}人)*"
    lines = [f"{name_words(each.name)}：{reason_words(each.reason)}" for each in home.unreached]
    mail = None
    if home.status is not None:
        mail = button(MAIL_LABEL, f"{LETTER_MAIL}:home", str(home.status.round.round_id))
    yield from _listed(heading, lines, 10, mail)


def _titles(items: Sequence[ItemStatus]) -> list[str]:
    return [item_title(item.code, item.title) for item in items]


def _listed(
    heading: str, lines: Sequence[str], most: int, beside: Json | None = None
) -> Iterator[Row]:
    """Lines, so many in a block; the button stands beside the first."""
    for at in range(0, len(lines), most):
        said = "\n".join(f"• {line}" for line in lines[at : at + most])
        yield Row(heading, (section(said, None if at else beside),))


def _rounds(home: CoordinatorHome) -> Iterator[Json]:
    """Every round that is set, and each plan for which one is still to be set."""
    if home.rounds or home.plans:
        yield divider()
        yield section("*振り返りの日程*")
    for each in home.rounds[-_MOST_ROUNDS:]:
        dates = each.dates
        days = (
            f"開始 {day_words(dates.opens)}",
            f"入力期限 {day_words(dates.due)}",
            f"入力終了 {day_words(dates.closes)}",
            f"公表 {day_words(dates.publishes)}",
        )
        title = f"{bold(each.title)}{WIDE}{_phase(each, home.today)}"
        value = RoundTarget(each.round_id).encode()
        edit = button("日程を直す", ROUND_OPEN, value, says=f"{each.title} 日程を直す")
        yield section(f"{title}\n{SLASH.join(days)}", None if each.published else edit)
        yield from offers(_papers(each, home.today), suffix=f"paper-{each.round_id}-")
    for plan in home.plans:
        yield from _unset(plan)


def _papers(round_: RoundInfo, today: date) -> list[Offer | None]:
    """What is taken along and published, once its entry is over."""
    if today <= round_.dates.closes:
        return []
    round_id = str(round_.round_id)
    publish = Offer(publication_label(round_), PUBLICATION_OPEN, round_id)
    return [
        Offer(DOCUMENT_LABEL, DOCUMENT_OPEN, round_id),
        publish if is_publishable(round_, today) else None,
    ]


def _unset(plan: PlanLine) -> Iterator[Json]:
    for key, title in plan.unset:
        state = "案" if plan.is_draft else "日程は未設定"
        value = RoundTarget(0, plan.plan_id, key).encode()
        text = f"{name_words(plan.title)}{WIDE}{name_words(title)}{WIDE}{state}"
        yield section(text, button("日程を決める", ROUND_OPEN, value, says=f"{title} 日程を決める"))


def _phase(round_: RoundInfo, today: date) -> str:
    if round_.published:
        return "公表済み"
    if today < round_.dates.opens:
        return "開始前"
    if today <= round_.dates.closes:
        return "入力期間中"
    return "公表前" if today < round_.dates.publishes else "公表予定日を過ぎています"


def _tasks(home: CoordinatorHome) -> Iterator[Json]:
    paused = home.paused_until is not None and home.paused_until >= home.today
    return task_blocks(home.unit_id, home.plan_id, paused=paused)
