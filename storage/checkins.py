"""Check-ins and their revisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import CheckIn, Revision
from storage.reader import Reader
from storage.statements import insert_if_absent


def unanswered(
    plan_id: int, initiative_id: int | None, stage: str, now: datetime
) -> dict[str, Any]:
    """The columns of a row that only holds the place of an answer; None is the whole unit."""
    return {
        "plan_id": plan_id,
        "initiative_id": initiative_id,
        "stage": stage,
        "revision": 0,
        "answers": {},
        "unreadable": [],
        "source": "",
        "at": now,
    }


class CheckIns:
    """Queries over answers."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def of_plan(
        self, plan_id: int, stage: str, only: Collection[int] | None = None
    ) -> list[CheckIn]:
        """Answers of a plan at a stage: all, or those about some initiatives and the whole unit."""
        query = select(CheckIn).where(CheckIn.plan_id == plan_id, CheckIn.stage == stage)
        if only is not None:
            about = col(CheckIn.initiative_id)
            query = query.where(about.in_(list(only)) | about.is_(None))
        return list(await self._session.exec(query))

    async def of_initiatives(self, initiative_ids: Iterable[int]) -> list[CheckIn]:
        """All answers about some initiatives, every stage."""
        query = select(CheckIn).where(col(CheckIn.initiative_id).in_(list(initiative_ids)))
        return list(await self._session.exec(query.order_by(col(CheckIn.id))))

    async def find(self, plan_id: int, initiative_id: int | None, stage: str) -> CheckIn | None:
        """The answer about an initiative, or (None) about the whole unit."""
        return (await self._session.exec(self._query(plan_id, initiative_id, stage))).first()

    async def locked(
        self, plan_id: int, initiative_id: int | None, stage: str, now: datetime
    ) -> CheckIn:
        """The same, made if there is none and held against rivals until the transaction ends."""
        found = await self.held(plan_id, initiative_id, stage)
        if found is None:
            await insert_if_absent(
                self._session, CheckIn, unanswered(plan_id, initiative_id, stage, now)
            )
            found = await self.held(plan_id, initiative_id, stage)
        if found is None:
            raise LookupError("an answer went away while it was being held")
        return found

    async def held(self, plan_id: int, initiative_id: int | None, stage: str) -> CheckIn | None:
        """What is there, held against rivals until the transaction ends; None where nothing is."""
        query = _HELD_UNIT if initiative_id is None else _HELD_ITEM
        asked = {"plan": plan_id, "item": initiative_id, "stage": stage}
        return (await self._session.exec(query, params=asked)).first()

    async def review(
        self, check_in_id: int, *, confirmed_level: int, sent_back_due: date | None = None
    ) -> None:
        """Store what managers have made of the newest revision."""
        values = {"confirmed_level": confirmed_level, "sent_back_due": sent_back_due}
        await self._session.exec(
            update(CheckIn).where(col(CheckIn.id) == check_in_id).values(**values)
        )

    async def knows(self, fingerprint: str) -> bool:
        """Whether that very submission is stored already."""
        return bool(await self._reader.rows(_KNOWN, {"fingerprint": fingerprint}))

    async def revisions(self, check_in_ids: Iterable[int]) -> list[Revision]:
        """The history of some check-ins, oldest first."""
        query = select(Revision).where(col(Revision.check_in_id).in_(list(check_in_ids)))
        ordered = query.order_by(col(Revision.check_in_id), col(Revision.number))
        return list(await self._session.exec(ordered))

    def append(self, revision: Revision) -> None:
        """Continue a history; it is written along with whatever the unit of work writes next."""
        self._session.add(revision)

    async def add(self, row: CheckIn | Revision) -> None:
        """Store a new or changed row; its id is set."""
        self._session.add(row)
        await self._session.flush()

    def _query(
        self, plan_id: int, initiative_id: int | None, stage: str
    ) -> SelectOfScalar[CheckIn]:
        about = (
            col(CheckIn.initiative_id).is_(None)
            if initiative_id is None
            else col(CheckIn.initiative_id) == initiative_id
        )
        return select(CheckIn).where(CheckIn.plan_id == plan_id, CheckIn.stage == stage, about)


def _held(about: ColumnElement[bool]) -> SelectOfScalar[CheckIn]:
    query = select(CheckIn).where(
        col(CheckIn.plan_id) == bindparam("plan"), col(CheckIn.stage) == bindparam("stage"), about
    )
    return query.with_for_update().execution_options(populate_existing=True)


# Each submission asks: put together once, since that costs more than running them.
_HELD_ITEM = _held(col(CheckIn.initiative_id) == bindparam("item"))
_HELD_UNIT = _held(col(CheckIn.initiative_id).is_(None))
_KNOWN = select(Revision.id).where(col(Revision.fingerprint) == bindparam("fingerprint"))
