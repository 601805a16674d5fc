"""The tables: what kaikaku remembers. States and kinds are stored as plain strings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, MetaData, Text, UniqueConstraint, text
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


def _json(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(JSON, nullable=nullable))


def _text() -> Any:
    return Field(default=None, sa_column=Column(Text, nullable=True))


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
    subtitle: str | None = _text()
    pillar: str | None = _text()
    purpose: str | None = _text()
    purpose_label: str | None = _text()
    outline: str | None = _text()
    target: str | None = _text()
    plan_unlabelled: str | None = _text()
    activities: str | None = _text()
    activities_target: str | None = _text()


class IndicatorRow(Table, table=True):
    """アウトカム指標 below an initiative, where a form has them."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("initiative_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    position: int
    name: str
    target: str | None = _text()


class Ownership(Table, table=True):
    """Who answers for an initiative, in which section, between two Japanese dates."""

    __tablename__ = "ownership"

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    section_id: int | None = Field(default=None, foreign_key="section.id")
    valid_from: date | None = None
    valid_to: date | None = None


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
    publishes: date
    contact: str = ""
    extension: str = ""
    notice: str = ""
    ladder: dict[str, Any] = _json()


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
    answers: dict[str, str] = _json()
    unreadable: list[str] = _json()  # marks a published sheet lost
    source: str
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    ask_again_on: date | None = Field(default=None, index=True)  # while figures are provisional


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
    before: dict[str, str] = _json()
    after: dict[str, str] = _json()
    asked: dict[str, Any] = _json()
    source: str
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    entered_for: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    reason: str = ""
    fingerprint: str = Field(unique=True)


class Letter(Table, table=True):
    """The outbox: who is to get what kind of letter for which day; never its blocks.

    ``token`` is the opaque key in the message's metadata. Times are UTC on the machine's clock;
    ``day`` is the Japanese date the letter belongs to.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_state_next_try_at", "state", "next_try_at"),
        Index("ix_letter_refresh_at", "refresh_at"),
        Index("ix_letter_person_id_day", "person_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    token: str = Field(unique=True)
    kind: str
    person_id: int = Field(foreign_key="person.id")
    day: date
    team_id: str
    slack_user_id: str
    state: str
    attempts: int = 0
    next_try_at: datetime | None = None
    lease_until: datetime | None = None
    reason: str = ""
    channel: str = ""
    ts: str = ""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    sent_at: datetime | None = None
    item_ids: list[int] = _json()  # the initiatives it named when it was sent
    refresh_at: datetime | None = None  # the sent message is to be updated from this moment
    refresh_attempts: int = 0


class LetterLine(Table, table=True):
    """One step of one round told to one person, once."""

    __tablename__ = "letter_line"
    __table_args__ = (UniqueConstraint("person_id", "round_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    round_id: int = Field(foreign_key="review_round.id", index=True)
    step: str


class ApiPause(Table, table=True):
    """Until when a Web API method rests in a workspace (Retry-After), for all processes."""

    __tablename__ = "api_pause"

    team_id: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    until: datetime


class AuditEntry(Table, table=True):
    """What was done, by whom and when: ids and names of fields, never the text of an answer."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str  # slack, cli, clock
    person_id: int | None = Field(default=None, foreign_key="person.id")
    action: str = Field(index=True)
    subject: str = ""
    detail: dict[str, Any] = _json()
