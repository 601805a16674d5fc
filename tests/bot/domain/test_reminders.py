"""Who is to be told what: only who has something open, only the newest, nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pytest

from bot.domain.calendar import OfficeCalendar
from bot.domain.reminders import OpenItem, above_due, newest, owners_due
from bot.domain.rounds import Step, StepKind, manager_steps
from bot.domain.youshiki3 import YEAR_END
from tests.bot.domain.rounds_of_2026 import a_round

OPEN = OfficeCalendar()
YAMADA, SATO = 1, 2
BEFORE_3, DUE = "before-3:2026-09-18", "due:2026-09-18"


def item(
    number: int, *people: int, outstanding: bool = True, asked_again: date | None = None
) -> OpenItem:
    return OpenItem(number, frozenset(people), outstanding, asked_again)


def told(
    today: date, *items: OpenItem, done: Mapping[int, Collection[str]] | None = None
) -> list[tuple[int, str]]:
    due = owners_due(a_round(), items, done or {}, today=today, calendar=OPEN)
    return [(line.person_id, line.step.key) for line in due]


def test_each_owner_of_an_outstanding_item_gets_one_line_however_many_they_own() -> None:
    items = [item(7, YAMADA), item(8, YAMADA, SATO), item(9, SATO)]

    assert told(date(2026, 9, 1), *items) == [(YAMADA, "opening"), (SATO, "opening")]


def test_who_has_answered_everything_hears_nothing() -> None:
    items = [item(7, YAMADA, outstanding=False), item(8, SATO)]

    assert told(date(2026, 9, 15), *items) == [(SATO, BEFORE_3)]


def test_an_item_that_nobody_owns_tells_nobody() -> None:
    assert told(date(2026, 9, 1), item(7)) == []


def test_what_is_in_a_letter_is_not_told_again() -> None:
    assert told(date(2026, 9, 1), item(7, YAMADA), done={YAMADA: {"opening"}}) == []
    assert told(date(2026, 9, 14), item(7, YAMADA), done={YAMADA: {"opening"}}) == []


def test_of_steps_missed_only_the_newest_is_told() -> None:
    assert told(date(2026, 9, 25), item(7, YAMADA)) == [(YAMADA, "after-1:2026-09-18")]


def test_a_missed_step_is_not_told_once_a_newer_one_has_been() -> None:
    assert told(date(2026, 9, 18), item(7, YAMADA), done={YAMADA: {DUE}}) == []


def test_an_owner_who_comes_late_hears_what_is_newest() -> None:
    items = [item(7, YAMADA, SATO)]

    assert told(date(2026, 9, 16), *items, done={YAMADA: {"opening", BEFORE_3}}) == [
        (SATO, BEFORE_3)
    ]


@pytest.mark.parametrize("today", [date(2026, 8, 31), date(2026, 10, 2)])
def test_nothing_is_told_before_a_round_opens_or_after_it_closes(today: date) -> None:
    assert told(today, item(7, YAMADA)) == []


def test_nobody_is_reminded_of_a_round_before_it_opens() -> None:
    round_ = a_round(date(2026, 9, 17))

    before = owners_due(round_, [item(7, YAMADA)], {}, today=date(2026, 9, 16), calendar=OPEN)

    assert before == []


# --- provisional figures -------------------------------------------------------------------------

JUNE_1 = date(2027, 6, 1)


def confirmations(
    today: date, *items: OpenItem, done: Mapping[int, Collection[str]] | None = None
) -> list[tuple[int, str]]:
    year_end = a_round(date(2027, 4, 1), date(2027, 5, 14), date(2027, 6, 3), stage=YEAR_END)
    due = owners_due(year_end, items, done or {}, today=today, calendar=OPEN)
    return [(line.person_id, line.step.key) for line in due]


def provisional(number: int, *people: int, known: date = JUNE_1) -> OpenItem:
    return item(number, *people, outstanding=False, asked_again=known)


def test_provisional_figures_are_asked_again_when_they_are_known_and_once() -> None:
    items = [provisional(7, YAMADA), provisional(8, YAMADA)]
    asked = [(YAMADA, "confirm:2027-06-01")]

    assert confirmations(date(2027, 5, 31), *items) == []
    assert confirmations(JUNE_1, *items) == asked
    assert confirmations(date(2027, 6, 2), *items) == asked, "the bot was down on the day"
    assert confirmations(date(2027, 6, 2), *items, done={YAMADA: {asked[0][1]}}) == []


def test_provisional_figures_are_asked_again_though_the_round_has_closed() -> None:
    late = date(2027, 7, 1)

    assert confirmations(late, provisional(7, YAMADA, known=late)) == [
        (YAMADA, "confirm:2027-07-01")
    ]


def test_each_day_on_which_figures_become_known_is_asked_for() -> None:
    first, second = date(2027, 5, 21), JUNE_1
    items = [provisional(7, YAMADA, known=first), provisional(8, YAMADA, known=second)]
    done = {YAMADA: {"confirm:2027-05-21"}}

    assert confirmations(first, *items) == [(YAMADA, "confirm:2027-05-21")]
    assert confirmations(second, *items, done=done) == [(YAMADA, "confirm:2027-06-01")]


def test_one_person_can_be_late_with_one_item_and_asked_again_for_another() -> None:
    items = [item(7, YAMADA), provisional(8, YAMADA, known=date(2027, 5, 24))]

    assert confirmations(date(2027, 5, 24), *items) == [
        (YAMADA, "after-6:2027-05-14"),
        (YAMADA, "confirm:2027-05-24"),
    ]


def test_an_item_that_is_outstanding_again_is_not_asked_to_be_confirmed() -> None:
    reopened = item(7, YAMADA, outstanding=True, asked_again=JUNE_1)

    assert confirmations(date(2027, 6, 4), reopened) == []


# --- managers ------------------------------------------------------------------------------------

SECTION_MANAGER, UNIT_MANAGER = 11, 12


def lists(
    today: date, *items: OpenItem, done: Mapping[int, Collection[str]] | None = None
) -> list[tuple[int, str]]:
    readers = {SECTION_MANAGER: frozenset({7}), UNIT_MANAGER: frozenset({7, 8})}
    steps = manager_steps(a_round(), OPEN, today)
    due = above_due(a_round(), readers, items, done or {}, steps, today=today)
    return [(line.person_id, line.step.key) for line in due]


def test_managers_hear_of_what_they_read_and_of_nothing_else() -> None:
    third = date(2026, 9, 28)

    assert lists(third, item(8, YAMADA)) == [(UNIT_MANAGER, "managers:2026-09-28")]
    assert [person for person, _ in lists(third, item(7, YAMADA))] == [11, 12]


def test_managers_hear_of_items_without_an_owner_too() -> None:
    assert lists(date(2026, 9, 28), item(8)) == [(UNIT_MANAGER, "managers:2026-09-28")]


def test_managers_hear_nothing_when_all_is_in_or_before_it_is_late_or_after_it_closed() -> None:
    done = item(7, YAMADA, outstanding=False)

    assert lists(date(2026, 9, 28), done) == []
    assert lists(date(2026, 9, 25), item(7, YAMADA)) == []
    assert lists(date(2026, 10, 2), item(7, YAMADA)) == []


def test_a_list_that_was_missed_is_made_up_for_once() -> None:
    late = date(2026, 9, 30)

    assert [person for person, _ in lists(late, item(7))] == [SECTION_MANAGER, UNIT_MANAGER]
    assert lists(late, item(7), done={11: {"managers:2026-09-28"}}) == [
        (UNIT_MANAGER, "managers:2026-09-28")
    ]


def test_the_newest_of_no_steps_is_none() -> None:
    step = Step(StepKind.DUE, "due", date(2026, 9, 18))

    assert newest([], date(2026, 9, 18), ()) is None
    assert newest([step], date(2026, 9, 17), ()) is None
    assert newest([step], date(2026, 9, 18), ()) == step
