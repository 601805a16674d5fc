"""Plans, their initiatives and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import IndicatorRow, Initiative, Plan, ReviewRound


class Plans:
    """Queries over plans."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, plan_id: int) -> Plan | None:
        """The plan of that id."""
        return await self._session.get(Plan, plan_id)

    async def of_unit(self, unit_id: int) -> list[Plan]:
        """A unit's plans, newest year first."""
        query = select(Plan).where(Plan.unit_id == unit_id)
        found = await self._session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.id)))
        return list(found)

    async def find(self, unit_id: int, form: str, year: int) -> Plan | None:
        """The unit's plan of that form that covers a fiscal year."""
        query = select(Plan).where(
            Plan.unit_id == unit_id, Plan.form == form, Plan.first_year <= year
        )
        return (await self._session.exec(query.where(Plan.last_year >= year))).first()

    async def in_year(self, unit_id: int, year: int) -> list[Plan]:
        """All plans of a unit that cover a fiscal year."""
        return [p for p in await self.of_unit(unit_id) if p.first_year <= year <= p.last_year]

    async def stages_in_use(self) -> list[tuple[str, str | None]]:
        """Each form that any plan is of, with each stage that a round of it has; None: no round."""
        query = select(Plan.form, col(ReviewRound.stage)).join(
            ReviewRound, col(ReviewRound.plan_id) == col(Plan.id), isouter=True
        )
        return list(await self._session.exec(query.distinct()))

    async def initiatives(
        self, plan_id: int, only: Collection[int] | None = None
    ) -> list[Initiative]:
        """A plan's initiatives in printed order: all, or those of some ids."""
        query = select(Initiative).where(Initiative.plan_id == plan_id)
        if only is not None:
            query = query.where(col(Initiative.id).in_(list(only)))
        return list(await self._session.exec(query.order_by(col(Initiative.position))))

    async def plan_ids(self, initiative_ids: Iterable[int]) -> set[int]:
        """The plans in which some initiatives stand."""
        ours = col(Initiative.id).in_(list(initiative_ids))
        return set(await self._session.exec(select(Initiative.plan_id).where(ours).distinct()))

    async def namesakes(self, plan_id: int, code: str, title: str) -> list[int]:
        """The ids of a plan's initiatives of that code and title."""
        query = select(Initiative.id).where(
            Initiative.plan_id == plan_id, Initiative.code == code, Initiative.title == title
        )
        return [found or 0 for found in await self._session.exec(query)]

    async def initiative(self, initiative_id: int) -> Initiative | None:
        """The initiative of that id."""
        return await self._session.get(Initiative, initiative_id)

    async def indicators(self, initiative_ids: Iterable[int]) -> list[IndicatorRow]:
        """The indicators of some initiatives, in printed order."""
        query = select(IndicatorRow).where(
            col(IndicatorRow.initiative_id).in_(list(initiative_ids))
        )
        order = query.order_by(col(IndicatorRow.initiative_id), col(IndicatorRow.position))
        return list(await self._session.exec(order))

    async def remove_indicator(self, row: IndicatorRow) -> None:
        """Remove an indicator that nothing has been answered about."""
        await self._session.delete(row)
        await self._session.flush()

    async def add(self, row: Plan | Initiative | IndicatorRow) -> None:
        """Store a new or changed row; its id is set."""
        self._session.add(row)
        await self._session.flush()
