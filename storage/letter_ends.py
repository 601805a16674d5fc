"""How letters ended, recorded many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, inspect, update

from bot.domain.letters import LetterState, Next
from storage.models import Letter, LetterLine


@dataclass(frozen=True)
class Posted:
    """The message that Slack has. ``text`` is None for one found by its key.

    What that one says may be out of date by now: it is updated as soon as may be. ``by_line``
    says which items stand below which line, where there are several about one round.
    """

    channel: str
    ts: str
    at: datetime
    text: str | None
    item_ids: tuple[int, ...]
    by_line: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class LetterEnd:
    """What became of a claimed letter.

    ``unsaid``: lines that it ended without, and that are to be said another day.
    """

    letter: Letter
    following: Next
    posted: Posted | None = None
    unsaid: tuple[int, ...] = ()


@dataclass(frozen=True)
class RefreshEnd:
    """What became of an update: the text that stands there now, or when to try again.

    ``gone``: there is no message any more that could be updated.
    """

    letter: Letter
    at: datetime
    text: str | None = None
    again_at: datetime | None = None
    gone: bool = False


def refreshed(ends: Sequence[RefreshEnd]) -> tuple[Any, list[dict[str, Any]]]:
    """A statement for updates that have ended, and its parameters for each."""
    rows = [
        {
            "its_id": end.letter.id,
            "its_refresh_at": end.letter.refresh_at,
            "to_refresh_at": end.again_at,
            "to_updated_at": None if end.gone else end.at,
            "to_text": end.text,
        }
        for end in ends
    ]
    return _REFRESHED, rows


def ended(ends: Sequence[LetterEnd]) -> tuple[Any, list[dict[str, Any]]]:
    """A statement for letters that Slack did not take, and its parameters for each."""
    return _STILL_OURS.values(**_ENDED), [_parameters(each) for each in ends]


def sent(ends: Sequence[LetterEnd]) -> tuple[Any, list[dict[str, Any]]]:
    """A statement for letters that Slack has, and its parameters for each."""
    rows = [
        {**_parameters(each), **_message(each.posted)} for each in ends if each.posted is not None
    ]
    return _STILL_OURS.values(**_ENDED, **_SENT), rows


def named_by_line(ends: Sequence[LetterEnd]) -> tuple[Any, list[dict[str, Any]]]:
    """A statement for what stood below each line of a letter, and its parameters for each."""
    rows = [
        {"its_id": line_id, "to_item_ids": list(ids)}
        for end in ends
        if end.posted is not None
        for line_id, ids in sorted(end.posted.by_line.items())
    ]
    return _NAMED, rows


def _parameters(end: LetterEnd) -> dict[str, Any]:
    letter, following = end.letter, end.following
    return {
        "its_id": letter.id,
        "its_attempts": letter.attempts,
        "to_attempts": letter.attempts if following.counts else letter.attempts - 1,
        "to_state": following.state.value,
        "to_next_try_at": following.next_try_at,
        "to_reason": following.reason,
    }


def _message(posted: Posted) -> dict[str, Any]:
    return {
        "to_channel": posted.channel,
        "to_ts": posted.ts,
        "to_sent_at": posted.at,
        "to_item_ids": list(posted.item_ids),
        "to_text": posted.text,
        "to_refresh_at": posted.at if posted.text is None else None,
    }


# Unless the lease has run out and another process has taken the letter since.
# The table, not its class: SQLAlchemy lets a class have many updates at once by key alone.
_TABLE = inspect(Letter).local_table
_STILL_OURS = update(_TABLE).where(  # type: ignore[arg-type]
    _TABLE.c.id == bindparam("its_id"),
    _TABLE.c.attempts == bindparam("its_attempts"),
    _TABLE.c.state == LetterState.SENDING.value,
)
_ENDED: dict[str, Any] = {
    "state": bindparam("to_state"),
    "attempts": bindparam("to_attempts"),
    "next_try_at": bindparam("to_next_try_at"),
    "reason": bindparam("to_reason"),
    "lease_until": None,
}


def _keep_unless(name: str, column: Any) -> Any:
    """What was stored stays where nothing new is given."""
    return func.coalesce(bindparam(name, type_=column.type), column)


_SENT: dict[str, Any] = {
    "channel": bindparam("to_channel"),
    "ts": bindparam("to_ts"),
    "sent_at": bindparam("to_sent_at"),
    "item_ids": bindparam("to_item_ids"),
    "text": _keep_unless("to_text", _TABLE.c.text),
    "refresh_at": _keep_unless("to_refresh_at", _TABLE.c.refresh_at),
}
_LINES = inspect(LetterLine).local_table
_NAMED = (
    update(_LINES)  # type: ignore[arg-type]
    .where(_LINES.c.id == bindparam("its_id"))
    .values(item_ids=bindparam("to_item_ids"))
)
_REFRESHED = (
    update(_TABLE)  # type: ignore[arg-type]
    .where(_TABLE.c.id == bindparam("its_id"), _TABLE.c.refresh_at == bindparam("its_refresh_at"))
    .values(
        refresh_at=bindparam("to_refresh_at"),
        updated_at=bindparam("to_updated_at"),
        text=_keep_unless("to_text", _TABLE.c.text),
    )
)
