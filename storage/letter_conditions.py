"""Where a letter stands, as conditions of a query.

``now`` is the machine's clock (UTC), ``day`` a Japanese date; either may be a parameter that is
given when the query is run.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from bot.domain.letters import LetterState
from storage.models import ApiPause, Letter


def in_state(*states: LetterState, of: Any = Letter) -> ColumnElement[bool]:
    """In one of these states."""
    values = [state.value for state in states]
    state = col(of.state)
    return state == values[0] if len(values) == 1 else state.in_(values)


def is_alive() -> ColumnElement[bool]:
    """What has not ended; where a letter stays unknown for good, no next try is given."""
    waiting = in_state(LetterState.PENDING, LetterState.UNKNOWN)
    return or_(and_(waiting, given(Letter.next_try_at)), in_state(LetterState.SENDING))


def is_pending(now: Any, of: Any = Letter) -> ColumnElement[bool]:
    """Not sent so far, and its time has come."""
    return and_(in_state(LetterState.PENDING, of=of), col(of.next_try_at) <= now)


def is_doubtful(now: Any, of: Any = Letter) -> ColumnElement[bool]:
    """It may have been sent: nobody knows, or who sent it is gone. It is to be looked for now."""
    unknown = in_state(LetterState.UNKNOWN, of=of) & (col(of.next_try_at) <= now)
    abandoned = in_state(LetterState.SENDING, of=of) & (col(of.lease_until) <= now)
    return or_(unknown, abandoned)


def is_awake(now: Any, *methods: str) -> ColumnElement[bool]:
    """No such method rests in its workspace."""
    resting = select(ApiPause.team_id).where(
        col(ApiPause.method).in_(methods), col(ApiPause.until) > now
    )
    return not_(col(Letter.team_id).in_(resting))


def has_its_turn(now: Any, day: Any, just_now: Any, soon: Any) -> ColumnElement[bool]:
    """A conversation gets one letter at a time, the oldest first, and nothing else ``just_now``.

    ``soon``: a moment after it is of a clock that was wrong, and keeps nobody waiting.
    """
    other = aliased(Letter)
    goes_first = and_(
        col(other.id) < col(Letter.id),
        or_(is_pending(now, other), is_doubtful(now, other)),
        col(other.day) <= day,
    )
    return not_(_has(other, or_(_is_busy(other, now, just_now, soon), goes_first)))


def may_be_updated(now: Any, just_now: Any, soon: Any) -> ColumnElement[bool]:
    """The newest of a conversation's messages that wait for it, and nothing else ``just_now``."""
    other = aliased(Letter)
    goes_first = and_(
        col(other.id) > col(Letter.id),
        in_state(LetterState.SENT, of=other),
        col(other.refresh_at) <= now,
    )
    return not_(_has(other, or_(_is_busy(other, now, just_now, soon), goes_first)))


def _has(other: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(other.person_id) == col(Letter.person_id), condition)


def _is_busy(other: Any, now: Any, just_now: Any, soon: Any) -> ColumnElement[bool]:
    return or_(
        in_state(LetterState.SENDING, of=other) & (col(other.lease_until) > now),
        and_(col(other.sent_at) > just_now, col(other.sent_at) <= soon),
        and_(col(other.updated_at) > just_now, col(other.updated_at) <= soon),
    )


def given(column: Any) -> ColumnElement[bool]:
    """Not NULL."""
    return col(column).is_not(None)
