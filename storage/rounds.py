"""Review rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, and_, bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.plans import PlanState
from bot.domain.rounds import CONFIRM_FOR
from storage.models import CheckIn, Plan, ReviewRound
from storage.reader import Reader


class Rounds:
    """Queries over rounds. Days are Japanese dates."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

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
        figures that nobody has confirmed in all this time are not asked for any more. They are
        rows, with their plan's form beside: nobody writes through them.
        """
        asked = {"day": day, "too_old": day - CONFIRM_FOR}
        return list(await self._reader.rows(_SPEAKING, asked))

    async def add(self, row: ReviewRound) -> ReviewRound:
        """Store a new or changed round; its id is set."""
        self._session.add(row)
        await self._session.flush()
        return row


_DAY: Any = bindparam("day", type_=Date)
_TO_CONFIRM = (
    select(ReviewRound.id)
    .join(
        CheckIn,
        and_(
            col(CheckIn.plan_id) == col(ReviewRound.plan_id),
            col(CheckIn.stage) == col(ReviewRound.stage),
        ),
    )
    .where(
        col(CheckIn.ask_again_on) <= _DAY,
        col(CheckIn.ask_again_on) > bindparam("too_old", type_=Date),
    )
)
_UNPUBLISHED = select(ReviewRound.id).where(
    col(ReviewRound.publishes) >= _DAY, col(ReviewRound.opens) <= _DAY
)
# Each sweep asks: put together once, since that costs more than running it.
_SPEAKING: Any = (
    select(ReviewRound, col(Plan.form))
    .join(Plan, col(Plan.id) == col(ReviewRound.plan_id))
    .where(
        Plan.state == PlanState.FINAL.value,
        col(ReviewRound.opens) <= _DAY,
        col(ReviewRound.frozen_at).is_(None),
        col(ReviewRound.id).in_(_UNPUBLISHED.union(_TO_CONFIRM)),
    )
    .order_by(col(ReviewRound.id))
)
