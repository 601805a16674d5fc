"""What a round's settings bring about, shown before anything is stored: who gets what and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.rounds import RoundDates
from bot.views.actions import NOTICE_ONLY, ROUND_BACK, ROUND_PREVIEW
from bot.views.blocks import Json, actions, button, context, divider, modal, section
from bot.views.inputs import read_inputs
from bot.views.round_fields import LEVEL_WORDS
from bot.views.round_settings import TITLE
from bot.views.text import TEXT_LIMIT, escape_line, units
from bot.views.typed_rounds import DATES, TypedRound, carry, read_carried
from bot.views.words import CONFIRMERS, WIDE, day_words, item_names_of, name_words

_NAMED = 5
_LINES = 40
_CODES = 20
_UNITS = 24
_BRIEF = 1000  # of a further unit: a view takes 250 kB (Slack, surfaces/modals)
_STEPS = {
    "opening": "入力のお願い",
    "before": "期限の{}開庁日前のお知らせ",
    "due": "期限の日のお知らせ",
    "after": "期限の{}開庁日後のお知らせ",
    "managers": "確認者への未入力の一覧",
    "ward": "区長への件数のまとめ",
}


@dataclass(frozen=True)
class Sending:
    """One step on one day: to whom, about how many items; ``anew``: nobody was to get it so far."""

    day: date
    step: str
    names: tuple[str, ...]
    items: int
    anew: bool = False


@dataclass(frozen=True)
class Confirming:
    """Who is asked to confirm at a level, about how many items."""

    level: int
    name: str
    items: int


@dataclass(frozen=True)
class UnitPlan:
    """What one unit's round would bring about; ``before`` is None for a new round.

    The last four hold codes and names of what stands in the way.
    """

    title: str
    dates: RoundDates
    before: RoundDates | None
    levels: int
    sendings: tuple[Sending, ...]
    dropped: tuple[Sending, ...] = ()  # planned so far, and not any more
    confirming: tuple[Confirming, ...] = ()
    closed_days: tuple[str, ...] = ()  # keys of DATES that fall on a day off
    draft: bool = False  # the plan is not final: nothing is sent
    paused_until: date | None = None
    unowned: tuple[str, ...] = ()
    unconfirmable: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    without_items: tuple[str, ...] = ()


def build_preview(typed: TypedRound, plans: Sequence[UnitPlan]) -> Json:
    """The settings' consequences; nothing is stored until this is submitted."""
    return modal(
        TITLE,
        _preview(plans),
        callback_id=ROUND_PREVIEW,
        metadata=carry(typed),
        submit="この内容で登録する",
    )


def read_preview(view: Mapping[str, Any]) -> TypedRound:
    """What was typed before; Refused when malformed."""
    return read_carried(read_inputs(view).metadata)


def build_stored(titles: Sequence[str]) -> Json:
    """「登録しました」, only ever shown after the commit."""
    lines = [f"• {escape_line(each, 200)}" for each in titles]
    said = _fitting(["*日程を登録しました。*", *lines])
    return modal(TITLE, [section(said)], callback_id=NOTICE_ONLY)


def _preview(plans: Sequence[UnitPlan]) -> Iterator[Json]:
    yield section("*まだ登録していません。* 内容を確かめてから登録してください。")
    yield actions(button("戻って直す", ROUND_BACK, "back"))
    first, *others = plans
    yield divider()
    yield section("\n".join([f"*{escape_line(first.title, 200)}*", *_dates(first)]))
    yield from _sendings(first)
    yield from _hints(first)
    for plan in others[: _UNITS - 1]:
        yield divider()
        yield section("\n".join([f"*{escape_line(plan.title, 200)}*", *_moved(plan)]))
        yield from _hints(plan, most=_BRIEF)
    if len(plans) > _UNITS:
        yield context(f"ほか{len(plans) - _UNITS}件")


def _dates(plan: UnitPlan) -> list[str]:
    days = [f"{label}：{_day(plan, key)}" for key, label in DATES.items()]
    return [*days, f"確認：{LEVEL_WORDS[plan.levels]}"]


def _moved(plan: UnitPlan) -> list[str]:
    """Of a further unit, which has the same dates: what moves or is a day off, and what is next."""
    before = plan.before or plan.dates
    moved = [
        f"{label}：{_day(plan, key)}"
        for key, label in DATES.items()
        if key in plan.closed_days or getattr(before, key) != getattr(plan.dates, key)
    ]
    return [*moved, _next_words(plan)]


def _day(plan: UnitPlan, key: str) -> str:
    day = getattr(plan.dates, key)
    old = getattr(plan.before, key) if plan.before else day
    notes = ["閉庁日です"] if key in plan.closed_days else []
    notes += [f"変更前は{day_words(old)}"] if old != day else []
    return f"{day_words(day)}{WIDE}{'。'.join(notes)}".strip()


def _sendings(plan: UnitPlan) -> Iterator[Json]:
    anew = [each for each in plan.sendings if each.anew and plan.before]
    rest = [each for each in plan.sendings if each not in anew]
    for head, listed in (
        ("*新しくお知らせするもの* (このまま入力がない場合)", anew),
        ("*送らなくなるもの*", plan.dropped),
        ("*これから送るお知らせ* (このまま入力がない場合)", rest),
    ):
        if listed:
            yield section(_fitting([head, *(f"• {_line(each)}" for each in listed)]))
    if not plan.sendings:
        yield section("これから送るお知らせはありません。")
    if plan.confirming:
        lines = [
            f"• {CONFIRMERS[each.level]}{WIDE}{name_words(each.name)}({each.items}件)"
            for each in plan.confirming
        ]
        yield section(_fitting(["*確認をお願いする方*", *lines]))


def _line(sending: Sending) -> str:
    kind, _, rest = sending.step.partition(":")[0].partition("-")
    label = _STEPS.get(kind, "お知らせ").format(rest)
    names = "、".join(name_words(name) for name in sending.names[:_NAMED])
    more = len(sending.names) - _NAMED
    names += f" ほか{more}人" if more > 0 else ""
    return f"{day_words(sending.day)}{WIDE}{label}{WIDE}{names}({sending.items}件)"


def _next_words(plan: UnitPlan) -> str:
    """The next letter that goes out, in one line."""
    if plan.draft:
        return "計画が「案」のため、確定するまでお知らせは送りません。"
    if not plan.sendings:
        return "これから送るお知らせはありません。"
    return f"次のお知らせ：{_line(plan.sendings[0])}"


def _hints(plan: UnitPlan, most: int = TEXT_LIMIT) -> Iterator[Json]:
    hints = list(_hint_lines(plan))
    if hints:
        yield section(_fitting(["*気になる点*", *hints], most))


def _hint_lines(plan: UnitPlan) -> Iterator[str]:
    if plan.draft:
        yield "• 計画が「案」のため、確定するまでお知らせは送りません。"
    if plan.paused_until:
        until = day_words(plan.paused_until)
        yield f"• {until}までお知らせを一時停止しています。そのあいだのお知らせは送りません。"
    if plan.unowned:
        yield f"• 担当が未設定の項目：{_codes(plan.unowned)}。この項目のお知らせは送りません。"
    if plan.unconfirmable:
        yield f"• 確認する方がいない項目：{_codes(plan.unconfirmable)}"
    if plan.unreachable:
        yield f"• Slackで届かない方：{_people(plan.unreachable)}。庁内メールでお知らせください。"
    if plan.without_items:
        yield f"• 担当する項目がない方：{_people(plan.without_items)}"


def _codes(codes: Sequence[str]) -> str:
    return item_names_of(codes, _CODES)


def _people(names: Sequence[str]) -> str:
    shown = "、".join(name_words(name) for name in names[:_CODES])
    return shown + (f" ほか{len(names) - _CODES}人" if len(names) > _CODES else "")


def _fitting(lines: Sequence[str], most: int = TEXT_LIMIT) -> str:
    """As many lines as one section takes; the rest is counted."""
    shown = list(lines[: _LINES + 1])
    while units("\n".join(shown)) > most - 20:
        shown.pop()
    left = len(lines) - len(shown)
    return "\n".join([*shown, f"ほか{left}件"] if left else shown)
