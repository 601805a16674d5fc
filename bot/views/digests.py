"""The weekly digest for a channel: numbers without names, and the modal that switches it on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import TOKYO
from bot.domain.digests import WEEKDAYS
from bot.domain.status import Counts
from bot.views.actions import DIGEST, INPUT, NOTICE_ONLY
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    channel_picker,
    checkbox,
    choice,
    context,
    input_,
    modal,
    option,
    section,
)
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.round_info import RoundInfo
from bot.views.targets import decode_number
from bot.views.text import TEXT_LIMIT, bold, escape_line, units
from bot.views.words import (
    WIDE,
    contact_with_extension,
    day_words,
    days_to_due,
    moment_words,
    name_words,
    progress_bar,
    unfavourable_items,
)

ACTIVE, CHANNEL, WEEKDAY, SCOPE = "active", "channel", "weekday", "scope"
ON, BY_SECTION, WHOLE = "on", "section", "whole"

MAY_NOT = coordinators_only("集計を設定できる")
CHANNEL_MISSING = "送るチャンネルを選んでください。"
WEEKDAY_MISSING = "曜日を選んでください。"
SCOPE_MISSING = "どちらかを選んでください。"
NOT_IN_CHANNEL = (
    "kaikaku がこのチャンネルに参加していません。"
    "チャンネルで「/invite @kaikaku」と送って追加してから、"
    "もう一度「保存する」を押してください。"
)
YOU_NOT_IN_CHANNEL = "ご自分が参加しているチャンネルを選んでください。"
ARCHIVED = "このチャンネルは使われなくなっています。ほかのチャンネルを選んでください。"
NOT_TAKEN = "このチャンネルには送れません。ほかのチャンネルを選んでください。"
NOT_KNOWN = "Slackに確かめられませんでした。1分ほど待って、もう一度「保存する」を押してください。"
NO_SECTION = "課・担当が未設定"

_TITLE = "毎週の集計"
_DAYS = "月火水木金土日"
_ROWS = 60
_ROUNDS = 6
# Slack's words for a channel that we can't post to (chat.postMessage, errors).
_REFUSALS = {
    "not_in_channel": NOT_IN_CHANNEL,
    "channel_not_found": NOT_IN_CHANNEL,
    "user_not_in_channel": YOU_NOT_IN_CHANNEL,
    "is_archived": ARCHIVED,
}


@dataclass(frozen=True)
class DigestForm:
    """A unit's digest as it is set; ``failed`` is Slack's word where the last one was not taken."""

    unit_id: int
    unit_name: str
    active: bool = False
    channel: str = ""
    weekday: int | None = 0
    by_section: bool = True
    failed: str = ""
    failed_on: date | None = None


@dataclass(frozen=True)
class TypedDigest:
    """What was chosen; ``channel`` is "" and the rest None where nothing is."""

    unit_id: int
    active: bool
    channel: str
    weekday: int | None
    by_section: bool | None


@dataclass(frozen=True)
class DigestRow:
    """The numbers of a section, or of the whole unit (no name)."""

    name: str
    counts: Counts
    unfavourable: int


@dataclass(frozen=True)
class DigestRound:
    """One round in a digest; ``rows`` are by section, none where only the whole is asked for."""

    round: RoundInfo
    whole: DigestRow
    rows: tuple[DigestRow, ...]
    days_left: int
    days_late: int


@dataclass(frozen=True)
class DigestMessage:
    """One message to a channel."""

    letter_id: int
    unit_name: str
    weekday: int
    now: datetime
    rounds: tuple[DigestRound, ...]


def build_form(form: DigestForm) -> Json:
    """Whether, where, on which day and how finely; off at first."""
    return modal(
        _TITLE,
        _blocks(form),
        callback_id=DIGEST,
        metadata={"u": str(form.unit_id)},
        submit="保存する",
    )


def read_form(view: Mapping[str, Any]) -> TypedDigest:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    weekday, scope = decode_number(inputs.chosen(WEEKDAY)), inputs.chosen(SCOPE)
    channel = inputs.conversation(CHANNEL)
    return TypedDigest(
        unit_id=inputs.number("u"),
        active=ON in inputs.ticked(ACTIVE),
        channel=channel if re.fullmatch(r"[CG][A-Z0-9]{2,20}", channel) else "",
        weekday=weekday if weekday in WEEKDAYS else None,
        by_section={BY_SECTION: True, WHOLE: False}.get(scope),
    )


def refusal_of(reason: str) -> str:
    """What to do about Slack's refusal to post to a channel."""
    return _REFUSALS.get(reason, NOT_TAKEN)


def build_saved(form: DigestForm) -> Json:
    """「保存しました」, only ever shown after the commit."""
    name = name_words(form.unit_name)
    text = f"*{name}の集計を送らない設定にしました。*"
    if form.active:
        text = (
            f"*{name}の集計を、毎週{_weekday(form.weekday)}曜日の9時30分に送ります。*\n"
            "入力をお願いしている振り返りがある週だけ送ります。閉庁日にあたるときは、次の開庁日に送ります。"
        )
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def render_trial(unit_name: str, weekday: int) -> Rendered:
    """What only the coordinator sees in the channel, to know that it can be reached."""
    text = (
        f"このチャンネルに、{name_words(unit_name)}の入力状況の集計を"
        f"毎週{_weekday(weekday)}曜日に送ります。(この文はあなただけに見えています)"
    )
    return Rendered("集計を送るチャンネルを確かめました", [section(text)])


def render_digest(digest: DigestMessage) -> Rendered:
    """The numbers as they stand: no name of a person, no mention, no item."""
    blocks: list[Json] = []
    for each in digest.rounds[:_ROUNDS]:
        blocks += _round(each, digest.now)
    blocks = blocks[: MESSAGE_BLOCKS - 1]
    first = digest.rounds[0].round
    asker = contact_with_extension(first.contact, first.extension)
    blocks.append(
        context(
            f"毎週{_weekday(digest.weekday)}曜日に、件数だけを kaikaku が自動で送っています。"
            f"公表前の内容です。問い合わせ：{asker}"
        )
    )
    text = f"{digest.unit_name}の入力状況({day_words(first_day(digest))}現在)"
    return Rendered(escape_line(text, NOTIFICATION_LIMIT), blocks)


def first_day(digest: DigestMessage) -> date:
    """The Japanese date of the numbers."""
    return digest.now.astimezone(TOKYO).date()


def _weekday(weekday: int | None) -> str:
    return _DAYS[weekday] if weekday is not None and weekday in WEEKDAYS else _DAYS[0]


def _blocks(form: DigestForm) -> Iterator[Json]:
    yield section(
        f"*{name_words(form.unit_name)}*{WIDE}"
        "入力状況の件数を、週に1回、チャンネルへ送ります。氏名、項目、入力された文は書きません。"
    )
    if form.failed and form.failed_on:
        words = f"{day_words(form.failed_on)}の集計は送れませんでした。{refusal_of(form.failed)}"
        yield section(words)
    on = checkbox(f"{INPUT}:{ACTIVE}", option("毎週送る", ON), ticked=form.active)
    yield input_(ACTIVE, "集計", on)
    yield input_(
        CHANNEL,
        "送るチャンネル",
        channel_picker(f"{INPUT}:{CHANNEL}", form.channel),
        hint="先に、そのチャンネルで「/invite @kaikaku」と送って、kaikaku を追加してください。",
    )
    days = [option(f"{_DAYS[day]}曜日", str(day)) for day in WEEKDAYS]
    chosen = choice(f"{INPUT}:{WEEKDAY}", days, None if form.weekday is None else str(form.weekday))
    yield input_(WEEKDAY, "曜日", chosen, required=True)
    scopes = [option("課・担当ごと", BY_SECTION), option("全体だけ", WHOLE)]
    element = choice(f"{INPUT}:{SCOPE}", scopes, BY_SECTION if form.by_section else WHOLE)
    yield input_(SCOPE, "まとめ方", element, required=True)


def _round(each: DigestRound, now: datetime) -> Iterator[Json]:
    info, counts = each.round, each.whole.counts
    due = f"入力期限 {day_words(info.dates.due)}{days_to_due(each.days_left, each.days_late)}"
    heading = bold(f"{name_words(info.unit_name)}{WIDE}{info.title}の入力状況")
    yield section(
        f"{heading}\n{moment_words(now)} 現在{WIDE}{due}\n"
        f"{progress_bar(counts.percent)}{WIDE}{_numbers(each, each.whole)}"
    )
    lines = [f"• {name_words(row.name)}{WIDE}{_numbers(each, row)}" for row in each.rows[:_ROWS]]
    if len(each.rows) > _ROWS:
        lines.append(f"ほか{len(each.rows) - _ROWS}の課・担当")
    for some in _fitting(lines):
        yield section("\n".join(some))


def _numbers(each: DigestRound, row: DigestRow) -> str:
    counts = row.counts
    late = f"(うち期限超過 {counts.overdue})" if counts.overdue else ""
    back = f"・差し戻し {counts.sent_back}" if counts.sent_back else ""
    marked = unfavourable_items(each.round.stage).removesuffix("の項目")
    return (
        f"入力済 {counts.submitted}／{counts.total}件"
        f"{WIDE}未入力 {counts.unanswered}{late}{back}{WIDE}{marked} {row.unfavourable}"
    )


def _fitting(lines: list[str]) -> Iterator[list[str]]:
    """The lines in as few sections as take them."""
    some: list[str] = []
    for each in lines:
        if some and units("\n".join([*some, each])) > TEXT_LIMIT:
            yield some
            some = []
        some.append(each)
    if some:
        yield some
