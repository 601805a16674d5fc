"""Units: who publishes plans, when they are closed, and their sections."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table


class Unit(Table, table=True):
    """区・局: who publishes a plan, in official order."""

    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)  # romaji: nishi
    name: str = Field(unique=True)  # 西区
    kana: str = ""
    kind: str = "ward"
    position: int
    contact: str = ""  # 課・担当 that asks: 総務課(区政企画)
    extension: str = ""
    paused_until: date | None = None  # Japanese date, inclusive; kept after it has passed


class UnitClosure(Table, table=True):
    """A day on which one unit is closed, besides weekends and holidays."""

    __tablename__ = "unit_closure"
    __table_args__ = (UniqueConstraint("unit_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    day: date


class Section(Table, table=True):
    """課・担当 of a unit."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    name: str


class Digest(Table, table=True):
    """A unit's weekly numbers for a channel; off unless somebody has switched it on."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    team_id: str
    channel: str
    weekday: int  # 0 is Monday
    by_section: bool = True
    active: bool = True
    set_by: int = Field(foreign_key="person.id")
