"""The outbox: letters, what each says, and until when Slack is to be left alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table, json_column


class Letter(Table, table=True):
    """The outbox: who is to get what kind of letter for which day; never its blocks.

    ``token`` is the opaque key in the message's metadata. Times are UTC on the machine's clock;
    ``day`` is the Japanese date the letter belongs to.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_state_next_try_at", "state", "next_try_at"),
        # Nearly every letter has been sent, and hardly any is to be updated.
        Index(
            "ix_letter_state_refresh_at",
            "state",
            "refresh_at",
            sqlite_where=text("refresh_at IS NOT NULL"),
            postgresql_where=text("refresh_at IS NOT NULL"),
        ),
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
    item_ids: list[int] = json_column()  # the initiatives it named when it was sent
    refresh_at: datetime | None = None  # the sent message is to be updated from this moment
    refresh_attempts: int = 0
    updated_at: datetime | None = None  # when it was last updated, or begun to be


class LetterLine(Table, table=True):
    """One step of one round told to one person, once."""

    __tablename__ = "letter_line"
    __table_args__ = (UniqueConstraint("person_id", "round_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    round_id: int = Field(foreign_key="review_round.id", index=True)
    step: str
    # What stood below it when it was sent, where its letter has other lines of the same round.
    item_ids: list[int] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class ApiPause(Table, table=True):
    """Until when a Web API method rests in a workspace (Retry-After), for all processes."""

    __tablename__ = "api_pause"

    team_id: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    until: datetime
