"""What people have been written: which steps of a round, how many notices, and what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.letters import LetterKind, LetterState
from storage.letter_conditions import in_state
from storage.models import Letter, LetterLine
from storage.reader import Reader


class Correspondence:
    """Queries over letters by person; ``day`` is a Japanese date. Nothing is written here."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def told(self, round_id: int) -> dict[int, set[str]]:
        """Which steps of a round each person has in a letter, sent or not."""
        told: dict[int, set[str]] = {}
        for person_id, step in await self._reader.rows(_TOLD, {"round": round_id}):
            told.setdefault(person_id, set()).add(step)
        return told

    async def written_to(
        self, kind: LetterKind, person_ids: Iterable[int], day: date
    ) -> frozenset[int]:
        """Which of these people have a letter of a kind and Japanese date, sent or not."""
        query = select(Letter.person_id).where(
            col(Letter.person_id).in_(list(person_ids)),
            Letter.kind == kind.value,
            Letter.day == day,
        )
        return frozenset(await self._session.exec(query))

    async def notices_sent(self, round_id: int) -> dict[int, int]:
        """How many letters about a round each person has been sent."""
        query = (
            select(Letter.person_id, func.count(func.distinct(col(Letter.id))))
            .join(LetterLine, col(LetterLine.letter_id) == col(Letter.id))
            .where(LetterLine.round_id == round_id, in_state(LetterState.SENT))
            .where(Letter.kind == LetterKind.NOTICE.value)
            .group_by(col(Letter.person_id))
        )
        return dict(list(await self._session.exec(query)))

    async def notices_since(self, person_ids: Iterable[int], day: date) -> list[Letter]:
        """People's notices dated from a day on that have been sent, or may still be."""
        query = select(Letter).where(
            col(Letter.person_id).in_(list(person_ids)),
            col(Letter.day) >= day,
            Letter.kind == LetterKind.NOTICE.value,
            col(Letter.state) != LetterState.WITHDRAWN.value,
        )
        return list(await self._session.exec(query))

    async def told_instead(self, round_id: int, suffix: str, first: date, last: date) -> set[int]:
        """Who was sent, between two days, a step of a round whose key ends like that."""
        query = (
            select(Letter.person_id)
            .join(LetterLine, col(LetterLine.letter_id) == col(Letter.id))
            .where(
                LetterLine.round_id == round_id,
                col(LetterLine.step).endswith(suffix),
                col(Letter.day).between(first, last),
                in_state(LetterState.SENT),
            )
        )
        return set(await self._session.exec(query))

    async def undeliverable(self, round_id: int) -> dict[int, str]:
        """People whose newest letter about a round can't be delivered, with Slack's reason."""
        found = await self._reader.rows(_ENDS, {"round": round_id})
        newest = {letter.person_id: letter for letter in found}
        return {
            person_id: letter.reason
            for person_id, letter in newest.items()
            if letter.state == LetterState.UNDELIVERABLE.value
        }


_TOLD: Any = select(LetterLine.person_id, LetterLine.step).where(
    col(LetterLine.round_id) == bindparam("round")
)
_ENDS: Any = (
    select(Letter.person_id, Letter.state, Letter.reason)
    .join(LetterLine, col(LetterLine.letter_id) == col(Letter.id))
    .where(
        col(LetterLine.round_id) == bindparam("round"),
        col(Letter.kind) != LetterKind.DIGEST.value,
    )
    .order_by(col(Letter.id))
)
