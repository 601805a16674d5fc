"""Being away: who is asked instead, whatever overlaps."""

from __future__ import annotations

from datetime import date

from bot.domain.absences import Absence, Duty, asked, away, substitute

YAMADA, SATO, SUZUKI = 1, 2, 3
FIRST, LAST = date(2026, 9, 7), date(2026, 9, 11)


def test_both_ends_of_an_absence_count_and_one_without_an_end_goes_on() -> None:
    week = Absence(YAMADA, FIRST, LAST)

    assert [week.covers(date(2026, 9, day)) for day in (6, 7, 11, 12)] == [False, True, True, False]
    assert Absence(YAMADA, FIRST).covers(date(2030, 1, 1))


def test_an_owner_who_is_there_is_asked_and_not_the_deputy() -> None:
    assert asked([Duty(YAMADA, SATO)], {}) == {YAMADA}


def test_the_deputy_of_the_absence_comes_before_the_deputy_of_the_item() -> None:
    gone = away([Absence(YAMADA, FIRST, deputy_id=SUZUKI)], FIRST)

    assert asked([Duty(YAMADA, SATO)], gone) == {SUZUKI}
    assert asked([Duty(YAMADA, SATO)], away([Absence(YAMADA, FIRST)], FIRST)) == {SATO}


def test_a_deputy_who_is_away_too_is_not_asked() -> None:
    both = [Absence(YAMADA, FIRST, deputy_id=SUZUKI), Absence(SUZUKI, FIRST)]

    assert asked([Duty(YAMADA, SATO)], away(both, FIRST)) == {SATO}
    assert asked([Duty(YAMADA)], away(both, FIRST)) == frozenset()


def test_of_two_owners_the_one_who_is_there_is_asked_beside_the_deputy_of_the_other() -> None:
    gone = away([Absence(YAMADA, FIRST, deputy_id=SUZUKI)], FIRST)

    assert asked([Duty(YAMADA), Duty(SATO)], gone) == {SUZUKI, SATO}


def test_of_two_absences_at_once_the_later_begun_names_the_deputy() -> None:
    open_ended = Absence(YAMADA, FIRST, deputy_id=SUZUKI)
    within = Absence(YAMADA, date(2026, 9, 9), LAST, deputy_id=SATO)

    assert away([within, open_ended], date(2026, 9, 8))[YAMADA] is open_ended
    assert away([within, open_ended], date(2026, 9, 9))[YAMADA] is within


def test_nobody_stands_in_for_somebody_who_is_there() -> None:
    assert substitute(Duty(YAMADA, SATO), {}) is None
