"""What is put off to a moment that no clock that is right can have meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.letters import LetterState
from storage.letter_claims import LOOK, POST
from storage.letter_conditions import in_state
from storage.letter_updates import UPDATE
from storage.models import ApiPause, Letter


@dataclass(frozen=True)
class Horizon:
    """The latest moments that are believed: of a claim, of a letter, and of what is done daily.

    The last is the office's clock's, the others are the machine's.
    """

    lease: datetime
    letter: datetime
    daily: datetime


class Postponed:
    """Queries over moments that are still to come: of letters, of updates, of methods' rests."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_any(self, beyond: Horizon) -> bool:
        """Whether something is put off beyond that; a look that holds up no writer."""
        for column, late in _late(beyond):
            if (await self._session.exec(select(column).where(late).limit(1))).first():
                return True
        return False

    async def bring_forward(self, beyond: Horizon, now: datetime) -> int:
        """Put off only to now what is put off beyond that; how many moments there were."""
        number = 0
        for column, late in _late(beyond):
            brought = update(column.class_).where(late).values({column.key: now})
            number += (await self._session.exec(brought)).rowcount
        return number


def _late(beyond: Horizon) -> list[tuple[Any, ColumnElement[bool]]]:
    waits, is_sent = (LetterState.PENDING, LetterState.UNKNOWN), in_state(LetterState.SENT)
    tried, claimed = col(Letter.next_try_at), col(Letter.lease_until)
    updated, rests = col(Letter.refresh_at), col(ApiPause.until)
    of_letters = col(ApiPause.method).in_((POST, LOOK, UPDATE))
    return [
        (tried, in_state(*waits) & (tried > beyond.letter)),
        (claimed, in_state(LetterState.SENDING) & (claimed > beyond.lease)),
        (updated, is_sent & (updated > beyond.letter)),
        (rests, of_letters & (rests > beyond.letter)),
        (rests, ~of_letters & (rests > beyond.daily)),
    ]
