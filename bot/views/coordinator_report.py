"""The daily letter to a coordinator: what needs a person's hand, and nothing when nothing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.status import Counts, ItemStatus
from bot.views.actions import LETTER_MAIL, STATUS_PAGE, PageTarget
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    section,
)
from bot.views.round_info import RoundInfo, all_askers
from bot.views.text import escape_line
from bot.views.words import SLASH, day_words, item_name, item_names, name_words

_MOST_SECTIONS = 10
_MOST_UNMENDED = 20
_MAIL = "庁内メール用の文面を出す"

# Why a letter does not arrive; Slack's error words from chat.postMessage.
_REASONS = {
    "no-account": "Slackの利用登録なし",
    "users_not_found": "Slackの利用登録なし",
    "deactivated": "利用停止",
    "user_disabled": "利用停止",
    "account_inactive": "利用停止",
    "user_not_found": "Slackに見つからない",
    "user_not_visible": "Slackに見つからない",
    "channel_not_found": "Slackに見つからない",
    "messages_tab_disabled": "メッセージの受け取りなし",
}


@dataclass(frozen=True)
class CoordinatorSection:
    """One round. ``unreachable``: reason ("no-account", "deactivated", or Slack's error word) ->
    number of people; ``call``: items whose owners have had the last notice.
    """

    round: RoundInfo
    counts: Counts
    unowned: tuple[ItemStatus, ...] = ()
    unreachable: Mapping[str, int] = field(default_factory=dict)
    call: tuple[ItemStatus, ...] = ()
    unmended: tuple[ItemStatus, ...] = ()  # sent back, and it presses
    unconfirmed: tuple[ItemStatus, ...] = ()  # in, and it presses that they are confirmed
    consultations: int = 0
    opens_in_future: bool = False
    notice_day: date | None = None  # when the opening notice goes out; None: the opening day


@dataclass(frozen=True)
class CoordinatorReport:
    """One letter. ``offers_mail``: whether 「庁内メール用の文面を出す」 works."""

    letter_id: int
    today: date
    sections: tuple[CoordinatorSection, ...]
    offers_mail: bool = False


def render_coordinator(report: CoordinatorReport) -> Rendered:
    """The report as it stands."""
    blocks = [
        block
        for index, part in enumerate(report.sections[:_MOST_SECTIONS])
        for block in _section(report, part, index)
    ]
    blocks.append(context(*all_askers(part.round for part in report.sections)))
    titles = "・".join(dict.fromkeys(part.round.stage.title for part in report.sections))
    text = f"{titles} とりまとめ状況 {day_words(report.today)}"
    return Rendered(escape_line(text, NOTIFICATION_LIMIT), blocks)


def _section(report: CoordinatorReport, part: CoordinatorSection, index: int) -> Iterator[Json]:
    heading = f"*{part.round.title}　とりまとめ状況　{day_words(report.today)}*"
    lines = [heading, _numbers(part), *_details(part)]
    yield section("\n".join(line for line in lines if line))
    target = PageTarget(part.round.round_id).encode()
    buttons = [button("一覧を見る", f"{STATUS_PAGE}:{index}", target)]
    if report.offers_mail and part.unreachable:
        buttons.append(button(_MAIL, f"{LETTER_MAIL}:{index}", str(part.round.round_id)))
    yield actions(*buttons)


def _numbers(part: CoordinatorSection) -> str:
    outstanding, overdue = part.counts.unanswered, part.counts.overdue
    late = f"(期限超過 {overdue}件)" if overdue else ""
    unreached = sum(part.unreachable.values())
    shown = (
        f"未入力 {outstanding}件{late}" if outstanding and not part.opens_in_future else "",
        f"差し戻し {part.counts.sent_back}件" if part.counts.sent_back else "",
        f"確認待ち {len(part.unconfirmed)}件" if part.unconfirmed else "",
        f"相談 {part.consultations}件" if part.consultations else "",
        f"担当未設定 {len(part.unowned)}件" if part.unowned else "",
        f"お知らせが届いていない方 {unreached}人" if unreached else "",
    )
    return SLASH.join(text for text in shown if text)


def _details(part: CoordinatorSection) -> Iterator[str]:
    if part.opens_in_future and part.unowned:
        yield _gaps(part)
    if part.unowned:
        yield f"• 担当が未設定の項目：{item_names(part.unowned)}"
    if part.unreachable:
        yield f"• 届いていない方：{_reasons(part.unreachable)}"
    if part.call:
        yield f"• 電話での確認をお勧めする項目：{item_names(part.call)}"
    if part.unmended:
        yield f"• 修正を待っている項目：{'、'.join(map(_unmended, part.unmended[:_MOST_UNMENDED]))}"
    if part.unconfirmed:
        published = day_words(part.round.dates.publishes)
        yield f"• 公表予定({published})までに確認を待っている項目：{item_names(part.unconfirmed)}"


def _unmended(item: ItemStatus) -> str:
    until = f"(修正期限 {day_words(item.mend_by)})" if item.mend_by else ""
    return f"{name_words(item_name(item.code))}{until}"


def _gaps(part: CoordinatorSection) -> str:
    total, missing = part.counts.total, len(part.unowned)
    gaps = f"{total}件のうち{missing}件は担当が未設定です。"
    if total <= missing:
        return gaps
    day = day_words(part.notice_day or part.round.dates.opens)
    return f"{gaps}残りの{total - missing}件だけ、{day}にお知らせします。"


def _reasons(unreachable: Mapping[str, int]) -> str:
    people = Counter[str]()
    for word, number in unreachable.items():
        people[_reason(word)] += number
    return "、".join(f"{reason} {number}人" for reason, number in people.items())


def _reason(word: str) -> str:
    return _REASONS.get(word) or f"送れない({escape_line(word, 40)})"
