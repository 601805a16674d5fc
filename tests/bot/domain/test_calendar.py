"""The office calendar: Japanese dates, fiscal years, and the days on which an office is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from bot.domain.calendar import (
    OfficeCalendar,
    at_tokyo,
    era_year,
    fiscal_year_of,
    japanese_date,
    parse_fiscal_year,
)

OPEN = OfficeCalendar()

# --- Japanese dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 9, 9, 23, 30, tzinfo=UTC), date(2026, 9, 10)),  # 08:30 in Japan
        (datetime(2026, 9, 10, 14, 59, 59, tzinfo=UTC), date(2026, 9, 10)),
        (datetime(2026, 9, 10, 15, 0, tzinfo=UTC), date(2026, 9, 11)),
        (datetime(2027, 3, 31, 15, 0, tzinfo=UTC), date(2027, 4, 1)),
        (datetime(2026, 9, 9, 16, 30, tzinfo=timezone(timedelta(hours=-7))), date(2026, 9, 10)),
    ],
)
def test_an_instant_has_its_japanese_date_wherever_the_server_stands(
    instant: datetime, day: date
) -> None:
    assert japanese_date(instant) == day


def test_half_past_nine_in_japan_is_half_past_midnight_utc() -> None:
    assert at_tokyo(date(2026, 9, 1), time(9, 30)) == datetime(2026, 9, 1, 0, 30, tzinfo=UTC)


# --- fiscal years --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), 2027),
    ],
)
def test_a_fiscal_year_is_from_1_april_to_31_march(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1988, "昭和63年度"),
        (1989, "平成元年度"),
        (2017, "平成29年度"),
        (2018, "平成30年度"),
        (2019, "令和元年度"),
        (2020, "令和2年度"),
        (2026, "令和8年度"),
    ],
)
def test_a_fiscal_year_is_shown_with_its_era(year: int, words: str) -> None:
    assert era_year(year) == words


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("平成29年度", 2017),
        ("令和元年度", 2019),
        ("令和1年度", 2019),
        ("H29", 2017),
        ("H30年度", 2018),
        ("R3", 2021),
        ("r8", 2026),
        ("Ｒ８", 2026),
        ("S63", 1988),
        ("令和８年度", 2026),
        ("令和 8 年度", 2026),
        ("令和8年", 2026),
        ("2019年度(平成31年度)", 2019),
        ("2019年度（平成31年度）", 2019),
        ("平成31年度", 2019),
        ("平成31年度(2019年度)", 2019),
        ("2018年", 2018),
        ("2026", 2026),
        ("２０２６年度", 2026),
    ],
)
def test_a_fiscal_year_is_read_as_offices_write_it(written: str, year: int) -> None:
    assert parse_fiscal_year(written) == year


@pytest.mark.parametrize(
    ("written", "near", "year"),
    [
        ("29年度", 2017, 2017),
        ("29年度", 2026, 2017),
        ("30年度", 2017, 2018),
        ("31年度", 2019, 2019),
        ("元年度", 2019, 2019),
        ("2年度", 2021, 2020),
        ("2年度", 1990, 1990),
        ("8年度", 2026, 2026),
    ],
)
def test_a_bare_year_is_read_against_the_year_of_its_sheet(
    written: str, near: int, year: int
) -> None:
    assert parse_fiscal_year(written, near=near) == year


@pytest.mark.parametrize(
    "written",
    [
        *("", "年度", "西区", "令和", "令和0年度", "R0", "0", "26", "202", "20260", "1868"),
        *("29年度", "元年度"),  # with nothing to read them against
        *("30・31年度", "2018年～2022年版", "2026-04-01", "令和8年度 中間振り返り"),  # not one year
    ],
)
def test_what_is_not_one_fiscal_year_is_not_read_as_one(written: str) -> None:
    assert parse_fiscal_year(written) is None


# --- business days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 9, 19),  # Saturday
        date(2026, 9, 20),  # Sunday
        date(2026, 9, 21),  # 敬老の日
        date(2026, 9, 22),  # 国民の休日, between two holidays
        date(2026, 9, 23),  # 秋分の日
        date(2026, 5, 6),  # 振替休日 of 憲法記念日
        date(2026, 12, 29),
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2029, 1, 2),  # a Tuesday
        date(2029, 1, 3),
    ],
)
def test_an_office_is_closed_at_weekends_on_holidays_and_around_new_year(day: date) -> None:
    assert not OPEN.is_business_day(day)


@pytest.mark.parametrize(
    "day", [date(2026, 9, 18), date(2026, 9, 24), date(2026, 12, 28), date(2027, 1, 4)]
)
def test_an_office_is_open_on_every_other_day(day: date) -> None:
    assert OPEN.is_business_day(day)


def test_a_unit_is_closed_on_the_days_it_has_entered_and_no_other_unit_is() -> None:
    day = date(2026, 9, 17)

    assert not OfficeCalendar(frozenset({day})).is_business_day(day)
    assert OPEN.is_business_day(day)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 9, 18), 1, date(2026, 9, 24)),
        (date(2026, 9, 18), 3, date(2026, 9, 28)),
        (date(2026, 9, 18), 6, date(2026, 10, 1)),
        (date(2026, 9, 20), 1, date(2026, 9, 24)),  # from a Sunday
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2026, 9, 18), 0, date(2026, 9, 18)),
    ],
)
def test_business_days_after_are_counted_strictly_after(day: date, count: int, found: date) -> None:
    assert OPEN.after(day, count) == found


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 9, 18), 3, date(2026, 9, 15)),
        (date(2026, 9, 24), 1, date(2026, 9, 18)),
        (date(2026, 9, 22), 1, date(2026, 9, 18)),  # from a holiday
        (date(2026, 9, 25), 3, date(2026, 9, 17)),
        (date(2027, 1, 4), 1, date(2026, 12, 28)),
        (date(2026, 10, 5), 2, date(2026, 10, 1)),
    ],
)
def test_business_days_before_are_counted_strictly_before(
    day: date, count: int, found: date
) -> None:
    assert OPEN.before(day, count) == found


def test_a_closed_day_rolls_to_the_next_or_the_last_open_one() -> None:
    silver_week = date(2026, 9, 22)

    assert OPEN.on_or_after(silver_week) == date(2026, 9, 24)
    assert OPEN.on_or_before(silver_week) == date(2026, 9, 18)
    assert OPEN.on_or_after(date(2026, 9, 18)) == date(2026, 9, 18)
    assert OPEN.on_or_before(date(2026, 9, 18)) == date(2026, 9, 18)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 9, 18), date(2026, 9, 18), 0),
        (date(2026, 9, 18), date(2026, 9, 23), 0),
        (date(2026, 9, 18), date(2026, 9, 24), 1),
        (date(2026, 9, 18), date(2026, 9, 28), 3),
        (date(2026, 9, 15), date(2026, 9, 18), 3),
        (date(2026, 9, 24), date(2026, 9, 18), 0),
    ],
)
def test_days_late_and_days_left_count_open_days(start: date, end: date, days: int) -> None:
    assert OPEN.days_between(start, end) == days


# --- the hours of letters ------------------------------------------------------------------------

FRIDAY = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("day", "at", "goes_out"),
    [
        (FRIDAY, time(9, 29, 59), False),
        (FRIDAY, time(9, 30), True),
        (FRIDAY, time(13, 0), True),
        (FRIDAY, time(17, 30), True),
        (FRIDAY, time(17, 31), False),
        (FRIDAY, time(0, 30), False),
        (date(2026, 9, 19), time(12, 0), False),
        (date(2026, 9, 22), time(12, 0), False),
        (date(2027, 1, 1), time(12, 0), False),
    ],
)
def test_letters_go_out_from_half_past_nine_to_half_past_five_on_business_days(
    day: date, at: time, goes_out: bool
) -> None:
    assert OPEN.in_sending_window(at_tokyo(day, at)) is goes_out
    assert OPEN.in_sending_window(at_tokyo(day, at).astimezone(UTC)) is goes_out
