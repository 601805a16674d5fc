"""What one unit of work changes, row by row: to be shown before it is kept, and to be undone.

A change is kept as plain JSON: the columns before and after, dates and instants marked as such.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    Account,
    CheckIn,
    IndicatorRow,
    Initiative,
    Ownership,
    Person,
    Plan,
    Revision,
    RoleGrant,
    Section,
    Unit,
    UnitClosure,
)

Row = dict[str, Any]

_OUT_OF_THE_WAY = 100_000  # behind every place that an indicator has

# What documents bring in; letters, drafts and the audit trail are no part of it.
KEPT: tuple[type[SQLModel], ...] = (
    Unit,
    Section,
    UnitClosure,
    Plan,
    Initiative,
    IndicatorRow,
    Person,
    Account,
    RoleGrant,
    Ownership,
    CheckIn,
    Revision,
)
TABLES: Mapping[str, type[SQLModel]] = {str(table.__tablename__): table for table in KEPT}


@dataclass(frozen=True)
class RowChange:
    """One row: ``before`` is None for a new one, ``after`` for one that was removed.

    Of a row that was there before and after both hold the changed columns only.
    """

    table: str
    id: int
    before: Row | None
    after: Row | None


@dataclass
class Journal:
    """Listens to a session from ``start`` on."""

    session: AsyncSession
    _changes: dict[tuple[str, int, bool], RowChange] = field(default_factory=dict)
    _newest_check_in: int = 0

    async def start(self) -> None:
        """Note every change from now on."""
        self._newest_check_in = await self._last_check_in()
        event.listen(self.session.sync_session, "after_flush", self._flushed)

    async def changes(self) -> list[RowChange]:
        """What has changed so far, in the order in which it came."""
        await self.session.flush()
        await self._note_made_beside_the_session()
        return list(self._changes.values())

    def _flushed(self, session: Session, _flush: UOWTransaction) -> None:
        for row in session.new:
            self._note(row, before=None, after=whole(row))
        for row in session.dirty:
            before, after = _changed(row)
            if after:
                self._note(row, before=before, after=after)
        for row in session.deleted:
            self._note(row, before=whole(row), after=None)

    def _note(self, row: Any, *, before: Row | None, after: Row | None) -> None:
        table = str(getattr(row, "__tablename__", ""))
        if table not in TABLES:
            return
        key = (table, int(row.id), False)
        # SQLite gives the id of a removed row to the next: that is another row.
        if before is None and key in self._changes:
            self._changes[table, int(row.id), True] = self._changes.pop(key)
        known = self._changes.get(key)
        if known is None and table == CheckIn.__tablename__ and row.id > self._newest_check_in:
            # An empty check-in is put there by a statement of its own, before it is filled in.
            before, after = None, whole(row)
        merged = _merged(known, RowChange(table, row.id, before, after))
        self._changes[key] = merged
        if merged.before is None and merged.after is None:  # it came and went
            del self._changes[key]

    async def _note_made_beside_the_session(self) -> None:
        """Check-ins that were made and stayed empty."""
        query = select(CheckIn).where(col(CheckIn.id) > self._newest_check_in)
        for row in await self.session.exec(query.where(CheckIn.revision == 0)):
            if ("check_in", row.id or 0, False) not in self._changes:
                self._note(row, before=None, after=whole(row))

    async def _last_check_in(self) -> int:
        return (await self.session.exec(select(func.max(CheckIn.id)))).one() or 0


class Undoing:
    """Takes a journal's changes back, unless something has come to rest on them."""

    def __init__(self, session: AsyncSession, changes: Iterable[RowChange]) -> None:
        self._session = session
        self._changes = list(changes)
        self._added = {
            name: [each.id for each in self._changes if each.table == name and each.before is None]
            for name in TABLES
        }

    async def moved_on(self) -> list[RowChange]:
        """What is not any more as it was left: changed again, or gone."""
        return [each for each in self._changes if not await self._is_as_left(each)]

    async def needed(self) -> dict[str, set[int]]:
        """New rows to which rows that are not ours point, by table."""
        found: dict[str, set[int]] = {}
        for name, ids in self._added.items():
            if ids and (pointed := await self._pointed_at(name, ids)):
                found[name] = pointed
        return found

    async def take_back(self, *, keep: Mapping[str, Collection[int]]) -> None:
        """Restore every row; new ones in ``keep`` stay, for what points to them."""
        await self._clear_places()
        for each in self._changes:
            if each.before is not None and each.after is not None:
                await self._restore(each, each.before)
        # What points to another goes before it.
        for table in reversed(Plan.metadata.sorted_tables):
            for row_id in self._added.get(table.name, ()):
                row = await self._session.get(TABLES[table.name], row_id)
                if row is not None and row_id not in keep.get(table.name, ()):
                    await self._session.delete(row)
            await self._session.flush()
        for each in self._changes:
            if each.after is None:
                values = {key: _unpacked(value) for key, value in (each.before or {}).items()}
                self._session.add(TABLES[each.table](**values))
        await self._session.flush()

    async def _clear_places(self) -> None:
        """Indicators change places among themselves, and no two may have the same."""
        for each in self._changes:
            if each.table == IndicatorRow.__tablename__ and "position" in (each.after or {}):
                row = await self._session.get(IndicatorRow, each.id)
                if row is not None:
                    row.position = _OUT_OF_THE_WAY + each.id
                    self._session.add(row)
        await self._session.flush()

    async def _restore(self, change: RowChange, before: Row) -> None:
        row = await self._session.get(TABLES[change.table], change.id)
        for key, value in before.items():
            setattr(row, key, _unpacked(value))
        self._session.add(row)
        await self._session.flush()

    async def _is_as_left(self, change: RowChange) -> bool:
        row = await self._session.get(TABLES[change.table], change.id, populate_existing=True)
        if change.after is None:
            return row is None or change.id in self._added[change.table]
        return row is not None and all(
            _packed(getattr(row, key)) == value for key, value in change.after.items()
        )

    def _pointing(self, table: str, column: str) -> list[int]:
        """The rows of ours that point somewhere, and will not once they are taken back."""
        ours = [each for each in self._changes if each.table == table]
        return [each.id for each in ours if column in (each.after or {})]

    async def _pointed_at(self, name: str, ids: Collection[int]) -> set[int]:
        found: set[int] = set()
        for table in Plan.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table.name != name:
                    continue
                query = select(key.parent).where(key.parent.in_(ids))
                ours = self._pointing(table.name, key.parent.name)
                if ours:
                    query = query.where(table.c.id.not_in(ours))
                found |= set(await self._session.exec(query))
        return found


def _merged(first: RowChange | None, then: RowChange) -> RowChange:
    """Two changes of one row as one."""
    if first is None:
        return then
    if then.after is None:
        before = None if first.before is None else {**(then.before or {}), **first.before}
        return replace(then, before=before)
    after = {**(first.after or {}), **then.after}
    before = None if first.before is None else {**(then.before or {}), **first.before}
    return replace(then, before=before, after=after)


def whole(row: Any) -> Row:
    """Every column of a row."""
    return {key: _packed(getattr(row, key)) for key in inspect(type(row)).columns.keys()}  # noqa: SIM118


def _changed(row: Any) -> tuple[Row, Row]:
    """The changed columns of a row before and after."""
    before: Row = {}
    after: Row = {}
    state = inspect(row)
    for key in state.mapper.columns.keys():  # noqa: SIM118
        history = state.attrs[key].history
        if history.has_changes() and history.deleted:
            before[key], after[key] = _packed(history.deleted[0]), _packed(history.added[0])
    return before, after


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$instant": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        if "$instant" in value:
            return datetime.fromisoformat(value["$instant"])
        if "$day" in value:
            return date.fromisoformat(value["$day"])
    return value
