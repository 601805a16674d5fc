"""The daily letter to a coordinator: what needs a person's hand, and nothing when nothing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.consultations import ConsultationKind
from bot.domain.status import Counts, ItemStatus
from bot.views.actions import CONSULT_ANSWER, LETTER_MAIL, NUDGE, STATUS_PAGE
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    section,
)
from bot.views.consultations import KINDS
from bot.views.round_info import RoundInfo, all_askers
from bot.views.targets import PageTarget
from bot.views.text import escape_line
from bot.views.words import SLASH, day_words, item_name, item_names, name_words

_MOST_SECTIONS = 10
_MOST_UNMENDED = 20
_MOST_QUESTIONS = 15  # of a letter, so that it stays below 50 blocks with its sections
MAIL_LABEL = "庁内メール用の文面を出す"
NUDGE_ALL_LABEL = "未入力の方へお知らせを送る"

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
class OpenQuestion:
    """A consultation that waits for an answer."""

    id: int
    code: str
    kind: ConsultationKind


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
    consultations: tuple[OpenQuestion, ...] = ()
    unattended: tuple[ItemStatus, ...] = ()  # their owners are away, and nobody stands in
    opens_in_future: bool = False
    notice_day: date | None = None  # when the opening notice goes out; None: the opening day


@dataclass(frozen=True)
class CoordinatorReport:
    """One letter."""

    letter_id: int
    today: date
    sections: tuple[CoordinatorSection, ...]


def render_coordinator(report: CoordinatorReport) -> Rendered:
    """The report as it stands."""
    blocks: list[Json] = []
    left = _MOST_QUESTIONS
    for index, part in enumerate(report.sections[:_MOST_SECTIONS]):
        blocks += _section(report, part, index, most=left)
        left -= min(left, len(part.consultations))
    blocks.append(context(*all_askers(part.round for part in report.sections)))
    titles = "・".join(dict.fromkeys(part.round.stage.title for part in report.sections))
    text = f"{titles} とりまとめ状況 {day_words(report.today)}"
    return Rendered(escape_line(text, NOTIFICATION_LIMIT), blocks)


def _section(
    report: CoordinatorReport, part: CoordinatorSection, index: int, *, most: int
) -> Iterator[Json]:
    heading = f"*{part.round.title}　とりまとめ状況　{day_words(report.today)}*"
    lines = [heading, _numbers(part), *_details(part)]
    yield section("\n".join(line for line in lines if line))
    for question in part.consultations[:most]:
        yield section(_question(question), button("返事をする", CONSULT_ANSWER, str(question.id)))
    if len(part.consultations) > most:
        rest = len(part.consultations) - most
        yield context(f"ほか{rest}件の相談は、次のとりまとめ状況でお知らせします。")
    yield actions(*_buttons(report, part, index))


def _question(question: OpenQuestion) -> str:
    return f"相談：{name_words(item_name(question.code))}　{KINDS[question.kind]}"


def _buttons(report: CoordinatorReport, part: CoordinatorSection, index: int) -> Iterator[Json]:
    target = PageTarget(part.round.round_id).encode()
    round_id = str(part.round.round_id)
    yield button("一覧を見る", f"{STATUS_PAGE}:{index}", target)
    if part.unreachable:
        yield button(MAIL_LABEL, f"{LETTER_MAIL}:{index}", round_id)
    if part.counts.overdue and report.today <= part.round.dates.closes:
        yield button(NUDGE_ALL_LABEL, f"{NUDGE}:{index}", round_id)


def _numbers(part: CoordinatorSection) -> str:
    outstanding, overdue = part.counts.unanswered, part.counts.overdue
    late = f"(期限超過 {overdue}件)" if overdue else ""
    unreached = sum(part.unreachable.values())
    shown = (
        f"未入力 {outstanding}件{late}" if outstanding and not part.opens_in_future else "",
        f"差し戻し {part.counts.sent_back}件" if part.counts.sent_back else "",
        f"確認待ち {len(part.unconfirmed)}件" if part.unconfirmed else "",
        f"相談 {len(part.consultations)}件" if part.consultations else "",
        f"担当未設定 {len(part.unowned)}件" if part.unowned else "",
        f"不在で副担当なし {len(part.unattended)}件" if part.unattended else "",
        f"お知らせが届いていない方 {unreached}人" if unreached else "",
    )
    return SLASH.join(text for text in shown if text)


def _details(part: CoordinatorSection) -> Iterator[str]:
    if part.opens_in_future and part.unowned:
        yield _gaps(part)
    published = day_words(part.round.dates.publishes)
    unmended = "、".join(map(_unmended, part.unmended[:_MOST_UNMENDED]))
    named = (
        ("担当が未設定の項目", item_names(part.unowned)),
        ("担当者が不在で、副担当がいない項目", item_names(part.unattended)),
        ("届いていない方", _reasons(part.unreachable)),
        ("電話での確認をお勧めする項目", item_names(part.call)),
        ("修正を待っている項目", unmended),
        (f"公表予定({published})までに確認を待っている項目", item_names(part.unconfirmed)),
    )
    yield from (f"• {what}：{names}" for what, names in named if names)


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
        people[reason_words(word)] += number
    return "、".join(f"{reason} {number}人" for reason, number in people.items())


def reason_words(word: str) -> str:
    """Why a letter does not arrive, from "no-account", "deactivated" or Slack's error word."""
    return _REASONS.get(word) or f"送れない({escape_line(word, 40)})"
