"""What was published of rounds, and holding a round's answers while it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.checkins import unanswered
from storage.models import CheckIn, Publication
from storage.statements import insert_absent


class Publications:
    """Queries over publications."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, round_id: int) -> Publication | None:
        """What was published of a round; None while nothing is."""
        query = select(Publication).where(Publication.round_id == round_id)
        return (await self._session.exec(query)).first()

    async def of_rounds(self, round_ids: Iterable[int]) -> dict[int, Publication]:
        """The same of several, by round id."""
        query = select(Publication).where(col(Publication.round_id).in_(list(round_ids)))
        return {row.round_id: row for row in await self._session.exec(query)}

    async def add(self, row: Publication) -> None:
        """Store a new or changed publication; its id is set."""
        self._session.add(row)
        await self._session.flush()

    async def hold_answers(
        self, plan_id: int, stage: str, about: Iterable[int | None], now: datetime
    ) -> list[CheckIn]:
        """Every answer of a plan at a stage, held against rivals until the transaction ends.

        ``about`` are the items that are part of it: one without an answer gets an empty row, so
        that an answer on its way meets it.
        """
        rows = [unanswered(plan_id, each, stage, now) for each in about]
        await insert_absent(self._session, CheckIn, rows, "id")
        query = select(CheckIn).where(CheckIn.plan_id == plan_id, CheckIn.stage == stage)
        held = query.order_by(col(CheckIn.id)).with_for_update()
        found = await self._session.exec(held.execution_options(populate_existing=True))
        return list(found)

    async def freeze_answers(self, plan_id: int, stage: str) -> None:
        """Note of each answer which revision is published; those that are noted stay."""
        ours = update(CheckIn).where(
            col(CheckIn.plan_id) == plan_id,
            col(CheckIn.stage) == stage,
            col(CheckIn.published).is_(None),
        )
        await self._session.exec(ours.values(published=CheckIn.revision))
