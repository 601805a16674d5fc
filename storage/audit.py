"""The audit trail: what was done, never the text of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import AuditEntry


class AuditTrail:
    """Writes and reads entries."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def note(
        self,
        action: str,
        *,
        at: datetime,
        actor: str,
        subject: str = "",
        person_id: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an entry to this unit of work."""
        self._session.add(
            AuditEntry(
                at=at,
                actor=actor,
                person_id=person_id,
                action=action,
                subject=subject,
                detail=dict(detail or {}),
            )
        )

    async def newest(self, action: str) -> AuditEntry | None:
        """The last entry of an action, whatever its subject."""
        query = select(AuditEntry).where(AuditEntry.action == action)
        return (await self._session.exec(query.order_by(col(AuditEntry.id).desc()))).first()

    async def about(self, subject: str) -> list[AuditEntry]:
        """The entries about one subject, oldest first."""
        query = select(AuditEntry).where(AuditEntry.subject == subject)
        return list(await self._session.exec(query.order_by(col(AuditEntry.id))))
