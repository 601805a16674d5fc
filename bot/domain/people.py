"""Roles, and who may see and do what: the one place where access is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The item that stands for the unit as a whole: what a form asks once per unit. Its coordinators
# answer it as their own.
UNIT_ITEM = 0


class Role(StrEnum):
    """What a person is to a unit. Owners are those who own an item on the day in question."""

    OWNER = "owner"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"


@dataclass(frozen=True)
class Period:
    """Validity in Japanese dates, both ends included; None is open."""

    valid_from: date | None = None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: Period) -> bool:
        """Whether any day lies within both."""
        starts_in_time = self.valid_from is None or (
            other.valid_to is None or self.valid_from <= other.valid_to
        )
        ends_in_time = other.valid_from is None or (
            self.valid_to is None or other.valid_from <= self.valid_to
        )
        return starts_in_time and ends_in_time


@dataclass(frozen=True)
class Grant:
    """A role that a person holds today: unit None is every unit, section None the whole unit."""

    role: Role
    unit_id: int | None
    section_id: int | None = None


@dataclass(frozen=True)
class Viewer:
    """A registered person as access sees them on one day.

    ``owned`` and ``deputised`` are item ids; ``owner_units`` the units in which any of them lies.
    """

    person_id: int
    name: str
    grants: tuple[Grant, ...] = ()
    owned: frozenset[int] = frozenset()
    deputised: frozenset[int] = frozenset()
    owner_units: frozenset[int] = frozenset()

    @property
    def answerable(self) -> frozenset[int]:
        """Items that are theirs to answer, as owner or as deputy."""
        return self.owned | self.deputised


@dataclass(frozen=True)
class Item:
    """An item as access sees it: where it belongs, today."""

    id: int
    unit_id: int
    section_ids: frozenset[int] = frozenset()
    disclosed: bool = False  # confirmed, or published and the day has come


class Printing(StrEnum):
    """How an item stands in a document that somebody takes."""

    FULL = "full"
    WITHHELD = "withheld"  # with its plan, and 「(確認前)」 in place of its answer
    LEFT_OUT = "left-out"


class Refusal(StrEnum):
    """Why not; the words are in bot/views/refusals.py (wording.md 7)."""

    OTHER_UNIT = "other-unit"
    OWN_ITEMS_ONLY = "own-items-only"
    MAY_NOT_ANSWER = "may-not-answer"
    NO_LONGER_OWNER = "no-longer-owner"
    NOT_REGISTERED = "not-registered"
    NOT_STAFF = "not-staff"


def may_see_counts(viewer: Viewer, unit_id: int) -> bool:
    """Counts of a unit: anyone who has anything to do with it, and observers."""
    return unit_id in viewer.owner_units or any(
        grant.unit_id in (None, unit_id) for grant in viewer.grants
    )


def may_read(viewer: Viewer, item: Item) -> bool:
    """The text of an answer: its owner and deputy, its managers, the unit's coordinator.

    An observer reads texts once they are confirmed, or published.
    """
    if item.id in viewer.answerable:
        return True
    return any(_reads(grant, item) for grant in viewer.grants)


def may_take_document(viewer: Viewer, unit_id: int) -> bool:
    """The unit's official form as a file: whoever may see its counts.

    ``printing`` says what of it stands in theirs.
    """
    return may_see_counts(viewer, unit_id)


def printing(viewer: Viewer, item: Item) -> Printing:
    """An item in somebody's document: in full for who may read it.

    An observer's document has all items, texts as far as they are confirmed or published. That
    of an owner, a deputy or a section's manager has theirs alone.
    """
    if may_read(viewer, item):
        return Printing.FULL
    observes = any(
        grant.role is Role.OBSERVER and grant.unit_id in (None, item.unit_id)
        for grant in viewer.grants
    )
    return Printing.WITHHELD if observes else Printing.LEFT_OUT


def may_read_history(viewer: Viewer, item: Item) -> bool:
    """Who answered, confirmed and was told what: owner, deputy, managers, coordinator.

    Never an observer: names and earlier versions are no part of what is confirmed.
    """
    return item.id in viewer.answerable or any(
        grant.role is not Role.OBSERVER and _reads(grant, item) for grant in viewer.grants
    )


def may_answer(viewer: Viewer, item: Item) -> bool:
    """Entering an answer: owner, deputy, and the coordinator of the unit; never a manager."""
    return item.id in viewer.answerable or is_coordinator(viewer, item.unit_id)


def is_coordinator(viewer: Viewer, unit_id: int) -> bool:
    """Whether the person coordinates that unit today."""
    return any(
        grant.role is Role.COORDINATOR and grant.unit_id == unit_id for grant in viewer.grants
    )


def is_manager(viewer: Viewer, unit_id: int) -> bool:
    """Whether the person manages a section of that unit, or the whole unit, today."""
    return any(grant.role is Role.MANAGER and grant.unit_id == unit_id for grant in viewer.grants)


def may_confirm(
    viewer: Viewer,
    item: Item,
    level: int,
    levels: int,
    chiefs: frozenset[int] = frozenset(),
) -> bool:
    """Confirming an answer at a level, 1 to ``levels``; a coordinator, as such, never does.

    The last of two levels is that of the whole unit (区長); any other that of whoever manages the
    item's section or the unit. ``chiefs`` are the sections that have a manager of their own: of
    two levels the first is theirs, and the ward head's only where there is none.
    """
    if not 1 <= level <= levels:
        return False
    chief_first = levels > 1 and bool(item.section_ids & chiefs)
    return any(
        grant.role is Role.MANAGER
        and _reads(grant, item)
        and (not grant.section_id if level > 1 else bool(grant.section_id) or not chief_first)
        for grant in viewer.grants
    )


def may_send_back(viewer: Viewer, item: Item, levels: int) -> bool:
    """Sending an answer back: whoever may confirm it at any level."""
    return any(may_confirm(viewer, item, level, levels) for level in range(1, levels + 1))


def may_speak_for(viewer: Viewer, unit_id: int, section_ids: frozenset[int]) -> bool:
    """Saying that somebody is away, or nudging them: managers of theirs, and the coordinator.

    ``section_ids`` are the sections of that unit in which the person owns an item.
    """
    return is_coordinator(viewer, unit_id) or any(
        grant.role is Role.MANAGER
        and grant.unit_id == unit_id
        and (grant.section_id is None or grant.section_id in section_ids)
        for grant in viewer.grants
    )


def answers_for(viewer: Viewer, item: Item) -> bool:
    """Whether an answer by this person is entered for somebody else (as coordinator)."""
    return item.id != UNIT_ITEM and item.id not in viewer.answerable


def is_registered(viewer: Viewer) -> bool:
    """Whether the person holds any role or item today."""
    return bool(viewer.grants or viewer.answerable)


def _reads(grant: Grant, item: Item) -> bool:
    if grant.role is Role.OBSERVER:
        return item.disclosed and grant.unit_id in (None, item.unit_id)
    if grant.unit_id != item.unit_id:
        return False
    if grant.role is Role.COORDINATOR:
        return True
    if grant.role is Role.MANAGER:
        return grant.section_id is None or grant.section_id in item.section_ids
    return False
