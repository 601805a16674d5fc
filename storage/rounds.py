"""Review rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.rounds import CONFIRM_FOR
from storage.models import CheckIn, Plan, ReviewRound


class Rounds:
    """Queries over rounds. Days are Japanese dates."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, round_id: int) -> ReviewRound | None:
        """The round of that id."""
        return await self._session.get(ReviewRound, round_id)

    async def find(self, plan_id: int, stage: str) -> ReviewRound | None:
        """The round of a plan at a stage."""
        query = select(ReviewRound).where(
            ReviewRound.plan_id == plan_id, ReviewRound.stage == stage
        )
        return (await self._session.exec(query)).first()

    async def of_plans(self, plan_ids: Iterable[int]) -> list[ReviewRound]:
        """All rounds of some plans, by opening day."""
        query = select(ReviewRound).where(col(ReviewRound.plan_id).in_(list(plan_ids)))
        return list(await self._session.exec(query.order_by(col(ReviewRound.opens))))

    async def all(self) -> list[ReviewRound]:
        """Every round, by opening day."""
        return list(await self._session.exec(select(ReviewRound).order_by(col(ReviewRound.opens))))

    async def speaking_on(self, day: date) -> list[ReviewRound]:
        """Rounds on final plans that may speak today: open, or with figures to confirm.

        What it costs depends on those, not on how many rounds and answers there have ever been:
        figures that nobody has confirmed in all this time are not asked for any more.
        """
        to_confirm = (
            select(ReviewRound.id)
            .join(
                CheckIn,
                and_(
                    col(CheckIn.plan_id) == col(ReviewRound.plan_id),
                    col(CheckIn.stage) == col(ReviewRound.stage),
                ),
            )
            .where(col(CheckIn.ask_again_on) <= day, col(CheckIn.ask_again_on) > day - CONFIRM_FOR)
        )
        unpublished = select(ReviewRound.id).where(
            col(ReviewRound.publishes) >= day, col(ReviewRound.opens) <= day
        )
        query = (
            select(ReviewRound)
            .join(Plan, col(Plan.id) == col(ReviewRound.plan_id))
            .where(
                Plan.state == "final",
                col(ReviewRound.opens) <= day,
                col(ReviewRound.frozen_at).is_(None),
                col(ReviewRound.id).in_(unpublished.union(to_confirm)),
            )
        )
        return list(await self._session.exec(query.order_by(col(ReviewRound.id))))

    async def add(self, row: ReviewRound) -> ReviewRound:
        """Store a new or changed round; its id is set."""
        self._session.add(row)
        await self._session.flush()
        return row
