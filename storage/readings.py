"""What the screens read: few statements, put together once, and rows in place of objects.

The rows have the attributes of the tables' rows, for a tenth of what those cost; nobody writes
through them. Days are Japanese dates.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlmodel import SQLModel

from storage import reading_queries as queries
from storage.models import CheckIn, Initiative, Ownership, Plan, ReviewRound, Unit
from storage.reader import Reader


@dataclass(frozen=True)
class Place:
    """A plan with its unit and the unit's closures."""

    plan: Plan
    unit: Unit
    closures: frozenset[date]


@dataclass(frozen=True)
class ItemRows:
    """An initiative, its answer at a stage if there is one, and who owns it on a day.

    ``names`` of people and ``sections`` are by id, of all whom these rows mention.
    """

    initiative: Initiative
    check_in: CheckIn | None
    ownerships: list[Ownership] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)


class Readings:
    """Queries for screens."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def viewer(self, team_id: str, slack_user_id: str, day: date) -> Sequence[Any]:
        """The person behind an active account: one row for them, each role and item of the day.

        ``what`` is person, grant or item; ``id`` and ``name`` are the person's in every row.
        """
        asked = {"team": team_id, "account": slack_user_id, "day": day}
        return await self._reader.rows(queries.VIEWER, asked)

    async def round(self, round_id: int) -> tuple[ReviewRound, Place] | None:
        """A round by its id, with its plan."""
        rows = await self._reader.rows(queries.ROUND, {"round": round_id})
        if not rows:
            return None
        round_: ReviewRound = _ROUND.of(rows[0])
        return round_, _place(rows, after=_ROUND.width)

    async def rounds(self, round_ids: Iterable[int]) -> list[tuple[ReviewRound, Place]]:
        """Rounds by their ids, each with its plan."""
        rows = await self._reader.rows(queries.ROUNDS, {"rounds": list(round_ids)})
        return _placed(rows)

    async def rounds_held(self, person_id: int, day: date) -> list[tuple[ReviewRound, Place]]:
        """The rounds, by opening day, of plans in which a person holds items on a day."""
        rows = await self._reader.rows(queries.ROUNDS_HELD, {"person": person_id, "day": day})
        return _placed(rows)

    async def place(self, plan_id: int) -> Place | None:
        """A plan by its id."""
        rows = await self._reader.rows(queries.PLAN, {"plan": plan_id})
        return _place(rows) if rows else None

    async def items(
        self, plan_id: int, stage: str, day: date, only: Collection[int] | None = None
    ) -> list[ItemRows]:
        """A plan's initiatives in printed order: all, or those of some ids."""
        asked: dict[str, Any] = {"plan": plan_id, "stage": stage, "day": day}
        size = _size(only)
        if size is None:
            rows = await self._reader.rows(queries.ITEMS, asked)
        else:
            rows = await self._reader.rows(queries.SOME_ITEMS[size], {**asked, **_ids(only, size)})
        found: dict[int, ItemRows] = {}
        for row in rows:
            if only is not None and row[0] not in only:
                continue
            item = found.get(row[0]) or found.setdefault(row[0], _item(row))
            _add_ownership(item, row)
        return list(found.values())

    async def answers(self, plan_id: int, stage: str, ids: Iterable[int]) -> Sequence[Any]:
        """Items of a plan in printed order, each with what says whether it is answered at a stage:
        ``id``, ``revision`` (None without an answer), ``answers``, ``published``,
        ``confirmed_level``, ``sent_back_due``.
        """
        asked = {"plan": plan_id, "stage": stage, "items": sorted(ids)}
        return await self._reader.rows(queries.ANSWERS, asked)

    async def earlier_answers(self, initiative: Initiative) -> Sequence[Any]:
        """What was answered about an item at any stage, and about what it continues: ``plan_id``,
        ``form``, ``year``, ``stage``, ``answers``; the oldest entry first.
        """
        return await self._reader.rows(queries.EARLIER, {"item": initiative.id})


class _Part:
    """Where in a row a table's columns stand, and how they become one value."""

    def __init__(self, model: type[SQLModel]) -> None:
        names = queries.names_of(model)
        self.width = len(names)
        row: Any = namedtuple(f"{model.__name__}Row", names)  # type: ignore[misc]  # noqa: PYI024
        self._make = row._make

    def of(self, row: Sequence[Any], *, after: int = 0) -> Any:
        return self._make(row[after : after + self.width])


_ROUND, _PLAN, _UNIT = _Part(ReviewRound), _Part(Plan), _Part(Unit)
_INITIATIVE, _CHECK_IN, _OWNERSHIP = _Part(Initiative), _Part(CheckIn), _Part(Ownership)
_OWNED_FROM = _INITIATIVE.width + _CHECK_IN.width
_NAMED_FROM = _OWNED_FROM + _OWNERSHIP.width


def _size(only: Collection[int] | None) -> int | None:
    """The statement that takes so many ids; None where only the one for all does."""
    if only is None:
        return None
    return next((size for size in queries.SOME_ITEMS if len(only) <= size), None)


def _ids(only: Collection[int] | None, size: int) -> dict[str, int]:
    """Each place of the statement has an id; places that are left have one that nothing has."""
    ids = [*(only or ()), *(size * [0])]
    return {f"only{place}": ids[place] for place in range(size)}


def _placed(rows: Sequence[Any]) -> list[tuple[ReviewRound, Place]]:
    """Rounds in their order, each with its plan, which may have taken several rows."""
    of_each = [list(group) for _, group in groupby(rows, key=itemgetter(0))]
    return [(_ROUND.of(group[0]), _place(group, after=_ROUND.width)) for group in of_each]


def _place(rows: Sequence[Any], *, after: int = 0) -> Place:
    """One row for each closure, or one without."""
    plan = _PLAN.of(rows[0], after=after)
    unit = _UNIT.of(rows[0], after=after + _PLAN.width)
    return Place(plan, unit, frozenset(row.closed for row in rows if row.closed))


def _item(row: Any) -> ItemRows:
    check_in = _CHECK_IN.of(row, after=_INITIATIVE.width)
    item = ItemRows(_INITIATIVE.of(row), check_in if check_in.id else None)
    if check_in.entered_by:
        item.names[check_in.entered_by] = row.enterer
    return item


def _add_ownership(item: ItemRows, row: Any) -> None:
    own = _OWNERSHIP.of(row, after=_OWNED_FROM)
    if own.id is None:
        return
    item.ownerships.append(own)
    item.names[own.person_id] = row.owner
    if own.deputy_id:
        item.names[own.deputy_id] = row.deputy
    if own.section_id:
        item.sections[own.section_id] = row.section
