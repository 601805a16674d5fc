"""Access, decided from values alone: who may see counts, read a text, and enter an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from bot.domain.people import (
    Grant,
    Item,
    Period,
    Printing,
    Role,
    Viewer,
    answers_for,
    is_coordinator,
    is_registered,
    may_answer,
    may_confirm,
    may_read,
    may_see_counts,
    may_send_back,
    may_speak_for,
    may_take_document,
    printing,
)

WARD, OTHER_WARD = 25, 6
SECTION, OTHER_SECTION = 1, 2
ITEM = Item(7, WARD, frozenset({SECTION}))
OTHER_ITEM = Item(8, WARD, frozenset({OTHER_SECTION}))


def viewer(
    *grants: Grant, owned: set[int] | None = None, deputised: set[int] | None = None
) -> Viewer:
    units = {WARD} if owned or deputised else set[int]()
    return Viewer(
        1,
        "山田",
        grants,
        owned=frozenset(owned or ()),
        deputised=frozenset(deputised or ()),
        owner_units=frozenset(units),
    )


@dataclass(frozen=True)
class Row:
    """Who, and what they may do with item 7 of the ward: y or n."""

    who: str
    viewer: Viewer
    counts: str
    read: str
    answer: str
    read_once_confirmed: str = ""


# Former and future owners hold nothing today: the storage does not hand them an item.
ROWS = [
    Row("owner", viewer(owned={7}), "y", "y", "y"),
    Row("owner of another item", viewer(owned={8}), "y", "n", "n"),
    Row("former owner", viewer(), "n", "n", "n"),
    Row("future owner", viewer(), "n", "n", "n"),
    Row("former owner who owns another item", viewer(owned={9}), "y", "n", "n"),
    Row("deputy", viewer(deputised={7}), "y", "y", "y"),
    Row("manager of the section", viewer(Grant(Role.MANAGER, WARD, SECTION)), "y", "y", "n"),
    Row("manager of another", viewer(Grant(Role.MANAGER, WARD, OTHER_SECTION)), "y", "n", "n"),
    Row("manager of the unit", viewer(Grant(Role.MANAGER, WARD)), "y", "y", "n"),
    Row("manager of another ward", viewer(Grant(Role.MANAGER, OTHER_WARD)), "n", "n", "n"),
    Row("coordinator", viewer(Grant(Role.COORDINATOR, WARD)), "y", "y", "y"),
    Row("coordinator of another", viewer(Grant(Role.COORDINATOR, OTHER_WARD)), "n", "n", "n"),
    Row("observer of all", viewer(Grant(Role.OBSERVER, None)), "y", "n", "n", "y"),
    Row("observer of another", viewer(Grant(Role.OBSERVER, OTHER_WARD)), "n", "n", "n"),
    Row("owner by role alone", viewer(Grant(Role.OWNER, WARD)), "y", "n", "n"),
    Row("manager who owns it", viewer(Grant(Role.MANAGER, WARD), owned={7}), "y", "y", "y"),
    Row("stranger", viewer(), "n", "n", "n"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.who)
def test_the_access_table_holds(row: Row) -> None:
    may = {
        "counts": may_see_counts(row.viewer, WARD),
        "read": may_read(row.viewer, ITEM),
        "answer": may_answer(row.viewer, ITEM),
        "read_once_confirmed": may_read(row.viewer, Item(7, WARD, ITEM.section_ids, True)),
    }

    assert {what: "y" if allowed else "n" for what, allowed in may.items()} == {
        "counts": row.counts,
        "read": row.read,
        "answer": row.answer,
        "read_once_confirmed": row.read_once_confirmed or row.read,
    }


def test_an_item_without_a_section_is_read_by_the_unit_and_no_section() -> None:
    nowhere = Item(7, WARD)

    assert may_read(viewer(Grant(Role.MANAGER, WARD)), nowhere)
    assert not may_read(viewer(Grant(Role.MANAGER, WARD, SECTION)), nowhere)


def test_an_item_of_two_sections_is_read_by_both() -> None:
    shared = Item(7, WARD, frozenset({SECTION, OTHER_SECTION}))

    for section in (SECTION, OTHER_SECTION):
        assert may_read(viewer(Grant(Role.MANAGER, WARD, section)), shared)


def test_several_roles_add_up() -> None:
    both = viewer(Grant(Role.MANAGER, WARD, SECTION), Grant(Role.COORDINATOR, OTHER_WARD))

    assert may_read(both, ITEM)
    assert not may_read(both, OTHER_ITEM)
    assert not may_answer(both, ITEM)
    assert is_coordinator(both, OTHER_WARD)
    assert not is_coordinator(both, WARD)


def test_a_coordinator_answers_for_the_owner_and_an_owner_for_themselves() -> None:
    coordinator = Grant(Role.COORDINATOR, WARD)

    assert answers_for(viewer(coordinator), ITEM)
    assert not answers_for(viewer(owned={7}), ITEM)
    assert not answers_for(viewer(deputised={7}), ITEM)
    assert not answers_for(viewer(coordinator, owned={7}), ITEM)


def test_whoever_holds_a_role_or_an_item_today_is_registered() -> None:
    assert is_registered(viewer(Grant(Role.OBSERVER, None)))
    assert is_registered(viewer(deputised={7}))
    assert not is_registered(viewer())


# --- confirming, and speaking for others ----------------------------------------------------------

CHIEF = viewer(Grant(Role.MANAGER, WARD, SECTION))
HEAD = viewer(Grant(Role.MANAGER, WARD))


@pytest.mark.parametrize(
    ("who", "levels_of_one", "levels_of_two"),
    [
        (CHIEF, [1], [1]),
        (HEAD, [1], [1, 2]),
        (viewer(Grant(Role.MANAGER, WARD, OTHER_SECTION)), [], []),
        (viewer(Grant(Role.MANAGER, OTHER_WARD)), [], []),
        (viewer(Grant(Role.COORDINATOR, WARD)), [], []),
        (viewer(Grant(Role.OBSERVER, None)), [], []),
        (viewer(owned={7}), [], []),
        (viewer(Grant(Role.MANAGER, WARD, SECTION), owned={7}), [1], [1]),  # marked as their own
        (viewer(), [], []),
    ],
)
def test_only_managers_of_the_item_confirm_and_the_last_of_two_is_the_ward_head(
    who: Viewer, levels_of_one: list[int], levels_of_two: list[int]
) -> None:
    asked = range(4)

    assert [level for level in asked if may_confirm(who, ITEM, level, 1)] == levels_of_one
    assert [level for level in asked if may_confirm(who, ITEM, level, 2)] == levels_of_two
    assert not any(may_confirm(who, ITEM, level, 0) for level in asked)
    assert may_send_back(who, ITEM, 2) == bool(levels_of_two)
    assert not may_send_back(who, ITEM, 0)


@pytest.mark.parametrize(
    ("who", "chiefs", "of_two", "of_one"),
    [
        (CHIEF, {SECTION}, True, True),
        (HEAD, {SECTION}, False, True),  # of two levels the first is the chief's
        (HEAD, {OTHER_SECTION}, True, True),  # the item's section has no chief
        (HEAD, set(), True, True),
        (viewer(*CHIEF.grants, *HEAD.grants), {SECTION}, True, True),
    ],
)
def test_the_ward_head_confirms_in_the_chiefs_place_only_where_there_is_none(
    who: Viewer, chiefs: set[int], *, of_two: bool, of_one: bool
) -> None:
    assert may_confirm(who, ITEM, 1, 2, frozenset(chiefs)) is of_two
    assert may_confirm(who, ITEM, 1, 1, frozenset(chiefs)) is of_one


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (CHIEF, True),
        (HEAD, True),
        (viewer(Grant(Role.COORDINATOR, WARD)), True),
        (viewer(Grant(Role.MANAGER, WARD, OTHER_SECTION)), False),
        (viewer(Grant(Role.COORDINATOR, OTHER_WARD)), False),
        (viewer(Grant(Role.OBSERVER, None)), False),
        (viewer(owned={7}), False),
    ],
)
def test_managers_of_a_person_and_the_coordinator_speak_for_them(who: Viewer, may: bool) -> None:
    assert may_speak_for(who, WARD, frozenset({SECTION})) is may


# --- periods -------------------------------------------------------------------------------------

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
YEAR = Period(FIRST, LAST)


@pytest.mark.parametrize(
    ("period", "day", "covers"),
    [
        (YEAR, date(2026, 3, 31), False),
        (YEAR, FIRST, True),
        (YEAR, LAST, True),
        (YEAR, date(2027, 4, 1), False),
        (Period(None, LAST), date(1999, 1, 1), True),
        (Period(FIRST, None), date(2099, 1, 1), True),
        (Period(), date(1999, 1, 1), True),
    ],
)
def test_a_period_covers_both_of_its_ends(period: Period, day: date, covers: bool) -> None:
    assert period.covers(day) is covers


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (Period(LAST, date(2028, 1, 1)), True),
        (Period(date(2027, 4, 1), None), False),
        (Period(None, FIRST), True),
        (Period(None, date(2026, 3, 31)), False),
        (Period(), True),
        (Period(date(2026, 6, 1), date(2026, 6, 1)), True),
    ],
)
def test_periods_overlap_when_they_share_a_day(other: Period, overlaps: bool) -> None:
    assert YEAR.overlaps(other) is overlaps
    assert other.overlaps(YEAR) is overlaps


FULL, WITHHELD, LEFT_OUT = Printing.FULL, Printing.WITHHELD, Printing.LEFT_OUT


@pytest.mark.parametrize(
    ("who", "takes", "own", "other", "confirmed"),
    [
        # item 7 of their section, item 8 of another, and item 7 once it is confirmed
        (viewer(Grant(Role.COORDINATOR, WARD)), True, FULL, FULL, FULL),
        (viewer(Grant(Role.MANAGER, WARD)), True, FULL, FULL, FULL),
        (viewer(Grant(Role.MANAGER, WARD, SECTION)), True, FULL, LEFT_OUT, FULL),
        (viewer(owned={7}), True, FULL, LEFT_OUT, FULL),
        (viewer(deputised={7}), True, FULL, LEFT_OUT, FULL),
        (viewer(Grant(Role.OBSERVER, None)), True, WITHHELD, WITHHELD, FULL),
        (viewer(Grant(Role.OBSERVER, WARD)), True, WITHHELD, WITHHELD, FULL),
        (viewer(Grant(Role.OBSERVER, None), owned={7}), True, FULL, WITHHELD, FULL),
        (viewer(Grant(Role.OBSERVER, OTHER_WARD)), False, LEFT_OUT, LEFT_OUT, LEFT_OUT),
        (viewer(Grant(Role.COORDINATOR, OTHER_WARD)), False, LEFT_OUT, LEFT_OUT, LEFT_OUT),
        (viewer(Grant(Role.MANAGER, OTHER_WARD)), False, LEFT_OUT, LEFT_OUT, LEFT_OUT),
        (viewer(), False, LEFT_OUT, LEFT_OUT, LEFT_OUT),
    ],
)
def test_a_document_holds_what_its_reader_may_read_and_an_observers_says_what_is_withheld(
    who: Viewer, takes: bool, own: Printing, other: Printing, confirmed: Printing
) -> None:
    assert may_take_document(who, WARD) is takes
    assert printing(who, ITEM) is own
    assert printing(who, OTHER_ITEM) is other
    assert printing(who, Item(7, WARD, frozenset({SECTION}), disclosed=True)) is confirmed
