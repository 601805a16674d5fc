"""Plans: a unit's sheet of one form, with its initiatives and indicators."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table, details_column, text_column


class Plan(Table, table=True):
    """One unit's sheet of one form for a span of fiscal years (Gregorian, inclusive)."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("unit_id", "form", "first_year", "last_year"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    form: str
    first_year: int
    last_year: int
    name: str = ""  # 市政改革プラン3.0
    state: str  # draft (案) or final (確定)
    details: dict[str, str] = details_column()


class Initiative(Table, table=True):
    """取組項目: texts as printed, None where the sheet has none."""

    __tablename__ = "initiative"
    __table_args__ = (UniqueConstraint("plan_id", "code", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    code: str
    position: int
    number: int
    title: str
    subtitle: str | None = text_column()
    pillar: str | None = text_column()
    purpose: str | None = text_column()
    purpose_label: str | None = text_column()
    outline: str | None = text_column()
    target: str | None = text_column()
    plan_unlabelled: str | None = text_column()
    activities: str | None = text_column()
    activities_target: str | None = text_column()
    details: dict[str, str] = details_column()
    added_on: date | None = (
        None  # when it joined during the year; None: it was there from the start
    )


class InitiativeLink(Table, table=True):
    """The same undertaking in an earlier plan, where code and title no longer show it."""

    __tablename__ = "initiative_link"
    __table_args__ = (UniqueConstraint("initiative_id"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    follows_id: int = Field(foreign_key="initiative.id", index=True)


class IndicatorRow(Table, table=True):
    """アウトカム指標 below an initiative, where a form has them."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("initiative_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    position: int
    name: str
    target: str | None = text_column()
