"""A statement that was put together once, as the driver takes it: for what runs on every click.

SQLAlchemy looks up, checks and wraps each execution anew, which takes eight times as long as
SQLite does. Here its text is kept, with how values go in and come out of it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import TypeEngine

_Convert = Callable[[Any], Any]


class Prepared:
    """One statement in one dialect. Only statements without expanding lists can be prepared."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        """Compile it; that takes a millisecond."""
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._fixed: Mapping[str, Any] = compiled.params
        self._names: Sequence[str] | None = compiled.positiontup
        self._given = _conversions(
            (name, _in(bind.type, dialect)) for name, bind in compiled.binds.items()
        )
        columns = statement.exported_columns if statement.is_select else ()
        self._read = _conversions(
            (place, _out(column.type, dialect)) for place, column in enumerate(columns)
        )
        self._row: Callable[[Iterable[Any]], Any] | None = None

    def parameters(self, asked: Mapping[str, Any]) -> Any:
        """What the driver is given: by position or by name, as its dialect has it."""
        values = {**self._fixed, **asked}
        for name, convert in self._given:
            values[name] = convert(values[name])
        if self._names is None:
            return values
        return [values[name] for name in self._names]

    def rows(self, cursor: Any) -> list[Any]:
        """All rows, with the columns' names as attributes."""
        found = cursor.fetchall()
        if not found:
            return []
        if self._row is None:
            self._row = _row_type(map(itemgetter(0), cursor.description))
        make, conversions = self._row, self._read
        rows = []
        for each in found:
            row = list(each)
            for place, convert in conversions:
                row[place] = convert(row[place])
            rows.append(make(row))
        return rows


def _conversions(known: Iterable[tuple[Any, _Convert | None]]) -> list[tuple[Any, _Convert]]:
    return [(key, convert) for key, convert in known if convert is not None]


def _in(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _row_type(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("Row", list(names))  # type: ignore[misc]  # noqa: PYI024
    made: Callable[[Iterable[Any]], Any] = row._make
    return made
