"""Check-ins: the answers, and every revision of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table, json_column


class CheckIn(Table, table=True):
    """The newest answer about an initiative (or, without one, the whole unit) at one stage."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("plan_id", "stage", "initiative_id"),
        Index(
            "uq_check_in_unit",
            "plan_id",
            "stage",
            unique=True,
            sqlite_where=text("initiative_id IS NULL"),
            postgresql_where=text("initiative_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id", index=True)
    stage: str
    revision: int
    answers: dict[str, str] = json_column()
    unreadable: list[str] = json_column()  # marks a published sheet lost
    source: str
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    confirmed_level: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    sent_back_due: date | None = (
        None  # by when the newest revision is to be mended; None: it is not
    )
    ask_again_on: date | None = Field(default=None, index=True)  # while figures are provisional
    published: int | None = None  # the revision that was published, 0 where there was none


class Revision(Table, table=True):
    """One change of a check-in, never altered: who, for whom, when, before and after.

    ``asked`` keeps what was answered to (wording, target), so that editing a plan later never
    rewrites history. ``fingerprint`` knows a submission again.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("check_in_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    check_in_id: int = Field(foreign_key="check_in.id")
    number: int
    before: dict[str, str] = json_column()
    after: dict[str, str] = json_column()
    asked: dict[str, Any] = json_column()
    source: str
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    entered_for: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    reason: str = ""
    fingerprint: str = Field(unique=True)


class Decision(Table, table=True):
    """What a manager decided of one revision, never altered: 確認する or 差し戻し.

    ``number`` counts a check-in's decisions, so that of two at once one is first. ``own``: the
    person confirmed an answer of their own.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("check_in_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    check_in_id: int = Field(foreign_key="check_in.id")
    number: int
    revision: int
    kind: str
    level: int
    person_id: int = Field(foreign_key="person.id")
    at: datetime
    comment: str = Field(default="", sa_column=Column(Text, nullable=False))
    due: date | None = None  # of what was sent back
    own: bool = False
