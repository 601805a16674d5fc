"""What all tables have in common: one metadata with a naming convention, and kinds of columns."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Column, MetaData, Text
from sqlmodel import Field, SQLModel

# Named constraints, so that a migration can drop or change one on SQLite too.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of all tables: one metadata with a naming convention."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


def json_column(*, nullable: bool = False) -> Any:
    """A column of JSON."""
    return Field(sa_column=Column(JSON, nullable=nullable))


def text_column() -> Any:
    """A column of text of any length, None where there is none."""
    return Field(default=None, sa_column=Column(Text, nullable=True))


def details_column() -> Any:
    """A column of texts that only a form knows, by its keys."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
