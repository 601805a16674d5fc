"""Publications: what was published of a round, on which decision, when and where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table, json_column


class Publication(Table, table=True):
    """One round that is published: its answers stand as they were, but for corrections.

    ``content`` holds the plan's own texts of that moment, and ``gaps`` what the coordinator knew
    to be missing. Which revision of an answer was published is in ``check_in.published``: what
    came after it are the corrections.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("round_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="review_round.id")
    decision_number: str  # 決裁番号
    published_on: date  # 公表日, Japanese
    address: str = ""
    content: dict[str, Any] = json_column()
    gaps: dict[str, Any] = json_column()
    actor: str  # slack or cli
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
