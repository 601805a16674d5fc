"""Review rounds: when a plan is reviewed, and what owners have asked about its items."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table, json_column


class ReviewRound(Table, table=True):
    """One review of one plan: its dates, who asks, the notice it rests on, its ladder."""

    __tablename__ = "review_round"
    __table_args__ = (UniqueConstraint("plan_id", "stage"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    stage: str
    opens: date
    due: date
    closes: date = Field(index=True)
    publishes: date = Field(index=True)
    contact: str = ""
    extension: str = ""
    notice: str = ""
    ladder: dict[str, Any] = json_column()
    # How many confirm an answer: 0 nobody, 1 課長, 2 課長 and then 区長.
    levels: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    frozen_at: datetime | None = None  # since when its answers stand as they were published


class Consultation(Table, table=True):
    """「担当が違う・相談する」: what an owner asked about an item, and the coordinator's answer.

    While ``answered_at`` is empty nothing is sent about that item to that person.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        Index(
            "uq_consultation_open",
            "round_id",
            "initiative_id",
            "person_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="review_round.id", index=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None


class PlannedDate(Table, table=True):
    """入力予定日: until the morning of this Japanese date a person hears nothing of a round."""

    __tablename__ = "planned_date"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="review_round.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    day: date
    at: datetime


class Nudge(Table, table=True):
    """A note that somebody sent by hand to who is late, with a sentence of their own, if any.

    To whom it went are the letters whose line names it.
    """

    __tablename__ = "nudge"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="review_round.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime
