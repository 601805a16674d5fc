"""The answers to `/kaikaku 状況`: one unit page by page, all units, and when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.status import Counts, ItemStatus
from bot.views.actions import Filter, UnitTarget
from bot.views.blocks import Rendered
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class UnitStatus:
    """How a unit stands, for one reader. Days are business days; ids are initiative ids.

    ``items`` are all of the round's, in the plan's order; ``listed`` those the reader may see
    (None: all; an owner sees the own ones), ``readable`` those whose texts may be shown.
    """

    round: RoundInfo
    counts: Counts
    items: tuple[ItemStatus, ...]
    now: datetime
    days_left: int = 0
    days_late: int = 0
    answerable: frozenset[int] = frozenset()
    readable: frozenset[int] = frozenset()
    listed: frozenset[int] | None = None
    page: int = 0
    filter: Filter = Filter.FIRST
    reader_owns_only: bool = False  # says that only the own items are shown


@dataclass(frozen=True)
class UnitRow:
    """One unit in the list of all; no round, no counts."""

    unit_name: str
    round: RoundInfo | None = None
    counts: Counts | None = None


@dataclass(frozen=True)
class AllUnits:
    """All units that the reader may see, in official order; never ranked."""

    rows: tuple[UnitRow, ...]
    now: datetime


@dataclass(frozen=True)
class UnitChoice:
    """A unit that an ambiguous name may mean, with what was asked for."""

    name: str
    target: UnitTarget


@dataclass(frozen=True)
class LastRound:
    """The latest round of a unit that has none open."""

    round: RoundInfo
    published: date | None = field(default=None)


def render_unit(status: UnitStatus) -> Rendered:
    """One page: the first holds the counts, each ② with its text, then what is outstanding."""
    raise NotImplementedError


def render_all(status: AllUnits) -> Rendered:
    """One line a unit."""
    raise NotImplementedError


def render_no_round(unit_name: str, last: RoundInfo | None = None) -> Rendered:
    """No round is open; offers the latest, if there was one."""
    raise NotImplementedError


def render_no_plan(unit_name: str, fiscal_year: int) -> Rendered:
    """The year's plan is not registered."""
    raise NotImplementedError


def render_unknown_unit(text: str) -> Rendered:
    """No unit goes by that name."""
    raise NotImplementedError


def render_choose_unit(text: str, candidates: Sequence[UnitChoice]) -> Rendered:
    """Several units do; a button for each."""
    raise NotImplementedError


def render_unknown_word(text: str) -> Rendered:
    """A word of the command that means nothing."""
    raise NotImplementedError


def as_text(status: UnitStatus) -> str:
    """The same for the command line: plain text, everything on one page."""
    raise NotImplementedError
