"""A statement that was put together once, as the driver takes it: for what runs on every click.

SQLAlchemy looks up, checks and wraps each execution anew, which takes eight times as long as
SQLite does. Here its text is kept, with how values go in and come out of it.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeEngine

_Convert = Callable[[Any], Any]

# Where SQLAlchemy leaves room for a list.
_LIST = re.compile(r"__\[POSTCOMPILE_(\w+)\]")
_NOTHING = "SELECT 1 WHERE 0"


class Prepared:
    """One statement in one dialect that takes its values by position."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        """Compile it; that takes a millisecond."""
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._fixed: Mapping[str, Any] = compiled.params
        self._names: Sequence[str] = compiled.positiontup or ()
        self._lists = frozenset(_LIST.findall(self.text))
        self._texts: dict[tuple[int, ...], str] = {}  # by how long each list is
        self._given = _conversions(
            (name, _in(bind.type, dialect)) for name, bind in compiled.binds.items()
        )
        columns = statement.exported_columns if statement.is_select else ()
        self._read = _conversions(
            (place, _out(column.type, dialect)) for place, column in enumerate(columns)
        )
        self._row: Callable[[Iterable[Any]], Any] | None = None

    def filled(self, asked: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """What the driver is given: a text, and the values in the order of its places."""
        values = {**self._fixed, **asked}
        for name, convert in self._given:
            given = values[name]
            values[name] = map(convert, given) if name in self._lists else convert(given)
        if not self._lists:
            return self.text, [values[name] for name in self._names]
        lists = {name: _rounded_up(values[name]) for name in self._lists}
        placed: list[Any] = []
        for name in self._names:
            placed += lists[name] if name in lists else (values[name],)
        return self._sized(lists), placed

    def _sized(self, lists: Mapping[str, Sequence[Any]]) -> str:
        sizes = tuple(len(lists[name]) for name in self._lists)
        found = self._texts.get(sizes)
        if found is None:
            found = _LIST.sub(lambda place: _places(lists[place[1]]), self.text)
            self._texts[sizes] = found
        return found

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


def _rounded_up(values: Iterable[Any]) -> list[Any]:
    """Its last value repeated, up to a power of two: SQLite knows a few texts, not hundreds."""
    found = list(values)
    if not found:
        return found
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found))


def _places(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values)) or _NOTHING


def _conversions(known: Iterable[tuple[Any, _Convert | None]]) -> list[tuple[Any, _Convert]]:
    return [(key, convert) for key, convert in known if convert is not None]


def _in(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    return _or_empty(convert) if convert and isinstance(type_, JSON) else convert


def _or_empty(convert: _Convert) -> _Convert:
    """Most JSON that is stored is an empty object or list: there is nothing to parse."""

    def read(stored: Any) -> Any:
        if stored == "{}":
            return {}
        return [] if stored == "[]" else convert(stored)

    return read


def _row_type(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    row: Any = namedtuple("Row", list(names))  # type: ignore[misc]  # noqa: PYI024
    made: Callable[[Iterable[Any]], Any] = row._make
    return made
