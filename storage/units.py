"""Units, their sections and closures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Section, Unit, UnitClosure
from storage.reader import Reader


class Units:
    """Queries over units."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def all(self) -> list[Unit]:
        """Every unit in official order."""
        return list(await self._session.exec(select(Unit).order_by(col(Unit.position))))

    async def hold(self) -> None:
        """Keep other coordinators' imports waiting until this transaction ends.

        Two of them at once would each find that a plan is not there yet.
        """
        await self._session.exec(select(Unit.id).order_by(col(Unit.id)).with_for_update())

    async def get(self, unit_id: int) -> Unit | None:
        """The unit of that id."""
        return await self._session.get(Unit, unit_id)

    async def add(self, unit: Unit) -> Unit:
        """Store a new unit; its id is set."""
        self._session.add(unit)
        await self._session.flush()
        return unit

    async def closures(self, unit_ids: Iterable[int]) -> dict[int, frozenset[date]]:
        """The closures that each unit has entered."""
        ids = list(unit_ids)
        found: dict[int, set[date]] = {unit_id: set() for unit_id in ids}
        for closure in await self._reader.rows(_CLOSURES, {"units": ids}):
            found[closure.unit_id].add(closure.day)
        return {unit_id: frozenset(days) for unit_id, days in found.items()}

    async def set_closures(self, unit_id: int, days: Iterable[date]) -> None:
        """Make these a unit's closures; those that stay keep their rows."""
        query = select(UnitClosure).where(UnitClosure.unit_id == unit_id)
        wanted, stored = set(days), set[date]()
        for closure in await self._session.exec(query):
            stored.add(closure.day)
            if closure.day not in wanted:
                await self._session.delete(closure)
        await self._session.flush()
        new = sorted(wanted - stored)
        self._session.add_all(UnitClosure(unit_id=unit_id, day=day) for day in new)

    async def sections(self, unit_id: int) -> list[Section]:
        """A unit's sections in the order in which they were entered."""
        query = select(Section).where(Section.unit_id == unit_id).order_by(col(Section.id))
        return list(await self._session.exec(query))

    async def section(self, unit_id: int, name: str) -> Section:
        """The section of that name, entered if it is new."""
        query = select(Section).where(Section.unit_id == unit_id, Section.name == name)
        found = (await self._session.exec(query)).first()
        if found is None:
            found = Section(unit_id=unit_id, name=name)
            self._session.add(found)
            await self._session.flush()
        return found


_CLOSURES: Any = select(col(UnitClosure.unit_id), col(UnitClosure.day)).where(
    col(UnitClosure.unit_id).in_(bindparam("units", expanding=True))
)
