"""Outgoing letters: kinds, unique keys and states, and what follows each outcome of a call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

CALL_TIMEOUT = 10.0  # seconds one call to Slack may take
LEASE = timedelta(seconds=20)  # a claim older than this belongs to a process that is gone
CALL_TIME = timedelta(seconds=CALL_TIMEOUT + 1)  # what is left of a lease must cover a call
SPACING = timedelta(seconds=1)  # a channel takes a message a second (Slack, chat.postMessage)
MENDED_WITHIN = timedelta(minutes=10)  # how long a letter waits that we can't compose
BARRED_REST = timedelta(minutes=1)  # how long we leave a workspace alone that refuses our token
_RETRY_AFTER_SECONDS = (1, 5, 30, 120, 600)
MAX_ATTEMPTS = 60
DOUBT = "restored:"
_TOKENS = uuid.UUID("5c1f3a52-6a0e-4e0b-9d0c-0b6b5d6f1c3e")  # any, but for ever the same


class LetterKind(StrEnum):
    """One letter of each kind at most per person and Japanese date."""

    NOTICE = "notice"
    MANAGERS = "managers"
    WARD_HEAD = "ward-head"
    COORDINATOR = "coordinator"
    TO_CONFIRM = "to-confirm"
    DIGEST = "digest"  # to a channel; one a unit and date
    # Caused by what somebody did, and keyed by it.
    SENT_BACK = "sent-back"
    CONSULTED = "consulted"
    NUDGE = "nudge"  # one a day per person, whoever sends it and about how many items


class LetterState(StrEnum):
    """Where a letter stands. Claims commit SENDING before the call."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"  # the call ended without a word: look before sending again
    WITHDRAWN = "withdrawn"  # it had lost its reason before it was sent


def scheduled_key(kind: LetterKind, person_id: int, day: date) -> str:
    """The unique key of a scheduled letter."""
    return f"{kind}:{person_id}:{day.isoformat()}"


def act_key(kind: LetterKind, person_id: int, act: str) -> str:
    """The unique key of a letter that somebody caused; ``act`` names what they did, by its id."""
    return f"{kind}:{person_id}:{act}"


def token_of(key: str) -> str:
    """The opaque word for a key in a message's metadata, which a whole workspace can read.

    It follows from the key alone, so that a letter written anew by a restored database can be
    recognised among those that were sent before.
    """
    return uuid.uuid5(_TOKENS, key).hex


def doubt_since(day: date) -> str:
    """The reason of a letter that may have been sent, on ``day`` or later, as another letter."""
    return f"{DOUBT}{day.isoformat()}"


def doubted_since(reason: str) -> date | None:
    """The day that ``doubt_since`` put into a reason; None for any other reason."""
    return date.fromisoformat(reason.removeprefix(DOUBT)) if reason.startswith(DOUBT) else None


@dataclass(frozen=True)
class Sent:
    """Slack took the message: the D… id and ts under which it can be updated.

    ``token``: by which a message was recognised, where it was looked for.
    """

    channel: str
    ts: str
    token: str = ""


@dataclass(frozen=True)
class RateLimited:
    """Slack said 429: nothing was sent; the method rests in this workspace for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class NotTaken:
    """Nothing was sent and it may be tried again (no connection, a passing refusal)."""

    reason: str


@dataclass(frozen=True)
class Barred:
    """Slack refused us, not the recipient (a wrong token): nothing goes out until it is mended."""

    reason: str


@dataclass(frozen=True)
class NeverDeliverable:
    """Slack refused for good; ``reason`` is Slack's error word."""

    reason: str


@dataclass(frozen=True)
class Ambiguous:
    """The call ended without a clear word (time-out, dropped connection, 5xx, fatal_error)."""

    reason: str


Outcome = Sent | RateLimited | NotTaken | Barred | NeverDeliverable | Ambiguous


@dataclass(frozen=True)
class Next:
    """What to record after a call: the letter's state and, unless it ended, its next try.

    ``counts``: whether this was one of its tries; waiting for a workspace is none.
    """

    state: LetterState
    next_try_at: datetime | None = None
    reason: str = ""
    counts: bool = True


def after_call(outcome: Outcome, *, attempts: int, now: datetime) -> Next:
    """What follows an outcome; ``attempts`` counts this call, ``now`` is the machine's clock.

    A rate limit is waited out as Slack says. After an ambiguous end the letter is looked for in
    the conversation before it is sent again.
    """
    match outcome:
        case Sent():
            return Next(LetterState.SENT)
        case RateLimited(seconds):
            again = now + timedelta(seconds=seconds)
            return Next(LetterState.PENDING, again, "ratelimited", counts=False)
        case Barred(reason):
            return Next(LetterState.PENDING, now + BARRED_REST, reason, counts=False)
        case NeverDeliverable(reason):
            return Next(LetterState.UNDELIVERABLE, None, reason)
        case Ambiguous(reason):
            return _again(LetterState.UNKNOWN, reason, attempts, now)
        case NotTaken(reason):
            return _again(LetterState.PENDING, reason, attempts, now)


def rest_after(outcome: Outcome) -> timedelta | None:
    """How long the method rests in the whole workspace after this outcome; None: not at all."""
    match outcome:
        case RateLimited(seconds):
            return timedelta(seconds=seconds)
        case Barred():
            return BARRED_REST
        case _:
            return None


def _again(state: LetterState, reason: str, attempts: int, now: datetime) -> Next:
    if attempts >= MAX_ATTEMPTS:
        ended = LetterState.UNKNOWN if state is LetterState.UNKNOWN else LetterState.UNDELIVERABLE
        return Next(ended, None, reason)
    seconds = _RETRY_AFTER_SECONDS[min(attempts, len(_RETRY_AFTER_SECONDS)) - 1]
    return Next(state, now + timedelta(seconds=seconds), reason)
