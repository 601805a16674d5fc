"""Claiming letters: what is due is taken by one process, the oldest first, one a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, inspect, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.letters import LEASE, SPACING, LetterState
from storage.letter_conditions import has_its_turn, is_awake, is_doubtful, is_pending
from storage.models import Letter
from storage.reader import Reader

POST = "chat.postMessage"
LOOK = "conversations.history"  # for a letter in doubt


@dataclass(frozen=True)
class Claimed:
    """A letter this process may now send; ``doubtful``: look whether it was sent already."""

    letter: Letter
    doubtful: bool


async def claim(session: AsyncSession, *, now: datetime, day: date, limit: int) -> list[Claimed]:
    """Take up to ``limit`` letters; what is to be looked for before it is sent comes first."""
    given = {"now": now, "day": day, "just_now": now - SPACING, "soon": now + LEASE}
    doubted = await _held(session, _IN_DOUBT, {**given, "most": limit})
    waiting = await _held(session, _UNSENT, {**given, "most": limit - len(doubted)})
    await _take(session, [*doubted, *waiting], now + LEASE)
    return [
        *(Claimed(letter, doubtful=True) for letter in doubted),
        *(Claimed(letter, doubtful=False) for letter in waiting),
    ]


async def is_any_due(reader: Reader, *, now: datetime, day: date) -> bool:
    """Whether there may be something to claim: a rival or a workspace may hold it back."""
    asked = {"now": now, "day": day}
    return bool(await reader.rows(_PENDING, asked) or await reader.rows(_DOUBTFUL, asked))


async def _held(session: AsyncSession, query: Any, given: dict[str, Any]) -> list[Letter]:
    return list(await session.exec(query, params=given)) if given["most"] else []


async def _take(session: AsyncSession, letters: Sequence[Letter], lease: datetime) -> None:
    if not letters:
        return
    ids = [letter.id for letter in letters]
    await session.exec(_TAKE, params={"ids": ids, "lease": lease})
    for letter in letters:
        taken = {"state": LetterState.SENDING.value, "attempts": letter.attempts + 1}
        for name, value in {**taken, "lease_until": lease, "next_try_at": None}.items():
            set_committed_value(letter, name, value)


def _oldest(due: ColumnElement[bool], *methods: str) -> Any:
    """Put together once: that costs more than running it."""
    just_now, soon = (bindparam(name, type_=_NOW.type) for name in ("just_now", "soon"))
    turn = has_its_turn(_NOW, _DAY, just_now, soon)
    ours = select(Letter).where(due, col(Letter.day) <= _DAY, is_awake(_NOW, *methods), turn)
    oldest = ours.order_by(col(Letter.next_try_at), col(Letter.id)).limit(bindparam("most"))
    return oldest.with_for_update(skip_locked=True)


_TABLE = inspect(Letter).local_table
_NOW: Any = bindparam("now", type_=_TABLE.c.next_try_at.type)
_DAY = bindparam("day", type_=Date)
_PENDING, _DOUBTFUL = (
    select(Letter.id).where(due, col(Letter.day) <= _DAY).limit(1)
    for due in (is_pending(_NOW), is_doubtful(_NOW))
)
_IN_DOUBT = _oldest(is_doubtful(_NOW), POST, LOOK)
_UNSENT = _oldest(is_pending(_NOW), POST)
_TAKE = (
    update(_TABLE)  # type: ignore[arg-type]
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=LetterState.SENDING.value,
        attempts=_TABLE.c.attempts + 1,
        lease_until=bindparam("lease"),
        next_try_at=None,
    )
)
