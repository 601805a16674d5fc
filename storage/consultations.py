"""What owners asked the coordinator, the days that they named, and notes to who is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, bindparam, null, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy import select as sql_select
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Consultation, Nudge, PlannedDate
from storage.reader import Reader
from storage.statements import insert_if_absent


class Consultations:
    """Queries over consultations and planned dates. Days are Japanese dates."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def ask(
        self,
        *,
        round_id: int,
        initiative_id: int,
        person_id: int,
        kind: str,
        note: str,
        at: datetime,
    ) -> bool:
        """Store a question unless this person's last one about the item is still unanswered."""
        values = {
            "round_id": round_id,
            "initiative_id": initiative_id,
            "person_id": person_id,
            "kind": kind,
            "note": note,
            "at": at,
            "answer": "",
        }
        return await insert_if_absent(self._session, Consultation, values)

    async def get(self, consultation_id: int) -> Consultation | None:
        """The question of that id, held until the transaction ends."""
        return await self._session.get(
            Consultation, consultation_id, populate_existing=True, with_for_update=True
        )

    async def read(self, consultation_id: int) -> Consultation | None:
        """The question of that id."""
        return await self._session.get(Consultation, consultation_id)

    async def open_in(self, round_ids: Iterable[int]) -> list[Consultation]:
        """The unanswered questions about some rounds, oldest first."""
        query = select(Consultation).where(
            col(Consultation.round_id).in_(list(round_ids)),
            col(Consultation.answered_at).is_(None),
        )
        return list(await self._session.exec(query.order_by(col(Consultation.id))))

    async def add(self, row: Consultation) -> None:
        """Store a changed question."""
        self._session.add(row)
        await self._session.flush()

    async def plan(self, *, round_id: int, person_id: int, day: date, at: datetime) -> None:
        """Store the day on which somebody means to answer, in place of an earlier one."""
        await self._session.exec(
            delete(PlannedDate).where(
                col(PlannedDate.round_id) == round_id, col(PlannedDate.person_id) == person_id
            )
        )
        values = {"round_id": round_id, "person_id": person_id, "day": day, "at": at}
        await insert_if_absent(self._session, PlannedDate, values)

    async def planned(self, round_ids: Iterable[int]) -> dict[tuple[int, int], date]:
        """The days that people have named: (round id, person id) to day."""
        query = select(PlannedDate).where(col(PlannedDate.round_id).in_(list(round_ids)))
        return {(row.round_id, row.person_id): row.day for row in await self._session.exec(query)}

    async def add_nudge(self, row: Nudge) -> int:
        """Store a note to who is late; its id."""
        self._session.add(row)
        await self._session.flush()
        return row.id or 0

    async def nudge(self, nudge_id: int) -> Nudge | None:
        """The note of that id."""
        return await self._session.get(Nudge, nudge_id)

    async def silences(self, round_ids: Iterable[int]) -> Sequence[Any]:
        """What keeps notices away in some rounds, in one statement.

        Rows have ``id``, ``round_id``, ``person_id``, and either ``initiative_id`` (an unanswered
        question about it) or ``day`` (that person's planned day).
        """
        return await self._reader.rows(_SILENCES, {"rounds": list(round_ids)})


_ROUND_IDS: Any = bindparam("rounds", expanding=True)
# Put together once: that costs as much as running them.
_SILENCES: Any = union_all(
    sql_select(
        col(Consultation.id),
        col(Consultation.round_id),
        col(Consultation.person_id),
        col(Consultation.initiative_id),
        sql_cast(null(), Date).label("day"),
    ).where(col(Consultation.round_id).in_(_ROUND_IDS), col(Consultation.answered_at).is_(None)),
    sql_select(
        col(PlannedDate.id),
        col(PlannedDate.round_id),
        col(PlannedDate.person_id),
        sql_cast(null(), Integer),
        col(PlannedDate.day),
    ).where(col(PlannedDate.round_id).in_(_ROUND_IDS)),
)
