"""Marks that a published file lost: what somebody read of them on the paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table


class PaperMark(Table, table=True):
    """What the paper says where the file could not be read; ``value`` is empty where it is blank.

    It outlives the next import of the same file, in which the mark is lost again.
    """

    __tablename__ = "paper_mark"
    __table_args__ = (UniqueConstraint("check_in_id", "question"),)

    id: int | None = Field(default=None, primary_key=True)
    check_in_id: int = Field(foreign_key="check_in.id")
    question: str  # the key of the field
    value: str = Field(default="", sa_column=Column(Text, nullable=False))
    person_id: int = Field(foreign_key="person.id")
    at: datetime
