"""People: their Slack accounts, their roles, and what they own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table


class Person(Table, table=True):
    """Somebody with a role or an item; not a Slack account: an owner may have none."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str | None = Field(default=None, unique=True)


class Account(Table, table=True):
    """A person's Slack account in one workspace."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("team_id", "slack_user_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    team_id: str
    slack_user_id: str
    deactivated_at: datetime | None = None


class RoleGrant(Table, table=True):
    """A role of a person, valid between two Japanese dates (inclusive; None is open)."""

    __tablename__ = "role_grant"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)  # None: all
    section_id: int | None = Field(default=None, foreign_key="section.id")
    valid_from: date | None = None
    valid_to: date | None = None


class Absence(Table, table=True):
    """From when, and to when if that is known, a person is away (Japanese dates, inclusive).

    Never why. ``deputy_id`` answers meanwhile; without one, each item's own deputy does. One that
    is taken back keeps its row: who was told instead of whom can be read for good.
    """

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    first: date
    last: date | None = None
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    cancelled_at: datetime | None = None


class Ownership(Table, table=True):
    """Who answers for an initiative, in which section, between two Japanese dates."""

    __tablename__ = "ownership"

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    section_id: int | None = Field(default=None, foreign_key="section.id")
    valid_from: date | None = Field(default=None, index=True)
    valid_to: date | None = Field(default=None, index=True)
