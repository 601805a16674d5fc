"""What many letters need to know of many rounds, read together, and of each row only what is said.

Rows of these queries have the attributes of the tables' rows, for a tenth of what those cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam
from sqlmodel import col, select

from storage.models import CheckIn, Initiative, Ownership, Person
from storage.people import is_valid
from storage.reader import Reader


def _ids(name: str) -> Any:
    return bindparam(name, expanding=True)


class Briefs:
    """Queries over several rounds at once. Days are Japanese dates."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def owned(
        self, plan_ids: Iterable[int], person_ids: Iterable[int], day: date
    ) -> Sequence[Any]:
        """The initiatives in some plans that any of these people owns, one row an ownership.

        In printed order, with those of their other owners: ``id``, ``plan_id``, ``code``,
        ``title``, ``person_id``, ``deputy_id``, ``section_id``, ``valid_from``.
        """
        given = {"plans": list(plan_ids), "people": list(person_ids), "day": day}
        return await self._reader.rows(_OWNED, given)

    async def answers(self, initiative_ids: Iterable[int]) -> Sequence[Any]:
        """Every stage's answers about some initiatives, but none that has been held only."""
        return await self._reader.rows(_ANSWERS, {"items": list(initiative_ids)})

    async def names(self, person_ids: Iterable[int]) -> dict[int, str]:
        """Names of people by id."""
        found = await self._reader.rows(_NAMES, {"people": list(person_ids)})
        return {person_id or 0: name for person_id, name in found}


# Put together once: that costs as much as running them.
_DAY: Any = bindparam("day", type_=Date)
_THEIRS = select(Ownership.initiative_id).where(
    col(Ownership.person_id).in_(_ids("people")), is_valid(Ownership, _DAY)
)
_OWNED_ROWS: Any = select(  # type: ignore[call-overload]
    Initiative.id,
    Initiative.plan_id,
    Initiative.code,
    Initiative.title,
    Ownership.person_id,
    Ownership.deputy_id,
    Ownership.section_id,
    Ownership.valid_from,
)
_OWNED: Any = (
    _OWNED_ROWS.join(Ownership, col(Ownership.initiative_id) == col(Initiative.id))
    .where(
        col(Initiative.plan_id).in_(_ids("plans")),
        col(Initiative.id).in_(_THEIRS),
        is_valid(Ownership, _DAY),
    )
    .order_by(col(Initiative.plan_id), col(Initiative.position), col(Ownership.id))
)
_ANSWER_ROWS: Any = select(  # type: ignore[call-overload,misc]
    CheckIn.plan_id,
    CheckIn.stage,
    CheckIn.id,
    CheckIn.initiative_id,
    CheckIn.revision,
    CheckIn.answers,
    CheckIn.entered_by,
    CheckIn.at,
    CheckIn.ask_again_on,
    CheckIn.confirmed_level,
    CheckIn.sent_back_due,
    CheckIn.published,
)
_ANSWERS: Any = _ANSWER_ROWS.where(
    col(CheckIn.initiative_id).in_(_ids("items")), CheckIn.revision > 0
)
_NAMES: Any = select(Person.id, Person.name).where(col(Person.id).in_(_ids("people")))
