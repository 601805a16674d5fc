"""Rounds: their default dates, the steps they are made of, and until when one may answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.calendar import OfficeCalendar
from bot.domain.form import Stage
from bot.domain.rounds import (
    Ladder,
    RoundDates,
    StepKind,
    closed_day_warnings,
    confirm_day,
    confirm_due,
    date_faults,
    default_dates,
    entry_until,
    manager_steps,
    notice_day,
    owner_steps,
)
from bot.domain.youshiki3 import MID_YEAR, YEAR_END
from tests.bot.domain.rounds_of_2026 import a_round

OPEN = OfficeCalendar()
DAY = timedelta(days=1)

# --- default dates -------------------------------------------------------------------------------


def test_the_mid_year_review_of_2026_has_the_dates_that_the_office_announces() -> None:
    assert default_dates(MID_YEAR, 2026, OPEN) == RoundDates(
        opens=date(2026, 9, 1),
        due=date(2026, 9, 18),
        closes=date(2026, 10, 1),
        publishes=date(2026, 10, 5),
    )


def test_the_year_end_of_a_fiscal_year_is_in_the_next_one() -> None:
    assert default_dates(YEAR_END, 2026, OPEN) == RoundDates(
        opens=date(2027, 4, 1),
        due=date(2027, 5, 14),
        closes=date(2027, 6, 3),
        publishes=date(2027, 6, 7),
    )


@pytest.mark.parametrize("year", range(2015, 2035))
@pytest.mark.parametrize("stage", [MID_YEAR, YEAR_END], ids=lambda stage: stage.key)
def test_a_default_that_falls_on_a_closed_day_rolls(stage: Stage, year: int) -> None:
    timing, dates = stage.timing, default_dates(stage, year, OPEN)

    assert all(map(OPEN.is_business_day, (dates.opens, dates.due, dates.closes, dates.publishes)))
    assert date_faults(dates) == ()
    assert dates.opens.day >= timing.opens[1], "opens rolls forward"
    assert dates.due.day <= timing.due[1], "due rolls back"
    assert dates.publishes.day >= timing.publishes[1], "publishes rolls forward"
    assert OPEN.days_between(dates.closes, dates.publishes) == 2


def test_a_closure_of_the_unit_moves_its_defaults_too() -> None:
    closed = OfficeCalendar(frozenset({date(2026, 9, 1), date(2026, 9, 18)}))

    dates = default_dates(MID_YEAR, 2026, closed)

    assert (dates.opens, dates.due) == (date(2026, 9, 2), date(2026, 9, 17))


# --- the opening ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "announced"),
    [
        (date(2027, 4, 1), date(2027, 4, 7)),
        (date(2028, 4, 3), date(2028, 4, 7)),
        (date(2027, 4, 20), date(2027, 4, 20)),  # later than the fifth business day
        (date(2027, 4, 24), date(2027, 4, 26)),
    ],
)
def test_the_year_end_is_announced_on_the_fifth_business_day_at_the_earliest(
    opens: date, announced: date
) -> None:
    assert notice_day(opens, YEAR_END.timing, OPEN) == announced


def test_the_mid_year_review_is_announced_on_the_day_it_opens() -> None:
    assert notice_day(date(2026, 9, 1), MID_YEAR.timing, OPEN) == date(2026, 9, 1)
    assert notice_day(date(2026, 8, 29), MID_YEAR.timing, OPEN) == date(2026, 8, 31)


# --- the steps -----------------------------------------------------------------------------------


def test_an_owner_who_never_answers_gets_six_messages() -> None:
    steps = owner_steps(a_round(), OPEN)

    assert [(step.kind, step.day) for step in steps] == [
        (StepKind.OPENING, date(2026, 9, 1)),
        (StepKind.BEFORE, date(2026, 9, 15)),
        (StepKind.DUE, date(2026, 9, 18)),
        (StepKind.AFTER, date(2026, 9, 24)),
        (StepKind.AFTER, date(2026, 9, 28)),
        (StepKind.AFTER, date(2026, 10, 1)),
    ]


@pytest.mark.parametrize(
    ("closes", "last"),
    [
        (date(2026, 10, 1), "after-6:2026-09-18"),
        (date(2026, 9, 30), "after-3:2026-09-18"),
        (date(2026, 9, 25), "after-1:2026-09-18"),
    ],
)
def test_the_last_automatic_notice_is_the_last_before_entry_closes(closes: date, last: str) -> None:
    steps = owner_steps(a_round(closes=closes), OPEN)

    assert [step.key for step in steps if step.last] == [last]


def test_a_round_that_closes_when_it_is_due_has_no_last_nudge() -> None:
    steps = owner_steps(a_round(closes=date(2026, 9, 18)), OPEN)

    assert [step for step in steps if step.last] == []


def test_the_owner_is_told_on_the_day_the_managers_are() -> None:
    (step,) = [step for step in owner_steps(a_round(), OPEN) if step.tells_managers]

    assert step.day == manager_steps(a_round(), OPEN, date(2026, 10, 1))[0].day


def test_a_moved_due_date_has_steps_of_its_own() -> None:
    before = {step.key for step in owner_steps(a_round(), OPEN)}
    after = {step.key for step in owner_steps(a_round(due=date(2026, 9, 17)), OPEN)}

    assert before & after == {"opening"}


def test_every_step_to_a_manager_is_on_a_business_day_and_there_is_one_a_day() -> None:
    """29 December 2025 is a closed Monday; its list and that of 5 January are one."""
    winter = a_round(date(2025, 12, 1), date(2025, 12, 15), date(2026, 1, 30))

    days = [step.day for step in manager_steps(winter, OPEN, date(2026, 1, 30))]

    assert days == [
        date(2025, 12, 18),
        date(2025, 12, 22),
        date(2026, 1, 5),
        date(2026, 1, 13),  # 成人の日 is Monday the 12th
        date(2026, 1, 19),
        date(2026, 1, 26),
    ]


def test_managers_have_no_step_before_the_third_business_day_after() -> None:
    assert manager_steps(a_round(), OPEN, date(2026, 9, 27)) == ()
    assert manager_steps(a_round(closes=date(2026, 9, 27)), OPEN, date(2026, 10, 9)) == ()


def test_a_ladder_without_nudges_still_opens() -> None:
    quiet = a_round(ladder=Ladder(before=(), on_due=False, after=()))

    assert [step.key for step in owner_steps(quiet, OPEN)] == ["opening"]


# --- until when ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "is_open", "overdue"),
    [
        (date(2026, 8, 31), False, False),
        (date(2026, 9, 1), True, False),
        (date(2026, 9, 18), True, False),
        (date(2026, 9, 19), True, True),
        (date(2026, 10, 1), True, True),
        (date(2026, 10, 2), False, True),
    ],
)
def test_both_ends_of_a_round_belong_to_it(today: date, is_open: bool, overdue: bool) -> None:
    assert a_round().is_open(today) is is_open
    assert a_round().is_overdue(today) is overdue


@pytest.mark.parametrize(
    ("known_on", "asked"),
    [
        (None, date(2027, 6, 1)),  # 31 May, the end of 出納整理期間
        (date(2027, 5, 31), date(2027, 6, 1)),
        (date(2027, 6, 30), date(2027, 7, 1)),
        (date(2027, 6, 4), date(2027, 6, 7)),  # a Friday: asked on Monday
        (date(2027, 4, 28), date(2027, 4, 30)),  # 29 April is a holiday
    ],
)
def test_figures_are_asked_again_on_the_first_business_day_after_they_are_known(
    known_on: date | None, asked: date
) -> None:
    assert confirm_day(known_on, YEAR_END, 2026, OPEN) == asked


def test_there_are_three_days_to_confirm_counting_that_of_the_notice() -> None:
    assert confirm_due(date(2027, 6, 1), OPEN) == date(2027, 6, 3)


def test_provisional_figures_can_be_changed_until_they_are_to_be_confirmed() -> None:
    late = a_round(date(2027, 4, 1), date(2027, 5, 14), date(2027, 5, 20), stage=YEAR_END)

    assert entry_until(late, None, OPEN) == date(2027, 5, 20)
    assert entry_until(late, date(2027, 6, 1), OPEN) == date(2027, 6, 3)
    assert entry_until(late, date(2027, 4, 20), OPEN) == date(2027, 5, 20)


# --- dates given by hand -------------------------------------------------------------------------


def test_dates_in_their_order_have_no_fault_even_when_they_are_one_day() -> None:
    day = date(2026, 9, 18)

    assert date_faults(RoundDates(day, day, day, day)) == ()


def test_every_date_out_of_order_is_named() -> None:
    faults = date_faults(
        RoundDates(
            opens=date(2026, 9, 18),
            due=date(2026, 9, 1),
            closes=date(2026, 10, 5),
            publishes=date(2026, 10, 1),
        )
    )

    assert len(faults) == 2
    assert "入力期限(2026-09-01)が開始日(2026-09-18)より前です" in faults[0]
    assert "公表予定(2026-10-01)が入力終了(2026-10-05)より前です" in faults[1]


def test_every_closed_day_given_by_hand_is_warned_of() -> None:
    saturday = date(2026, 9, 19)
    dates = RoundDates(saturday, saturday + DAY, saturday + 2 * DAY, saturday + 3 * DAY)

    assert len(closed_day_warnings(dates, OPEN)) == 4
    assert closed_day_warnings(a_round().dates, OPEN) == ()
