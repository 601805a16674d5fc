"""Weekly digests: which unit's numbers go to which channel."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Digest, Letter


class Digests:
    """Queries over digests."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_unit(self, unit_id: int) -> Digest | None:
        """A unit's digest, on or off; None where nobody has ever set one."""
        query = select(Digest).where(Digest.unit_id == unit_id)
        return (await self._session.exec(query)).first()

    async def active(self) -> list[Digest]:
        """The digests that are switched on."""
        query = select(Digest).where(col(Digest.active).is_(True))
        return list(await self._session.exec(query.order_by(col(Digest.unit_id))))

    async def written(self, keys: list[str]) -> set[str]:
        """Which of these letters' keys are taken."""
        return set(await self._session.exec(select(Letter.key).where(col(Letter.key).in_(keys))))

    async def newest_letter(self, prefix: str) -> Letter | None:
        """The newest letter whose key begins so."""
        query = select(Letter).where(col(Letter.key).startswith(prefix, autoescape=True))
        return (await self._session.exec(query.order_by(col(Letter.id).desc()).limit(1))).first()

    async def add(self, row: Digest) -> None:
        """Store a new or changed digest; its id is set."""
        self._session.add(row)
        await self._session.flush()
