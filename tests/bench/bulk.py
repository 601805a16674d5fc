"""Many rows at once: lists of them, and rows that the database computes from their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlmodel import SQLModel

Row = Mapping[str, Any]
Number = ColumnElement[int]


def add(connection: Connection, model: type[SQLModel], rows: Iterable[Row]) -> None:
    """Insert rows; what they do not name takes the model's default."""
    filled = [{**_defaults(model), **row} for row in rows]
    if filled:
        connection.execute(insert(model), filled)


def spread(
    connection: Connection, model: type[SQLModel], count: int, row: Callable[[Number], Row]
) -> None:
    """Insert ``count`` rows, each computed in the database from its number, which begins at 0."""
    if not count:
        return
    numbers = select(cast(literal(0), Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count - 1))
    values = {**_defaults(model), **row(numbers.c.n)}
    columns = _columns(model)
    chosen = [
        value if isinstance(value, ColumnElement) else literal(value, columns[name].type)
        for name, value in values.items()
    ]
    connection.execute(insert(model).from_select(list(values), select(*chosen)))


def reset_sequences(connection: Connection, models: Iterable[type[SQLModel]]) -> None:
    """PostgreSQL counts on from where it counted itself: not from ids that were given."""
    if connection.dialect.name != "postgresql":
        return
    for model in models:
        name, column = str(model.__tablename__), _columns(model)["id"]
        highest = select(func.coalesce(func.max(column), 1)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), highest)))


def text_of(number: Any) -> Any:
    """A number as text, whether it is known or computed in the database."""
    return cast(number, String) if isinstance(number, ColumnElement) else str(number)


def _columns(model: type[SQLModel]) -> Any:
    return model.__table__.c  # type: ignore[attr-defined]  # what table=True adds


def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    return {
        name: field.default
        for name, field in model.model_fields.items()
        if name != "id" and field.default is not PydanticUndefined
    }
