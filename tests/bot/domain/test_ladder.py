"""The ladder, day by day: twenty rounds with awkward dates, lived through from end to end.

Each case is lived through as the bot does: on every business day of the unit, what is due and
not yet told is told, and noted as told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.calendar import OfficeCalendar
from bot.domain.reminders import OpenItem, above_due, owners_due
from bot.domain.rounds import Ladder, Round, manager_steps
from bot.domain.youshiki3 import YEAR_END
from tests.bot.domain.rounds_of_2026 import a_round

OWNER, MANAGER = 1, 2
ITEM = OpenItem(id=7, recipients=frozenset({OWNER}), outstanding=True)

Told = list[tuple[str, str]]  # month/day and step


@dataclass(frozen=True)
class Case:
    """A round, and what its owner and a manager hear if nothing is ever answered."""

    name: str
    round: Round
    owner: str
    managers: str
    closures: frozenset[date] = frozenset()
    moved: dict[date, Round] = field(default_factory=dict)
    down: frozenset[date] = frozenset()  # business days on which the bot did not run


def span(first: date, last: date) -> Iterator[date]:
    for day in range((last - first).days + 1):
        yield first + timedelta(days=day)


def day(text: str, year: int = 2026) -> date:
    month, number = text.split("/")
    return date(year, int(month), int(number))


def short(case_day: date) -> str:
    return f"{case_day.month}/{case_day.day}"


def live_through(case: Case) -> tuple[str, str]:
    """What the owner and the manager are told, as 「9/1 opening, 9/15 before-3」."""
    calendar = OfficeCalendar(case.closures)
    owner: Told = []
    managers: Told = []
    done: dict[int, set[str]] = {OWNER: set(), MANAGER: set()}
    round_ = case.round
    until = max(each.dates.closes for each in [round_, *case.moved.values()])
    for today in span(round_.dates.opens - timedelta(days=10), until + timedelta(days=30)):
        round_ = case.moved.get(today, round_)
        if not calendar.is_business_day(today) or today in case.down:
            continue
        lines = owners_due(round_, [ITEM], done, today=today, calendar=calendar)
        steps = manager_steps(round_, calendar, today)
        lists = above_due(round_, {MANAGER: frozenset({7})}, [ITEM], done, steps, today=today)
        assert len(lines) <= 1, "several lines about one round on one day"
        owner += [(short(today), line.step.key.partition(":")[0]) for line in lines]
        managers += [(short(today), "list") for _ in lists]
        for told in (*lines, *lists):
            done[told.person_id].add(told.step.key)
    return _words(owner), " ".join(when for when, _ in managers)


def _words(told: Told) -> str:
    return ", ".join(f"{when} {step}" for when, step in told)


def mid(opens: str, due: str, closes: str, **changes: Any) -> Round:
    return a_round(day(opens), day(due), day(closes), **changes)


def year_end(opens: str, due: str, closes: str, *, year: int = 2027, **changes: Any) -> Round:
    dates = (day(opens, year), day(due, year), day(closes, year))
    return a_round(*dates, stage=YEAR_END, **changes)


USUAL = mid("9/1", "9/18", "10/1")

CASES = [
    Case(
        "the usual mid-year review, across Silver Week",
        USUAL,
        "9/1 opening, 9/15 before-3, 9/18 due, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "due on a Sunday: announced on the Friday before",
        mid("9/1", "9/13", "10/1"),
        "9/1 opening, 9/9 before-3, 9/11 due, 9/14 after-1, 9/16 after-3, 9/24 after-6",
        "9/16 9/24 9/28",
    ),
    Case(
        "due on a holiday within Silver Week",
        mid("9/1", "9/22", "10/1"),
        "9/1 opening, 9/16 before-3, 9/18 due, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "opens on a Saturday: announced on the Monday",
        mid("8/29", "9/18", "10/1"),
        "8/31 opening, 9/15 before-3, 9/18 due, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "opens after the third business day before: nobody is reminded of what they never heard",
        mid("9/16", "9/18", "10/1"),
        "9/16 opening, 9/18 due, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "opens on the third business day before: it is announced, not reminded of",
        mid("9/15", "9/18", "10/1"),
        "9/15 opening, 9/18 due, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "opens on the day it is due",
        mid("9/18", "9/18", "10/1"),
        "9/18 opening, 9/24 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
    ),
    Case(
        "closes before the sixth day after: the third is the last",
        mid("9/1", "9/18", "9/30"),
        "9/1 opening, 9/15 before-3, 9/18 due, 9/24 after-1, 9/28 after-3",
        "9/28",
    ),
    Case(
        "closes on the day it is due: nobody is told of being late",
        mid("9/1", "9/18", "9/18"),
        "9/1 opening, 9/15 before-3, 9/18 due",
        "",
    ),
    Case(
        "closes within the holidays after the due day",
        mid("9/1", "9/18", "9/23"),
        "9/1 opening, 9/15 before-3, 9/18 due",
        "",
    ),
    Case(
        "stays open for long: managers hear on each Monday",
        mid("9/1", "9/8", "10/1"),
        "9/1 opening, 9/3 before-3, 9/8 due, 9/9 after-1, 9/11 after-3, 9/16 after-6",
        "9/11 9/14 9/24 9/28",
    ),
    Case(
        "Mondays that are holidays: the list waits for the next business day",
        mid("10/1", "10/6", "11/26"),
        "10/1 opening, 10/6 due, 10/7 after-1, 10/9 after-3, 10/15 after-6",
        "10/9 10/13 10/19 10/26 11/2 11/9 11/16 11/24",
    ),
    Case(
        "a due date across the year's end",
        a_round(date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 15)),
        "12/14 opening, 12/23 before-3, 12/28 due, 1/4 after-1, 1/6 after-3, 1/12 after-6",
        "1/6 1/12",
    ),
    Case(
        "due on 31 December: announced on the last business day of the year",
        a_round(date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 29)),
        "12/1 opening, 12/24 before-3, 12/28 due, 1/4 after-1, 1/6 after-3, 1/12 after-6",
        "1/6 1/12 1/18 1/25",
    ),
    Case(
        "opens on 1 January: announced on the first business day",
        a_round(date(2027, 1, 1), date(2027, 1, 20), date(2027, 2, 1)),
        "1/4 opening, 1/15 before-3, 1/20 due, 1/21 after-1, 1/25 after-3, 1/28 after-6",
        "1/25 2/1",
    ),
    Case(
        "the usual year-end: 1 April is the day of transfers, the fifth business day is announced",
        year_end("4/1", "5/14", "6/3"),
        "4/7 opening, 5/11 before-3, 5/14 due, 5/17 after-1, 5/19 after-3, 5/24 after-6",
        "5/19 5/24 5/31",
    ),
    Case(
        "a year-end that is due before the fifth business day of April",
        year_end("4/1", "4/6", "4/16"),
        "4/1 opening, 4/6 due, 4/7 after-1, 4/9 after-3, 4/14 after-6",
        "4/9 4/12",
    ),
    Case(
        "a year-end that is due on the fifth business day of April",
        year_end("4/1", "4/7", "4/7"),
        "4/1 opening, 4/2 before-3, 4/7 due",
        "",
    ),
    Case(
        "a round of a single day",
        mid("9/18", "9/18", "9/18"),
        "9/18 opening",
        "",
    ),
    Case(
        "a year-end due in Golden Week",
        year_end("4/1", "5/2", "5/31"),
        "4/7 opening, 4/27 before-3, 4/30 due, 5/6 after-1, 5/10 after-3, 5/13 after-6",
        "5/10 5/17 5/24 5/31",
    ),
    Case(
        "the unit has closed two days of its own, one of them the due day",
        USUAL,
        "9/1 opening, 9/15 before-3, 9/17 due, 9/25 after-1, 9/29 after-3",
        "9/29",
        closures=frozenset({day("9/18"), day("9/24")}),
    ),
    Case(
        "the due day is moved back after it was announced, and is announced anew",
        USUAL,
        "9/1 opening, 9/15 before-3, 9/17 before-3, 9/25 due, 9/28 after-1, 9/30 after-3",
        "9/30",
        moved={day("9/16"): mid("9/1", "9/25", "10/1")},
    ),
    Case(
        "the due day is moved forward",
        USUAL,
        "9/1 opening, 9/8 before-3, 9/11 due, 9/14 after-1, 9/16 after-3, 9/24 after-6",
        "9/16 9/24 9/28",
        moved={day("9/7"): mid("9/1", "9/11", "10/1")},
    ),
    Case(
        "the bot is down over three steps: only the newest is told, once",
        USUAL,
        "9/1 opening, 9/25 after-1, 9/28 after-3, 10/1 after-6",
        "9/28",
        down=frozenset(span(day("9/15"), day("9/24"))),
    ),
    Case(
        "the bot is down from before it opens until after it closes",
        USUAL,
        "",
        "",
        down=frozenset(span(day("8/1"), day("10/1"))),
    ),
    Case(
        "a ladder of another make",
        mid("9/1", "9/18", "10/1", ladder=Ladder(before=(5, 1), on_due=False, after=(2,))),
        "9/1 opening, 9/11 before-5, 9/17 before-1, 9/25 after-2",
        "9/28",
    ),
    Case(
        "managers who are not told on Mondays",
        mid("9/1", "9/8", "10/1", ladder=Ladder(managers_after=1, managers_on_mondays=False)),
        "9/1 opening, 9/3 before-3, 9/8 due, 9/9 after-1, 9/11 after-3, 9/16 after-6",
        "9/9",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_ladder_holds_whatever_the_dates(case: Case) -> None:
    assert live_through(case) == (case.owner, case.managers)


def test_at_least_twenty_rounds_are_lived_through() -> None:
    assert len(CASES) >= 20
    assert len({case.name for case in CASES}) == len(CASES)
