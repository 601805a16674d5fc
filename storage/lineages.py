"""Which item continues which over the years: the one place where that is decided.

An initiative continues the one that a coordinator has linked it to; without a link its namesake
(code and title) in the newest earlier plan of the same form of its unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Table,
    bindparam,
    delete,
    func,
    literal,
    select,
)
from sqlmodel import SQLModel, col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import CheckIn, Initiative, InitiativeLink, Plan
from storage.reader import Reader

_DEEPEST = 30  # years; a link that led in a circle would end here


class Lineages:
    """Queries over links, and over what was answered about an item and all that it continues."""

    def __init__(self, session: AsyncSession, reader: Reader) -> None:
        self._session = session
        self._reader = reader

    async def answers(self, initiative_ids: Iterable[int], since: int) -> Sequence[Any]:
        """Every answer about some initiatives and about what they continue, of plans that are in
        force in or after a fiscal year; the oldest first.

        ``item_id`` is the one that was asked for, ``initiative_id`` the one that was answered
        about.
        """
        asked = {"items": list(initiative_ids), "since": since}
        return list(await self._session.exec(_ANSWERS, params=asked))

    async def answers_in(self, plan_id: int, since: int) -> Sequence[Any]:
        """The same for every initiative of a plan."""
        return await self._reader.rows(ANSWERS_IN_PLAN, {"plan": plan_id, "since": since})

    async def ancestors(self, initiative_ids: Iterable[int]) -> list[tuple[int, Initiative, Plan]]:
        """Some initiatives and all that they continue, each with its plan, the newest year first;
        before it the id of the one that was asked for.
        """
        found = await self._session.exec(_ANCESTORS, params={"items": list(initiative_ids)})
        return [(row[0], row[1], row[2]) for row in found]

    async def ties(self, plan_id: int) -> dict[int, tuple[int, bool]]:
        """What each initiative of a plan continues, and whether a coordinator has said so."""
        rows = await self._reader.rows(TIES, {"plan": plan_id})
        return {row.id: (row.follows, row.link is not None) for row in rows if row.follows}

    async def earlier(self, plan: Plan) -> list[tuple[Initiative, Plan]]:
        """The initiatives of a unit's earlier plans, the newest plan first, in printed order."""
        query = (
            select_rows(Initiative, Plan)
            .join(Plan, col(Plan.id) == col(Initiative.plan_id))
            .where(Plan.unit_id == plan.unit_id, Plan.last_year < plan.first_year)
        )
        order = (col(Plan.last_year).desc(), col(Plan.id).desc(), col(Initiative.position))
        return list(await self._session.exec(query.order_by(*order)))

    async def unit_answers(self, plan_ids: Iterable[int]) -> list[CheckIn]:
        """What was answered in some plans about the whole unit."""
        query = select_rows(CheckIn).where(
            col(CheckIn.plan_id).in_(list(plan_ids)), col(CheckIn.initiative_id).is_(None)
        )
        return list(await self._session.exec(query))

    async def link(self, initiative_id: int) -> InitiativeLink | None:
        """What a coordinator has linked an initiative to."""
        query = select_rows(InitiativeLink).where(InitiativeLink.initiative_id == initiative_id)
        return (await self._session.exec(query)).first()

    async def add(self, row: InitiativeLink) -> None:
        """Store a new or changed link; its id is set."""
        self._session.add(row)
        await self._session.flush()

    async def remove(self, initiative_id: int) -> None:
        """Take a link away."""
        ours = col(InitiativeLink.initiative_id) == initiative_id
        await self._session.exec(delete(InitiativeLink).where(ours))


def _table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


_item, _plan = _table(Initiative), _table(Plan)
_link, _check_in = _table(InitiativeLink), _table(CheckIn)


def follows(mine: FromClause, my_plan: FromClause, link: FromClause) -> ColumnElement[Any]:
    """The id of what an initiative continues, NULL for nothing; found by index for each."""
    theirs, their_plan = _item.alias("theirs"), _plan.alias("their_plan")
    namesake = (
        select(theirs.c.id)
        .select_from(their_plan.join(theirs, theirs.c.plan_id == their_plan.c.id))
        .where(
            their_plan.c.unit_id == my_plan.c.unit_id,
            their_plan.c.form == my_plan.c.form,
            their_plan.c.last_year < my_plan.c.first_year,
            theirs.c.code == mine.c.code,
            theirs.c.title == mine.c.title,
        )
        .order_by(their_plan.c.last_year.desc(), theirs.c.id.desc())
        .limit(1)
        .correlate(mine, my_plan)
        .scalar_subquery()
    )
    return func.coalesce(link.c.follows_id, namesake)


Wanted = Callable[[FromClause], ColumnElement[bool]]


def _chain(wanted: Wanted, *goes_on: Wanted) -> CTE:
    """Each wanted initiative (``item_id``) and, row by row, all that it continues (``id``)."""
    first = _item.alias("first")
    base = select(first.c.id.label("item_id"), first.c.id.label("id"), literal(0).label("depth"))
    chain = base.where(wanted(first)).cte("chain", recursive=True)
    mine, my_plan, link = _item.alias("mine"), _plan.alias("my_plan"), _link.alias("link")
    step = (
        select(chain.c.item_id, follows(mine, my_plan, link), chain.c.depth + 1)
        .select_from(chain.join(mine, mine.c.id == chain.c.id))
        .join(my_plan, my_plan.c.id == mine.c.plan_id)
        .outerjoin(link, link.c.initiative_id == mine.c.id)
        .where(chain.c.depth < _DEEPEST, *(each(my_plan) for each in goes_on))
    )
    return chain.union_all(step)


def _answers(wanted: Wanted) -> Any:
    since: Any = bindparam("since")
    chain = _chain(wanted, lambda plan: plan.c.last_year >= since)
    return (
        select(
            chain.c.item_id,
            _check_in.c.initiative_id,
            _check_in.c.plan_id,
            _plan.c.last_year.label("year"),
            _plan.c.form,
            _check_in.c.stage,
            _check_in.c.id.label("check_in_id"),
            _check_in.c.revision,
            _check_in.c.answers,
            _check_in.c.entered_by,
            _check_in.c.at,
            _check_in.c.ask_again_on,
            _check_in.c.confirmed_level,
            _check_in.c.sent_back_due,
        )
        .select_from(chain)
        .join(_check_in, _check_in.c.initiative_id == chain.c.id)
        .join(_plan, _plan.c.id == _check_in.c.plan_id)
        .where(_check_in.c.revision > 0, _plan.c.last_year >= since)
        .order_by(_plan.c.last_year, _check_in.c.id)
    )


def _ancestors() -> Any:
    chain = _chain(_is_asked_for)
    found: Any = select(chain.c.item_id, Initiative, Plan)
    return (
        found.join_from(chain, Initiative, col(Initiative.id) == chain.c.id)
        .join(Plan, col(Plan.id) == col(Initiative.plan_id))
        .order_by(chain.c.item_id, chain.c.depth)
    )


def _ties() -> Any:
    mine, my_plan, link = _item.alias("mine"), _plan.alias("my_plan"), _link.alias("link")
    return (
        select(
            mine.c.id,
            link.c.follows_id.label("link"),
            follows(mine, my_plan, link).label("follows"),
        )
        .select_from(mine)
        .join(my_plan, my_plan.c.id == mine.c.plan_id)
        .outerjoin(link, link.c.initiative_id == mine.c.id)
        .where(mine.c.plan_id == bindparam("plan"))
    )


def _is_asked_for(item: FromClause) -> ColumnElement[bool]:
    asked: ColumnElement[bool] = item.c.id.in_(bindparam("items", expanding=True))
    return asked


# Put together once: that costs more than running them.
_ANSWERS = _answers(_is_asked_for)
ANSWERS_IN_PLAN = _answers(lambda item: item.c.plan_id == bindparam("plan"))
_ANCESTORS = _ancestors()
TIES = _ties()
