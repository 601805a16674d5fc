"""Updates of sent letters: asked for when an answer has changed, claimed with a lease, recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, inspect, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.letters import LEASE, SPACING, LetterState
from storage.letter_conditions import given, in_state, is_awake, may_be_updated
from storage.letter_ends import RefreshEnd, refreshed
from storage.models import Absence, Letter, LetterLine
from storage.reader import Reader

UPDATE = "chat.update"


class LetterUpdates:
    """Queries over sent letters that are to say something else; ``now`` is the machine's (UTC)."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def ask(self, person_ids: Iterable[int], round_id: int, at: datetime) -> bool:
        """Ask that some people's letters about a round be updated from ``at``, once they are sent;
        whether there are any.

        One that is on its way may say what was true a moment ago: it is asked for as well.
        """
        asked = {"people": list(person_ids), "round": round_id, "asked_at": at}
        return bool(await self._reader.change(_ASK, asked))

    async def claim(
        self, *, now: datetime, limit: int, person_ids: Iterable[int] | None = None
    ) -> list[Letter]:
        """Take sent letters that are to be updated; ``refresh_at`` becomes the end of the lease.

        Of one person's the newest, a second after the last letter or update in the conversation.
        """
        lease = now + LEASE
        asked: dict[str, Any] = {"now": now, "just_now": now - SPACING, "soon": lease}
        asked["most"] = limit
        if person_ids is None:
            held = list(await self._session.exec(_DUE, params=asked))
        else:
            asked["people"] = list(person_ids)
            held = list(await self._session.exec(_DUE_OF, params=asked))
        for letter in held:
            letter.refresh_at, letter.updated_at = lease, now
            letter.refresh_attempts += 1
            self._session.add(letter)
        return held

    async def record(self, ends: Sequence[RefreshEnd]) -> None:
        """Record updates, each unless a newer one was asked for while it ran."""
        statement, rows = refreshed(sorted(ends, key=lambda end: end.letter.id or 0))
        if rows:
            await self._session.exec(statement, params=rows)

    async def is_any_due(self, *, now: datetime, person_ids: Iterable[int] | None = None) -> bool:
        """Whether there is a letter to update as soon as its conversation takes it."""
        asked: dict[str, Any] = {"now": now}
        if person_ids is None:
            return bool(await self._reader.rows(_ANY_DUE, asked))
        asked["people"] = list(person_ids)
        return bool(await self._reader.rows(_ANY_DUE_OF, asked))

    async def updated_since(self, person_ids: Iterable[int], since: datetime) -> set[int]:
        """Who has another message that was updated since then, or is yet to be."""
        true = or_(col(Letter.updated_at) > since, given(Letter.refresh_at))
        query = select(Letter.person_id).where(
            col(Letter.person_id).in_(list(person_ids)), in_state(LetterState.SENT), true
        )
        return set(await self._session.exec(query))


def _asking() -> Any:
    about = select(LetterLine.letter_id).where(col(LetterLine.round_id) == bindparam("round"))
    people: Any = bindparam("people", expanding=True)
    # Also who was asked in place of any of them while they were away.
    deputies = select(Absence.deputy_id).where(col(Absence.person_id).in_(people))
    asked_instead = deputies.where(col(Absence.deputy_id).is_not(None))
    told = or_(col(LetterLine.person_id).in_(people), col(LetterLine.person_id).in_(asked_instead))
    theirs = select(Letter.id).where(
        col(Letter.id).in_(about.where(told)),
        in_state(LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN),
    )
    # In the order in which ends are recorded: else each of two could wait for the other.
    in_order = theirs.order_by(col(Letter.id)).with_for_update()
    letter: Any = inspect(Letter).local_table
    asked = {"refresh_at": bindparam("asked_at"), "refresh_attempts": 0}
    return update(letter).where(letter.c.id.in_(in_order)).values(**asked)


# Each submission asks: put together once, since that costs more than running it.
_ASK = _asking()


def _moment(name: str) -> Any:
    return bindparam(name, type_=inspect(Letter).local_table.c.refresh_at.type)


def _is_due(now: Any) -> Any:
    return (col(Letter.refresh_at) <= now) & in_state(LetterState.SENT) & is_awake(now, UPDATE)


def _due(*conditions: Any) -> Any:
    now, just_now, soon = (_moment(name) for name in ("now", "just_now", "soon"))
    query = select(Letter).where(_is_due(now), may_be_updated(now, just_now, soon), *conditions)
    newest = query.order_by(col(Letter.id).desc()).limit(bindparam("most"))
    return newest.with_for_update(skip_locked=True)


# Put together once: that costs as much as running them.
_DUE = _due()
_OF_PEOPLE = col(Letter.person_id).in_(bindparam("people", expanding=True))
_DUE_OF = _due(_OF_PEOPLE)
_ANY_DUE: Any = select(Letter.id).where(_is_due(_moment("now"))).limit(1)
_ANY_DUE_OF = _ANY_DUE.where(_OF_PEOPLE)
