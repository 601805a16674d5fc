"""When a review round opens, is due, closes and publishes, and the steps of its ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.domain.calendar import OfficeCalendar
from bot.domain.form import Stage, Timing

_MONDAY = 0
_FISCAL_YEAR_STARTS = 4  # April

# 1.10 of the wording: three days, counting the notice's own, to confirm provisional figures.
CONFIRM_WITHIN = 2
# After so long nobody is asked to confirm what nobody has: by then the next review asks.
CONFIRM_FOR = timedelta(days=90)
# How many confirm an answer: 0 nobody, 1 課長, 2 課長 and then 区長.
LEVELS = (0, 1, 2)
USUAL_LEVELS = 1


@dataclass(frozen=True)
class Ladder:
    """How often a round speaks, in business days around the due date; a setting of each round."""

    before: tuple[int, ...] = (3,)
    on_due: bool = True
    after: tuple[int, ...] = (1, 3, 6)
    managers_after: int = 3
    managers_on_mondays: bool = True
    ward_head_id: int | None = None  # a person; off unless switched on
    ward_head_after: int = 6


@dataclass(frozen=True)
class RoundDates:
    """The four dates of a round, all inclusive and Japanese."""

    opens: date
    due: date
    closes: date
    publishes: date


@dataclass(frozen=True)
class Round:
    """One review of one plan: which stage, when, who asks and on which notice it rests."""

    id: int
    plan_id: int
    fiscal_year: int
    stage: Stage
    dates: RoundDates
    contact: str = ""  # 課・担当 that asks
    extension: str = ""
    notice: str = ""  # 事務連絡
    ladder: Ladder = field(default_factory=Ladder)
    levels: int = 0  # one of LEVELS
    frozen: bool = False  # it is published: only a correction changes an answer

    def is_open(self, today: date) -> bool:
        """Whether answers are taken today (opening and closing days included)."""
        return self.dates.opens <= today <= self.dates.closes

    def is_overdue(self, today: date) -> bool:
        """Whether an answer still missing today is late; of what is published none is."""
        return today > self.dates.due and not self.frozen


class StepKind(StrEnum):
    """What a step of the ladder says."""

    OPENING = "opening"
    BEFORE = "before"
    DUE = "due"
    AFTER = "after"
    CONFIRM = "confirm"  # provisional figures, asked again
    MEND = "mend"  # what was sent back, on the day by which to mend it
    RETURN = "return"  # somebody is back from an absence
    HANDOVER = "handover"  # what came with an item that somebody took over
    TAKEN = "taken"  # what is to be mended by who took it over, or is back: it was asked of others
    PLANNED = "planned"  # the day on which somebody means to answer
    MANAGERS = "managers"
    WARD_HEAD = "ward-head"
    COORDINATOR = "coordinator"
    TO_CONFIRM = "to-confirm"


@dataclass(frozen=True)
class Step:
    """One rung of a ladder. ``key`` is unique within a round and a person."""

    kind: StepKind
    key: str
    day: date
    last: bool = False  # the last automatic notice to the owner
    tells_managers: bool = False  # on this day the managers get their list too


def default_dates(stage: Stage, fiscal_year: int, calendar: OfficeCalendar) -> RoundDates:
    """The usual dates, rolled off closed days: opens and publishes forward, due back.

    Entry closes two business days before publication.
    """
    publishes = calendar.on_or_after(_day(stage.timing.publishes, fiscal_year))
    return RoundDates(
        opens=calendar.on_or_after(_day(stage.timing.opens, fiscal_year)),
        due=calendar.on_or_before(_day(stage.timing.due, fiscal_year)),
        closes=calendar.before(publishes, 2),
        publishes=publishes,
    )


def notice_day(opens: date, timing: Timing, calendar: OfficeCalendar) -> date:
    """The day of the opening notice: the opening day, but not before the stage's n-th business day.

    Year-end entry opens on 1 April, the day of transfers, and is announced on the fifth.
    """
    first_of_month = opens.replace(day=1)
    earliest = calendar.after(first_of_month - timedelta(days=1), timing.notice_business_day)
    return max(calendar.on_or_after(opens), earliest)


def owner_steps(round_: Round, calendar: OfficeCalendar) -> tuple[Step, ...]:
    """The ladder to an owner, in order of day and then of urgency; nothing after ``closes``.

    Nobody is reminded of what was not announced: the opening comes first, and what would fall
    before it or on its day is left out. Steps around the due date carry it in their key, so that
    a moved due date is announced anew.
    """
    opening = _opening(round_, calendar)
    around = sorted(_around_due(round_, calendar), key=lambda step: step.day)
    kept = [step for step in around if opening.day < step.day <= round_.dates.closes]
    if kept and kept[-1].kind is StepKind.AFTER:
        kept[-1] = replace(kept[-1], last=True)
    return (opening, *kept) if opening.day <= round_.dates.closes else ()


def manager_steps(round_: Round, calendar: OfficeCalendar, today: date) -> tuple[Step, ...]:
    """The days up to today on which managers get the list of what is late, until ``closes``.

    A Monday on which the office is closed moves to its next business day.
    """
    return _told_above(round_, calendar, today, StepKind.MANAGERS, round_.ladder.managers_after)


def ward_head_steps(round_: Round, calendar: OfficeCalendar, today: date) -> tuple[Step, ...]:
    """The same for the ward head's numbers, which come later: the sections are told first."""
    return _told_above(round_, calendar, today, StepKind.WARD_HEAD, round_.ladder.ward_head_after)


def _told_above(
    round_: Round, calendar: OfficeCalendar, today: date, kind: StepKind, after: int
) -> tuple[Step, ...]:
    first = calendar.after(round_.dates.due, after)
    last = min(today, round_.dates.closes)
    days = {first}
    if round_.ladder.managers_on_mondays:
        monday = first + timedelta(days=7 - first.weekday() + _MONDAY)
        weeks = (last - monday).days // 7 + 1
        days |= {calendar.on_or_after(monday + timedelta(weeks=week)) for week in range(weeks)}
    told = sorted(day for day in days if day <= last)
    return tuple(Step(kind, f"{kind}:{day}", day) for day in told)


def confirm_day(final_on: date | None, stage: Stage, fiscal_year: int, cal: OfficeCalendar) -> date:
    """When provisional figures are asked again: the first business day after they are known.

    Without a date from the person that is the end of the closing period, 31 May.
    """
    known = final_on or _day(stage.final_after, fiscal_year)
    return cal.on_or_after(known + timedelta(days=1))


def confirm_step(day: date) -> Step:
    """The step that asks again for figures known by ``day``."""
    return Step(StepKind.CONFIRM, f"confirm:{day}", day)


def mend_step(due: date, calendar: OfficeCalendar) -> Step:
    """The step that reminds of what is to be mended by ``due``, on its morning."""
    return Step(StepKind.MEND, mend_key(due), calendar.on_or_before(due))


def mend_key(due: date | None) -> str:
    """The key of that step; that of no day is no step's."""
    return f"{StepKind.MEND}:{due}" if due else ""


def planned_step(day: date) -> Step:
    """The step on the morning of the day on which somebody means to answer."""
    return Step(StepKind.PLANNED, f"{StepKind.PLANNED}:{day}", day)


def entry_until(
    round_: Round,
    asked_again: date | None,
    calendar: OfficeCalendar,
    sent_back_due: date | None = None,
) -> date:
    """The last day on which an owner may answer.

    Provisional figures have until they are due, and what was sent back until it is to be mended,
    also after the round has closed; but nothing of a round that is published.
    """
    if round_.frozen:
        return round_.dates.closes
    asked = confirm_due(asked_again, calendar) if asked_again else round_.dates.closes
    return max(round_.dates.closes, asked, sent_back_due or round_.dates.closes)


def asked_on(asked_again: date, paused_until: date | None, calendar: OfficeCalendar) -> date:
    """The day on which provisional figures are asked again: not while the unit's letters rest."""
    if paused_until is None or asked_again > paused_until:
        return asked_again
    return calendar.on_or_after(paused_until + timedelta(days=1))


def confirm_due(asked_again: date, calendar: OfficeCalendar) -> date:
    """By when provisional figures are to be confirmed: two business days after being asked."""
    return calendar.after(asked_again, CONFIRM_WITHIN)


def date_faults(dates: RoundDates) -> tuple[str, ...]:
    """What is wrong with the order of the dates, one Japanese sentence each."""
    named = (
        ("開始日", dates.opens),
        ("入力期限", dates.due),
        ("入力終了", dates.closes),
        ("公表予定", dates.publishes),
    )
    pairs = pairwise(named)
    return tuple(
        f"{later}({second})が{earlier}({first})より前です。{later}を{first}以後にしてください。"
        for (earlier, first), (later, second) in pairs
        if second < first
    )


def closed_day_warnings(dates: RoundDates, calendar: OfficeCalendar) -> tuple[str, ...]:
    """A warning for each date given by hand that falls on a day off."""
    named = (
        ("開始日", dates.opens),
        ("入力期限", dates.due),
        ("入力終了", dates.closes),
        ("公表予定", dates.publishes),
    )
    return tuple(
        f"{name}({day})は閉庁日です。そのまま登録します。"
        for name, day in named
        if not calendar.is_business_day(day)
    )


def _opening(round_: Round, calendar: OfficeCalendar) -> Step:
    """The notice does not wait for the month's n-th business day when the round is due by then."""
    day = notice_day(round_.dates.opens, round_.stage.timing, calendar)
    if day >= round_.dates.due:
        day = calendar.on_or_after(round_.dates.opens)
    return Step(StepKind.OPENING, "opening", day)


def _around_due(round_: Round, calendar: OfficeCalendar) -> Iterator[Step]:
    ladder, due = round_.ladder, round_.dates.due
    for count in ladder.before:
        yield Step(StepKind.BEFORE, f"before-{count}:{due}", calendar.before(due, count))
    if ladder.on_due:
        yield Step(StepKind.DUE, f"due:{due}", calendar.on_or_before(due))
    for count in ladder.after:
        yield Step(
            StepKind.AFTER,
            f"after-{count}:{due}",
            calendar.after(due, count),
            tells_managers=count == ladder.managers_after,
        )


def _day(months_and_day: tuple[int, int], fiscal_year: int) -> date:
    months, day = months_and_day
    index = _FISCAL_YEAR_STARTS - 1 + months
    return date(fiscal_year + index // 12, index % 12 + 1, day)
