"""Methods of Slack's Web API that rest in a workspace, for every process to see.

Slack asks for it (Retry-After), or a process says so while it does what is to be done once a day.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import ApiPause
from storage.statements import insert_if_absent


class ApiPauses:
    """Queries over rests. Each side keeps to one clock: letters to the machine's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def pause(self, team_id: str, method: str, until: datetime) -> None:
        """Let a method rest in a workspace, for every process; the later moment wins."""
        values = {"team_id": team_id, "method": method, "until": until}
        await insert_if_absent(self._session, ApiPause, values)
        await self._session.exec(
            update(ApiPause)
            .where(
                col(ApiPause.team_id) == team_id,
                col(ApiPause.method) == method,
                col(ApiPause.until) < until,
            )
            .values(until=until)
        )

    async def claim_method(
        self, team_id: str, method: str, *, now: datetime, until: datetime
    ) -> bool:
        """Let a method that does not rest, rest for all others; whether this call did so."""
        values = {"team_id": team_id, "method": method, "until": until}
        if await insert_if_absent(self._session, ApiPause, values):
            return True
        claimed = await self._session.exec(
            update(ApiPause)
            .where(
                col(ApiPause.team_id) == team_id,
                col(ApiPause.method) == method,
                col(ApiPause.until) <= now,
            )
            .values(until=until)
        )
        return claimed.rowcount == 1

    async def resting_until(self, team_id: str, method: str) -> datetime | None:
        """Until when a method rests, or has rested; None when it never has."""
        found = await self._session.get(ApiPause, (team_id, method), populate_existing=True)
        return found.until if found else None

    async def rouse(self, team_id: str, method: str, now: datetime) -> None:
        """Let a method's rest be over."""
        await self._session.exec(
            update(ApiPause)
            .where(col(ApiPause.team_id) == team_id, col(ApiPause.method) == method)
            .values(until=now)
        )
