"""Files that were dropped into the bot's conversation: read, looked over, applied, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from storage.models.base import Table, json_column


class ImportBatch(Table, table=True):
    """One file: what was read from it (``content``) and, once applied, what undoes it (``undo``).

    ``digest`` is of the file's bytes; the file itself is not kept.
    """

    __tablename__ = "import_batch"

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # plan, people, units
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    file_name: str
    digest: str
    content: dict[str, Any] = json_column()
    undo: dict[str, Any] = json_column()
    entered_by: int = Field(foreign_key="person.id")
    at: datetime
    applied_at: datetime | None = None
    undone_at: datetime | None = None
