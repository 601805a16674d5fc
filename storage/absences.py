"""Who is away, from when to when, and who answers meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Absence, Person
from storage.reader import Reader


class Absences:
    """Queries over absences; one that was taken back is in none. Days are Japanese dates."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def get(self, absence_id: int) -> Absence | None:
        """The absence of that id, taken back or not, held until the transaction ends."""
        return await self._session.get(
            Absence, absence_id, populate_existing=True, with_for_update=True
        )

    async def read(self, absence_id: int) -> Absence | None:
        """The absence of that id, taken back or not."""
        return await self._session.get(Absence, absence_id)

    async def of(self, person_ids: Iterable[int], since: date) -> list[Absence]:
        """Absences of some people that have not ended before a day, earliest first."""
        query = select(Absence).where(
            col(Absence.person_id).in_(list(person_ids)),
            col(Absence.cancelled_at).is_(None),
            or_(col(Absence.last).is_(None), col(Absence.last) >= since),
        )
        return list(await self._session.exec(query.order_by(col(Absence.first), col(Absence.id))))

    async def around(self, day: date, since: date) -> Sequence[Any]:
        """Everybody's absences that have begun by a day and not ended before another: ``id``,
        ``person_id``, ``first``, ``last``, ``deputy_id``, ``at``, and ``name``, the deputy's.
        """
        return await self._reader.rows(_AROUND, {"day": day, "since": since})

    async def stood_in_for(self, deputy_id: int, day: date) -> list[int]:
        """The people who are away on a day and have named this person as their deputy."""
        query = select(Absence.person_id).where(
            Absence.deputy_id == deputy_id,
            Absence.first <= day,
            col(Absence.cancelled_at).is_(None),
            or_(col(Absence.last).is_(None), col(Absence.last) >= day),
        )
        return list(await self._session.exec(query.distinct()))

    async def add(self, row: Absence) -> None:
        """Store a new or changed absence; its id is set."""
        self._session.add(row)
        await self._session.flush()


# Each sweep asks, and each screen: put together once, since that costs more than running it.
_AROUND: Any = (
    select(  # type: ignore[call-overload]
        Absence.id,
        Absence.person_id,
        Absence.first,
        Absence.last,
        Absence.deputy_id,
        Absence.at,
        Person.name,
    )
    .outerjoin(Person, col(Person.id) == col(Absence.deputy_id))
    .where(
        col(Absence.first) <= bindparam("day", type_=Date),
        col(Absence.cancelled_at).is_(None),
        or_(col(Absence.last).is_(None), col(Absence.last) >= bindparam("since", type_=Date)),
    )
    .order_by(col(Absence.first), col(Absence.id))
)
