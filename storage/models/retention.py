"""How long answers are kept, by which rule, and what was disposed of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table, json_column, text_column


class Retention(Table, table=True):
    """For how many years after a fiscal year has ended a unit keeps what was answered for it.

    ``basis`` is where the office takes that from: 「公文書管理規程 別表第1」.
    """

    __tablename__ = "retention"
    __table_args__ = (UniqueConstraint("unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    years: int
    basis: str | None = text_column()


class Disposal(Table, table=True):
    """The record of a disposal: of which plan, by whom and when, and how much there was."""

    __tablename__ = "disposal"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    form: str
    fiscal_year: int
    counts: dict[str, Any] = json_column()
    person_id: int = Field(foreign_key="person.id")
    at: datetime
