"""Drafts: one row for a person and an item of a round, of which the newest state is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, and_, bindparam, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import CheckIn, DraftRow, ReviewRound, Revision
from storage.reader import Reader

_KEY = ("round_id", "initiative_id", "person_id")


@dataclass(frozen=True)
class DraftKey:
    """Whose draft about what: ``initiative_id`` is 0 for what is asked once per unit."""

    round_id: int
    initiative_id: int
    person_id: int


class Drafts:
    """Queries over drafts."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def keep(self, row: DraftRow) -> None:
        """Store a state unless a newer one, or this very one, is stored; one statement."""
        values = row.model_dump()
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        insert = dialect.insert(DraftRow).values(**values)
        newer = insert.excluded.stamp > col(DraftRow.stamp)
        changed = {name: insert.excluded[name] for name in values if name not in _KEY}
        await self._session.exec(
            insert.on_conflict_do_update(index_elements=list(_KEY), set_=changed, where=newer)
        )

    async def find(self, key: DraftKey) -> tuple[Any, datetime | None] | None:
        """A draft's row, with when its writer last submitted the item since (None: not since).

        One statement, by primary key; nobody writes through the row.
        """
        rows = await self._reader.rows(_FIND, vars(key))
        return (rows[0], rows[0].submitted) if rows else None

    async def submitted_at(self, key: DraftKey, base: int) -> datetime | None:
        """When a person last submitted an item after revision ``base``; None when not."""
        query = _submitted_since(
            key.round_id, key.initiative_id, person_id=key.person_id, base=base
        )
        found: datetime | None = (await self._session.exec(query)).one()
        return found

    async def blank(self, key: DraftKey, stamp: int) -> None:
        """Take the texts out of a draft that is older than ``stamp``.

        The row stays, so that what was typed before and arrives later finds something newer.
        """
        emptied = {"answers": {}, "reason": "", "stamp": stamp}
        older = col(DraftRow.stamp) < stamp
        await self._session.exec(update(DraftRow).where(_is(key), older).values(**emptied))

    async def remove(self, key: DraftKey, *, up_to_base: int | None = None) -> bool:
        """Delete a draft (one opened on no later revision than ``up_to_base``); whether it was."""
        if up_to_base is None:
            return bool(await self._reader.change(_REMOVE, vars(key)))
        asked = {**vars(key), "up_to_base": up_to_base}
        return bool(await self._reader.change(_REMOVE_OLD, asked))

    async def remove_older(self, than: datetime) -> int:
        """Delete what was last written before an instant; how many."""
        query = delete(DraftRow).where(col(DraftRow.at) < than)
        return int((await self._session.exec(query)).rowcount)

    async def remove_of_round(self, round_id: int, *, before: datetime) -> int:
        """Delete a round's drafts that were last written before an instant; how many."""
        query = delete(DraftRow).where(
            col(DraftRow.round_id) == round_id, col(DraftRow.at) < before
        )
        return int((await self._session.exec(query)).rowcount)

    async def remove_submitted(self) -> int:
        """Delete what its writer has submitted since it was written; how many."""
        since = _submitted_since(
            col(DraftRow.round_id),
            col(DraftRow.initiative_id),
            person_id=col(DraftRow.person_id),
            base=col(DraftRow.base),
        )
        done = since.correlate(DraftRow).scalar_subquery() >= col(DraftRow.at)
        return int((await self._session.exec(delete(DraftRow).where(done))).rowcount)

    async def published_rounds(self, today: date) -> list[tuple[int, date]]:
        """The rounds with drafts whose publishing day is over, each with that day."""
        query = (
            select(col(ReviewRound.id), col(ReviewRound.publishes))
            .where(col(ReviewRound.id).in_(select(DraftRow.round_id)))
            .where(col(ReviewRound.publishes) < today)
        )
        return [(id_ or 0, publishes) for id_, publishes in await self._session.exec(query)]


def _is(key: DraftKey) -> ColumnElement[bool]:
    return and_(
        col(DraftRow.round_id) == key.round_id,
        col(DraftRow.initiative_id) == key.initiative_id,
        col(DraftRow.person_id) == key.person_id,
    )


def _submitted_since(round_id: Any, initiative_id: Any, *, person_id: Any, base: Any) -> Any:
    """The newest instant at which a person's revision after ``base`` was saved, by unique keys."""
    about = col(CheckIn.initiative_id)
    same_item = or_(about == initiative_id, and_(about.is_(None), initiative_id == 0))
    return (
        select(func.max(Revision.at))
        .select_from(ReviewRound)
        .join(
            CheckIn,
            and_(
                col(CheckIn.plan_id) == col(ReviewRound.plan_id),
                col(CheckIn.stage) == col(ReviewRound.stage),
            ),
        )
        .join(Revision, col(Revision.check_in_id) == col(CheckIn.id))
        .where(
            col(ReviewRound.id) == round_id,
            same_item,
            col(Revision.entered_by) == person_id,
            col(Revision.number) > base,
        )
    )


def _find() -> Any:
    since = _submitted_since(
        col(DraftRow.round_id),
        col(DraftRow.initiative_id),
        person_id=col(DraftRow.person_id),
        base=col(DraftRow.base),
    )
    submitted = since.correlate(DraftRow).scalar_subquery().label("submitted")
    columns = DraftRow.__table__.columns  # type: ignore[attr-defined]
    return sqlalchemy.select(*columns, submitted).where(*_THAT)


# Each opening and submission asks: put together once, since that costs more than running them.
_THAT = [col(getattr(DraftRow, name)) == bindparam(name) for name in _KEY]
_FIND = _find()
_REMOVE = delete(DraftRow).where(*_THAT)
_REMOVE_OLD = _REMOVE.where(col(DraftRow.base) <= bindparam("up_to_base"))
