"""Imported files: what was read, what it would change, and what undoes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.checkins import Source
from storage.journal import TABLES, Journal, RowChange, Undoing, whole
from storage.models import CheckIn, Decision, ImportBatch, Revision


class Imports:
    """Batches, and the journal of the unit of work that carries one out."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, batch_id: int) -> ImportBatch | None:
        """The batch of that id."""
        return await self._session.get(ImportBatch, batch_id)

    async def held(self, batch_id: int) -> ImportBatch | None:
        """The same, held against rivals until the transaction ends."""
        query = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
        found = await self._session.exec(query.execution_options(populate_existing=True))
        return found.first()

    async def add(self, batch: ImportBatch) -> ImportBatch:
        """Store a new or changed batch; its id is set."""
        self._session.add(batch)
        await self._session.flush()
        return batch

    async def forget(self, *, unapplied: datetime, applied: datetime) -> int:
        """Empty the files that were read, or applied, before these times; how many there were.

        The row stays: its id must never become another file's, on whose message a button waits.
        """
        never = col(ImportBatch.applied_at).is_(None) & (ImportBatch.at < unapplied)
        query = select(ImportBatch).where(or_(never, col(ImportBatch.applied_at) < applied))
        forgotten = [batch for batch in await self._session.exec(query) if batch.content]
        for batch in forgotten:
            batch.content, batch.undo, batch.file_name = {}, {}, ""
            self._session.add(batch)
        await self._session.flush()
        return len(forgotten)

    async def journal(self) -> Journal:
        """A journal of everything that this unit of work changes from now on."""
        journal = Journal(self._session)
        await journal.start()
        return journal

    async def row(self, change: RowChange) -> dict[str, Any]:
        """All of a changed row as it stands now."""
        found = await self._session.get(TABLES[change.table], change.id)
        return whole(found) if found is not None else {}

    def undoing(self, changes: Iterable[RowChange]) -> Undoing:
        """What takes some changes back."""
        return Undoing(self._session, changes)

    async def answered_since(
        self,
        initiative_ids: Collection[int],
        person_ids: Collection[int],
        since: datetime,
    ) -> bool:
        """Whether any of the initiatives was answered or decided on, or by any of the people.

        Answers that documents brought do not count: another document that changed them shows.
        """
        about = col(CheckIn.initiative_id).in_(list(initiative_ids))
        people = list(person_ids)
        revised = (
            select(Revision.id)
            .join(CheckIn, col(CheckIn.id) == col(Revision.check_in_id))
            .where(
                col(Revision.at) >= since,
                col(Revision.source) != Source.SHEET.value,
                or_(about, col(Revision.entered_by).in_(people)),
            )
        )
        decided = (
            select(Decision.id)
            .join(CheckIn, col(CheckIn.id) == col(Decision.check_in_id))
            .where(col(Decision.at) >= since, or_(about, col(Decision.person_id).in_(people)))
        )
        for query in (revised, decided):
            if (await self._session.exec(query.limit(1))).first() is not None:
                return True
        return False


def packed(changes: Iterable[RowChange]) -> list[dict[str, Any]]:
    """Changes as JSON."""
    return [asdict(change) for change in changes]


def unpacked(records: Iterable[Mapping[str, Any]]) -> list[RowChange]:
    """The changes in such JSON."""
    return [RowChange(**record) for record in records]
