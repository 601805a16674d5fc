"""What many letters need to know of many rounds, read together, and of each row only what is said.

Rows of these queries have the attributes of the tables' rows, for a tenth of what those cost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import CheckIn, Initiative, Ownership, Person, Plan, ReviewRound, Unit
from storage.people import is_valid


class Briefs:
    """Queries over several rounds at once. Days are Japanese dates."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def rounds(self, round_ids: Iterable[int]) -> list[tuple[ReviewRound, Plan, Unit]]:
        """Rounds with their plans and units."""
        query = (
            select(ReviewRound, Plan, Unit)
            .join(Plan, col(Plan.id) == col(ReviewRound.plan_id))
            .join(Unit, col(Unit.id) == col(Plan.unit_id))
            .where(col(ReviewRound.id).in_(list(round_ids)))
        )
        return list(await self._session.exec(query))

    async def owned(
        self, plan_ids: Collection[int], person_ids: Collection[int], day: date
    ) -> Sequence[Any]:
        """The initiatives in some plans that any of these people owns, one row an ownership.

        In printed order, with those of their other owners: ``id``, ``plan_id``, ``code``,
        ``title``, ``person_id``, ``section_id``.
        """
        theirs = select(Ownership.initiative_id).where(
            col(Ownership.person_id).in_(list(person_ids)), is_valid(Ownership, day)
        )
        query: Any = select(  # type: ignore[call-overload]
            Initiative.id,
            Initiative.plan_id,
            Initiative.code,
            Initiative.title,
            Ownership.person_id,
            Ownership.section_id,
        )
        ours = query.join(Ownership, col(Ownership.initiative_id) == col(Initiative.id)).where(
            col(Initiative.plan_id).in_(list(plan_ids)),
            col(Initiative.id).in_(theirs),
            is_valid(Ownership, day),
        )
        order = (col(Initiative.plan_id), col(Initiative.position), col(Ownership.id))
        return list(await self._session.exec(ours.order_by(*order)))

    async def answers(self, initiative_ids: Iterable[int]) -> Sequence[Any]:
        """Every stage's answers about some initiatives, but none that has been held only."""
        query: Any = select(  # type: ignore[call-overload,misc]
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
        )
        about = col(CheckIn.initiative_id).in_(list(initiative_ids))
        return list(await self._session.exec(query.where(about, CheckIn.revision > 0)))

    async def names(self, person_ids: Iterable[int]) -> dict[int, str]:
        """Names of people by id."""
        query = select(Person.id, Person.name).where(col(Person.id).in_(list(person_ids)))
        return {person_id or 0: name for person_id, name in await self._session.exec(query)}
