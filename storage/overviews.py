"""What Home shows at a glance: the rounds, items and answers of several units or years together.

Rows have only what is said of them; nobody writes through them. Days are Japanese dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    CheckIn,
    IndicatorRow,
    Initiative,
    Plan,
    ReviewRound,
    Unit,
)
from storage.reader import Reader


class Overviews:
    """Queries over several units, plans or years at once, one statement each."""

    def __init__(self, session: AsyncSession, reader: Reader) -> None:
        self._session = session
        self._reader = reader

    async def units(self) -> Sequence[Any]:
        """Every unit in official order: ``id``, ``name``, ``contact``, ``paused_until``."""
        return await self._reader.rows(_UNITS, {})

    async def rounds(self, unit_ids: Iterable[int], since: int) -> Sequence[Any]:
        """The plans of some units that are in force in or after a fiscal year, with their rounds.

        One row a round, or one without (``round_id`` is None); by year, then opening day.
        """
        wanted = set(unit_ids)
        if len(wanted) == 1:
            asked = {"unit": next(iter(wanted)), "since": since}
            return await self._reader.rows(_ROUNDS_OF_UNIT, asked)
        rows = await self._reader.rows(_ROUNDS, {"since": since})
        return [row for row in rows if row.unit_id in wanted]

    async def holdings(self, initiative_ids: Iterable[int]) -> Sequence[Any]:
        """Initiatives by year and in printed order: ``id``, ``code``, ``title``, ``unit_id``."""
        return list(await self._session.exec(_HOLDINGS, params={"items": list(initiative_ids)}))

    async def items(self, plan_ids: Iterable[int]) -> Sequence[Any]:
        """The initiatives of some plans: ``plan_id`` and ``id``."""
        return list(await self._session.exec(_ITEMS, params={"plans": list(plan_ids)}))

    async def answers(self, plan_ids: Iterable[int]) -> Sequence[Any]:
        """What was answered in some plans, and what managers have made of it."""
        return list(await self._session.exec(_ANSWERS, params={"plans": list(plan_ids)}))

    async def indicators(self, plan_ids: Iterable[int]) -> Sequence[Any]:
        """The indicators in some plans: ``initiative_id``, ``id``, ``name``."""
        return list(await self._session.exec(_INDICATORS, params={"plans": list(plan_ids)}))


def _ids(name: str) -> Any:
    return bindparam(name, expanding=True)


def _columns(*columns: Any) -> Any:
    return select(*columns)


# All are put together once: that costs as much as running them.
_UNITS: Any = _columns(Unit.id, Unit.name, Unit.contact, Unit.paused_until).order_by(
    col(Unit.position)
)
_ROUNDS: Any = (
    _columns(
        col(ReviewRound.id).label("round_id"),
        ReviewRound.stage,
        ReviewRound.opens,
        ReviewRound.due,
        ReviewRound.closes,
        ReviewRound.publishes,
        ReviewRound.contact,
        ReviewRound.extension,
        ReviewRound.levels,
        ReviewRound.frozen_at,
        col(Plan.id).label("plan_id"),
        Plan.unit_id,
        Plan.form,
        Plan.name,
        Plan.first_year,
        Plan.last_year,
        Plan.state,
    )
    .select_from(Plan)
    .outerjoin(ReviewRound, col(ReviewRound.plan_id) == col(Plan.id))
    .where(col(Plan.last_year) >= bindparam("since"))
    .order_by(col(Plan.last_year), col(ReviewRound.opens), col(Plan.id))
)
_ROUNDS_OF_UNIT: Any = _ROUNDS.where(col(Plan.unit_id) == bindparam("unit"))
_HOLDINGS: Any = (
    _columns(Initiative.id, Initiative.code, Initiative.title, Plan.unit_id)
    .join(Plan, col(Plan.id) == col(Initiative.plan_id))
    .where(col(Initiative.id).in_(_ids("items")))
    .order_by(col(Plan.last_year), col(Initiative.position))
)
_ITEMS: Any = _columns(Initiative.plan_id, Initiative.id).where(
    col(Initiative.plan_id).in_(_ids("plans"))
)
_ANSWERS: Any = _columns(
    CheckIn.plan_id,
    CheckIn.stage,
    CheckIn.initiative_id,
    CheckIn.answers,
    CheckIn.confirmed_level,
    CheckIn.sent_back_due,
).where(col(CheckIn.plan_id).in_(_ids("plans")), CheckIn.revision > 0)
_INDICATORS: Any = (
    _columns(IndicatorRow.initiative_id, IndicatorRow.id, IndicatorRow.name)
    .join(Initiative, col(Initiative.id) == col(IndicatorRow.initiative_id))
    .where(col(Initiative.plan_id).in_(_ids("plans")))
    .order_by(col(IndicatorRow.initiative_id), col(IndicatorRow.position))
)
