"""The office calendar: Japanese dates, fiscal years and eras, business days and closures."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import jpholiday

TOKYO = ZoneInfo("Asia/Tokyo")

# Letters go out while the offices are open and somebody can act on them.
WINDOW_OPENS = time(9, 30)
WINDOW_CLOSES = time(17, 30)

# 行政機関の休日: offices rest from 29 December to 3 January.
_NEW_YEAR_CLOSURE = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})

_SATURDAY = 5
_ERA_START = {"昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_FIRST_DAYS = {
    "令和": date(2019, 5, 1),
    "平成": date(1989, 1, 8),
    "昭和": date(1926, 12, 25),
}
_ERA_LETTERS = {"S": "昭和", "H": "平成", "R": "令和"}
_LAST_HEISEI_YEAR = 31
_GREGORIAN_FROM = 1900


def japanese_date(instant: datetime) -> date:
    """The date in Japan at an aware instant, whatever zone the server runs in."""
    return instant.astimezone(TOKYO).date()


def at_tokyo(day: date, clock_time: time) -> datetime:
    """An aware instant from a Japanese date and wall-clock time."""
    return datetime.combine(day, clock_time, tzinfo=TOKYO)


def fiscal_year_of(day: date) -> int:
    """The Gregorian year in which the fiscal year of a day begins (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def era_year(fiscal_year: int) -> str:
    """「令和8年度」 for 2026. FY2019 began in 平成31年 and is shown as 令和元年度."""
    for era in ("令和", "平成", "昭和"):
        number = fiscal_year - _ERA_START[era]
        if number >= 1:
            return f"{era}{'元' if number == 1 else number}年度"
    return f"{fiscal_year}年度"


def era_day(day: date) -> str:
    """「令和8年10月5日」: how offices date what they publish."""
    for era, first in _ERA_FIRST_DAYS.items():
        if day >= first:
            number = day.year - first.year + 1
            return f"{era}{'元' if number == 1 else number}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def parse_fiscal_year(text: str, *, near: int | None = None) -> int | None:
    """Read a fiscal year as offices write it: 令和8年度, 元年度, H29, 2019年度(平成31年度), 2026.

    A bare 「29年度」 is read as the era year closest to ``near``, when that is given.
    Returns the Gregorian year in which the fiscal year begins, or None when it is no year.
    """
    cleaned = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = re.match(r"^(\d{4})(?:年度?)?(?:\(.*\))?$", cleaned)
    if found:
        return int(found[1]) if int(found[1]) >= _GREGORIAN_FROM else None
    found = re.match(r"^(昭和|平成|令和|[SHRshr])\.?(\d{1,2}|元)(?:年度?)?(?:\(.*\))?$", cleaned)
    if found:
        era = _ERA_LETTERS.get(found[1].upper(), found[1])
        number = 1 if found[2] == "元" else int(found[2])
        return _ERA_START[era] + number if number >= 1 else None
    found = re.match(r"^(\d{1,2}|元)年度$", cleaned)
    if found and near is not None:
        return _nearest_era_year(1 if found[1] == "元" else int(found[1]), near)
    return None


def parse_day(text: str) -> date | None:
    """A day as offices write it: 2026-04-01, 2026/4/1, 2026年4月1日; None when it is no day."""
    cleaned = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", cleaned)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _nearest_era_year(number: int, near: int) -> int:
    candidates = [_ERA_START["令和"] + number]
    if number <= _LAST_HEISEI_YEAR:
        candidates.append(_ERA_START["平成"] + number)
    return min(candidates, key=lambda year: abs(year - near))


@lru_cache(maxsize=2048)
def _is_holiday(day: date) -> bool:
    """What a law says of a day is looked up once; a ladder asks of the same days over and over."""
    return bool(jpholiday.is_holiday(day))


@dataclass(frozen=True)
class OfficeCalendar:
    """Which days one unit is open: no weekend, public holiday, New Year closure or own closure."""

    closures: frozenset[date] = field(default_factory=frozenset)

    def is_business_day(self, day: date) -> bool:
        """True on a 開庁日."""
        return not (
            day.weekday() >= _SATURDAY
            or (day.month, day.day) in _NEW_YEAR_CLOSURE
            or day in self.closures
            or _is_holiday(day)
        )

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a business day, else the next one."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself if it is a business day, else the last one before it."""
        while not self.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """The ``count``-th business day strictly after a day."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def before(self, day: date, count: int) -> date:
        """The ``count``-th business day strictly before a day."""
        for _ in range(count):
            day = self.on_or_before(day - timedelta(days=1))
        return day

    def days_between(self, start: date, end: date) -> int:
        """Business days after ``start`` up to and including ``end``; 0 when end is not later."""
        span = range((end - start).days)
        return sum(self.is_business_day(start + timedelta(days=n + 1)) for n in span)

    def in_sending_window(self, instant: datetime) -> bool:
        """True on business days from 9:30 to 17:30 (both included), Japanese time."""
        local = instant.astimezone(TOKYO)
        in_hours = WINDOW_OPENS <= local.time().replace(second=0, microsecond=0) <= WINDOW_CLOSES
        return self.is_business_day(local.date()) and in_hours
