"""The audit trail: what was done, by whom and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.models.base import Table, json_column


class AuditEntry(Table, table=True):
    """What was done, by whom and when: ids and names of fields, never the text of an answer."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str  # slack, cli, clock
    person_id: int | None = Field(default=None, foreign_key="person.id")
    action: str = Field(index=True)
    subject: str = ""
    detail: dict[str, Any] = json_column()
