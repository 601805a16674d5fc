"""What Home shows at a glance: the rounds, items and answers of several units or years together.

Rows have only what is said of them; nobody writes through them. Days are Japanese dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, and_, bindparam, literal_column, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    CheckIn,
    IndicatorRow,
    Initiative,
    InitiativeLink,
    Ownership,
    Person,
    Plan,
    ReviewRound,
    Section,
    Unit,
)
from storage.people import is_valid


class Overviews:
    """Queries over several units, plans or years at once, one statement each."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def units(self) -> Sequence[Any]:
        """Every unit in official order: ``id``, ``name``, ``contact``, ``paused_until``."""
        return list(await self._session.exec(_UNITS))

    async def rounds(self, unit_ids: Iterable[int], since: int) -> Sequence[Any]:
        """The plans of some units that are in force in or after a fiscal year, with their rounds.

        One row a round, or one without (``round_id`` is None); by year, then opening day.
        """
        asked = {"units": list(unit_ids), "since": since}
        return list(await self._session.exec(_ROUNDS, params=asked))

    async def lineage(self, initiative_ids: Iterable[int], since: int) -> Sequence[Any]:
        """Every answer about some initiatives and about what they continue, of plans that are in
        force in or after a fiscal year.

        An initiative continues the one it is linked to, and its namesake (code and title) in an
        earlier plan of the unit's same form. ``item_id`` is the one that was asked for,
        ``initiative_id`` the one that was answered about.
        """
        asked = {"items": list(initiative_ids), "since": since}
        return list(await self._session.exec(_LINEAGE, params=asked))

    async def holdings(self, initiative_ids: Iterable[int], day: date) -> Sequence[Any]:
        """Some initiatives with who owns them on a day, one row an ownership, in printed order."""
        asked = {"items": list(initiative_ids), "day": day}
        return list(await self._session.exec(_HOLDINGS, params=asked))

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
    .where(col(Plan.unit_id).in_(_ids("units")), col(Plan.last_year) >= bindparam("since"))
    .order_by(col(Plan.last_year), col(ReviewRound.opens), col(Plan.id))
)
_OWNER, _DEPUTY = aliased(Person), aliased(Person)
_HOLDINGS: Any = (
    _columns(
        Initiative.id,
        Initiative.plan_id,
        Initiative.code,
        Initiative.title,
        Plan.unit_id,
        Ownership.person_id,
        Ownership.deputy_id,
        Ownership.section_id,
        col(_OWNER.name).label("owner"),
        col(_DEPUTY.name).label("deputy"),
        col(Section.name).label("section"),
    )
    .select_from(Initiative)
    .join(Plan, col(Plan.id) == col(Initiative.plan_id))
    .join(Ownership, col(Ownership.initiative_id) == col(Initiative.id))
    .join(_OWNER, col(_OWNER.id) == col(Ownership.person_id))
    .outerjoin(_DEPUTY, col(_DEPUTY.id) == col(Ownership.deputy_id))
    .outerjoin(Section, col(Section.id) == col(Ownership.section_id))
    .where(
        col(Initiative.id).in_(_ids("items")),
        is_valid(Ownership, bindparam("day", type_=Date)),  # type: ignore[arg-type]
    )
    .order_by(col(Plan.last_year), col(Initiative.position), col(Ownership.id))
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


def _answered(about: Any, origin: Any) -> Any:
    """Columns of what was answered about ``about``, which ``origin`` continues."""
    return _columns(
        origin.label("item_id"),
        CheckIn.initiative_id,
        CheckIn.plan_id,
        col(Plan.last_year).label("year"),
        Plan.form,
        CheckIn.stage,
        col(CheckIn.id).label("check_in_id"),
        CheckIn.revision,
        CheckIn.answers,
        CheckIn.entered_by,
        CheckIn.at,
        CheckIn.ask_again_on,
        CheckIn.confirmed_level,
        CheckIn.sent_back_due,
    ).where(
        CheckIn.initiative_id == about,
        CheckIn.revision > 0,
        col(Plan.id) == col(CheckIn.plan_id),
        col(Plan.last_year) >= bindparam("since"),
    )


def _lineage() -> Any:
    own = _answered(Initiative.id, Initiative.id).where(col(Initiative.id).in_(_ids("items")))
    link = _answered(InitiativeLink.follows_id, col(InitiativeLink.initiative_id)).where(
        col(InitiativeLink.initiative_id).in_(_ids("items"))
    )
    mine, theirs = Initiative.__table__.alias("mine"), Initiative.__table__.alias("theirs")  # type: ignore[attr-defined]
    my_plan = Plan.__table__.alias("my_plan")  # type: ignore[attr-defined]
    namesakes = _answered(theirs.c.id, mine.c.id).where(
        and_(
            mine.c.id.in_(_ids("items")),
            my_plan.c.id == mine.c.plan_id,
            col(Plan.unit_id) == my_plan.c.unit_id,
            col(Plan.form) == my_plan.c.form,
            col(Plan.last_year) < my_plan.c.first_year,
            theirs.c.plan_id == col(Plan.id),
            theirs.c.code == mine.c.code,
            theirs.c.title == mine.c.title,
        )
    )
    return union_all(own, link, namesakes).order_by(literal_column("year"), literal_column("check_in_id"))


_LINEAGE: Any = _lineage()
