"""Until when a named day is quiet, on which day a nudge goes out, and when the ward head hears."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.domain.calendar import OfficeCalendar, at_tokyo
from bot.domain.consultations import is_planned_day, is_silent_until, speaks_again_on
from bot.domain.nudges import sending_day
from bot.domain.reminders import OpenItem, owners_due
from bot.domain.rounds import manager_steps, ward_head_steps
from tests.bot.domain.rounds_of_2026 import a_round

OPEN = OfficeCalendar()
DUE = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("day", "may"),
    [
        (date(2026, 9, 10), False),  # today
        (date(2026, 9, 11), True),
        (date(2026, 9, 12), False),  # a Saturday
        (DUE, True),
        (date(2026, 9, 24), False),  # after the due date
    ],
)
def test_a_day_may_be_named_from_tomorrow_to_the_due_date(day: date, may: bool) -> None:
    assert is_planned_day(day, today=date(2026, 9, 10), due=DUE, calendar=OPEN) is may


def test_a_due_date_that_moves_ahead_of_the_named_day_ends_the_silence() -> None:
    assert speaks_again_on(DUE, due=date(2026, 9, 14), calendar=OPEN) == date(2026, 9, 14)
    assert speaks_again_on(date(2026, 9, 11), due=DUE, calendar=OPEN) == date(2026, 9, 11)


def test_a_named_day_that_is_closed_meanwhile_is_the_business_day_before() -> None:
    closed = OfficeCalendar(frozenset({date(2026, 9, 11)}))

    day = speaks_again_on(date(2026, 9, 11), due=DUE, calendar=closed)

    assert day == date(2026, 9, 10)
    assert is_silent_until(day, date(2026, 9, 9))
    assert not is_silent_until(day, date(2026, 9, 10))


def test_a_named_day_is_a_step_of_that_persons_ladder_alone() -> None:
    items = [OpenItem(7, frozenset({1, 2}), outstanding=True)]
    done = {1: {"opening"}, 2: {"opening"}}

    due = owners_due(
        a_round(),
        items,
        done,
        today=DUE.replace(day=11),
        calendar=OPEN,
        planned={1: DUE.replace(day=11)},
    )

    assert [(each.person_id, each.step.key) for each in due] == [(1, "planned:2026-09-11")]


@pytest.mark.parametrize(
    ("day", "hour", "sent_on"),
    [
        ("2026-09-25", "08:00", date(2026, 9, 25)),
        ("2026-09-25", "17:30", date(2026, 9, 25)),
        ("2026-09-25", "17:31", date(2026, 9, 28)),  # a Friday evening
        ("2026-09-26", "10:00", date(2026, 9, 28)),
    ],
)
def test_a_nudge_goes_out_while_the_office_is_open(day: str, hour: str, sent_on: date) -> None:
    asked = at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))

    assert sending_day(asked, OPEN) == sent_on


def test_the_ward_head_hears_three_business_days_after_the_sections() -> None:
    last = date(2026, 10, 1)

    assert manager_steps(a_round(), OPEN, last)[0].day == date(2026, 9, 28)
    assert [step.key for step in ward_head_steps(a_round(), OPEN, last)] == ["ward-head:2026-10-01"]
    assert ward_head_steps(a_round(), OPEN, date(2026, 9, 30)) == ()
