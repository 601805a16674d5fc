"""Review rounds: when a plan is reviewed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
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
    publishes: date
    contact: str = ""
    extension: str = ""
    notice: str = ""
    ladder: dict[str, Any] = json_column()
