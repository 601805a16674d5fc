"""Drafts: what somebody has typed about an item and not submitted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field

from storage.models.base import Table, json_column


class DraftRow(Table, table=True):
    """The newest state of one person's form about one item of a round; read by nobody else.

    ``initiative_id`` is 0 for what a form asks once per unit. ``base`` is the revision that the
    form was opened on. ``stamp`` orders what was typed (domain/drafts.py says how); ``at`` is when
    it reached us.
    """

    __tablename__ = "draft"

    round_id: int = Field(foreign_key="review_round.id", primary_key=True)
    initiative_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    base: int
    answers: dict[str, str] = json_column()
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    stamp: int = Field(sa_column=Column(BigInteger, nullable=False))
    at: datetime = Field(index=True)
