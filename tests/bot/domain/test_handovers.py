"""What counts as a transfer, and on which days both owners are told."""

from __future__ import annotations

from datetime import date

from bot.domain.calendar import OfficeCalendar
from bot.domain.handovers import Handover, Holding, handovers, told_between

YAMADA, NAKAMURA = 1, 2
APRIL_1 = date(2026, 4, 1)
OPEN = OfficeCalendar()


def test_who_begins_on_the_day_after_another_has_ended_follows_them() -> None:
    before = Holding(7, YAMADA, None, date(2026, 3, 31))
    after = Holding(7, NAKAMURA, APRIL_1, None)

    assert handovers([before, after]) == [Handover(7, APRIL_1, YAMADA, NAKAMURA)]


def test_a_first_owner_a_gap_and_the_same_person_again_are_no_transfer() -> None:
    assert handovers([Holding(7, NAKAMURA, APRIL_1, None)]) == []
    gap = Holding(7, YAMADA, None, date(2026, 3, 30))
    assert handovers([gap, Holding(7, NAKAMURA, APRIL_1, None)]) == []
    same = Holding(7, NAKAMURA, None, date(2026, 3, 31))
    assert handovers([same, Holding(7, NAKAMURA, APRIL_1, None)]) == []
    other_item = Holding(8, YAMADA, None, date(2026, 3, 31))
    assert handovers([other_item, Holding(7, NAKAMURA, APRIL_1, None)]) == []


def test_it_is_told_on_the_first_business_day_of_the_post_and_made_up_for_three_more() -> None:
    saturday = date(2026, 8, 1)

    assert told_between(saturday, None, OPEN) == (date(2026, 8, 3), date(2026, 8, 6))


def test_it_waits_for_the_end_of_a_pause() -> None:
    until = date(2026, 4, 10)

    assert told_between(APRIL_1, until, OPEN) == (date(2026, 4, 13), date(2026, 4, 16))
    assert told_between(APRIL_1, date(2026, 3, 20), OPEN)[0] == APRIL_1
