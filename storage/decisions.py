"""What managers decided of answers: a log that is only added to."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Decision


class Decisions:
    """Queries over decisions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, decision_id: int) -> Decision | None:
        """The decision of that id."""
        return await self._session.get(Decision, decision_id)

    async def of(self, check_in_ids: Iterable[int]) -> list[Decision]:
        """Every decision about some check-ins, in the order in which they were made."""
        query = select(Decision).where(col(Decision.check_in_id).in_(list(check_in_ids)))
        ordered = query.order_by(col(Decision.check_in_id), col(Decision.number))
        return list(await self._session.exec(ordered))

    async def add(self, decision: Decision) -> None:
        """Store a decision as its check-in's next; the check-in must be held locked."""
        query = select(func.max(Decision.number)).where(
            Decision.check_in_id == decision.check_in_id
        )
        decision.number = ((await self._session.exec(query)).one() or 0) + 1
        self._session.add(decision)
        await self._session.flush()
