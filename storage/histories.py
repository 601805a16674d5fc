"""What was told about a plan's items: letters by the rounds that they speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Consultation, Letter, LetterLine


class Histories:
    """Queries over what has happened to items."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def letters(self, round_ids: Collection[int]) -> Sequence[Any]:
        """What was to be told of some rounds, one row a line, oldest first.

        Of the letter: ``letter_id``, ``kind``, ``person_id``, ``day``, ``state``, ``sent_at`` and
        ``item_ids``; of its line: ``round_id`` and ``step``.
        """
        query: Any = select(  # type: ignore[call-overload]
            col(Letter.id).label("letter_id"),
            Letter.kind,
            Letter.person_id,
            Letter.day,
            Letter.state,
            Letter.sent_at,
            Letter.item_ids,
            LetterLine.round_id,
            LetterLine.step,
        )
        ours = query.join(LetterLine, col(LetterLine.letter_id) == col(Letter.id)).where(
            col(LetterLine.round_id).in_(list(round_ids))
        )
        order = (col(Letter.day), col(Letter.id), col(LetterLine.id))
        return list(await self._session.exec(ours.order_by(*order)))

    async def consultations(
        self, round_ids: Collection[int], initiative_id: int
    ) -> list[Consultation]:
        """What was asked about an item in some rounds, oldest first."""
        query = select(Consultation).where(
            col(Consultation.round_id).in_(list(round_ids)),
            Consultation.initiative_id == initiative_id,
        )
        return list(await self._session.exec(query.order_by(col(Consultation.id))))
