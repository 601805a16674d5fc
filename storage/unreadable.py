"""Answers of which a published file lost a mark, and what was read of it on the paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import String, cast
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.checkins import Source
from storage.models import CheckIn, Initiative, PaperMark, Plan, ReviewRound

# An answer given in Slack stands, whatever the file said.
_LOST: Any = (cast(CheckIn.unreadable, String) != "[]") & (CheckIn.source == Source.SHEET.value)


class Unreadables:
    """Queries over lost marks."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, unit_id: int) -> int:
        """How many answers of a unit wait for somebody to look at the paper."""
        query: Any = (
            select(func.count())
            .select_from(CheckIn)
            .join(Plan, col(Plan.id) == col(CheckIn.plan_id))
        )
        found = await self._session.exec(query.where(Plan.unit_id == unit_id, _LOST))
        return int(found.one())

    async def in_unit(
        self, unit_id: int
    ) -> Sequence[tuple[CheckIn, Plan, Initiative | None, ReviewRound | None]]:
        """These answers, the newest plan first and in printed order."""
        query: Any = (
            select(CheckIn, Plan, Initiative, ReviewRound)
            .join(Plan, col(Plan.id) == col(CheckIn.plan_id))
            .outerjoin(Initiative, col(Initiative.id) == col(CheckIn.initiative_id))
            .outerjoin(
                ReviewRound,
                (col(ReviewRound.plan_id) == col(CheckIn.plan_id))
                & (col(ReviewRound.stage) == col(CheckIn.stage)),
            )
            .where(Plan.unit_id == unit_id, _LOST)
            .order_by(
                col(Plan.last_year).desc(), col(Plan.id), col(Initiative.position), col(CheckIn.id)
            )
        )
        return list(await self._session.exec(query))

    async def held(self, check_in_id: int) -> CheckIn | None:
        """An answer by its id, held against rivals until the transaction ends."""
        return await self._session.get(
            CheckIn, check_in_id, populate_existing=True, with_for_update=True
        )

    async def marks(self, check_in_ids: Collection[int]) -> list[PaperMark]:
        """What was read on the paper of some answers."""
        query = select(PaperMark).where(col(PaperMark.check_in_id).in_(list(check_in_ids)))
        return list(await self._session.exec(query.order_by(col(PaperMark.id))))

    async def of_answers(self, check_in_ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """The same by answer and question."""
        found: dict[int, dict[str, str]] = {}
        for row in await self.marks(list(check_in_ids)):
            found.setdefault(row.check_in_id, {})[row.question] = row.value
        return found

    async def add(self, row: PaperMark) -> None:
        """Store what was read; its id is set."""
        self._session.add(row)
        await self._session.flush()
