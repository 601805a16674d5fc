"""What goes wrong between the bot and Slack, by the weather of the hour."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

_PASSING = ("service_unavailable", "request_timeout", "team_added_to_org")
_AMBIGUOUS = ("fatal_error", "internal_error")
_BARRED = ("invalid_auth", "token_expired", "token_revoked", "missing_scope", "access_denied")
_FINAL = ("msg_too_long", "is_archived", "restricted_action", "cannot_dm_bot")
_STATUSES = (500, 502, 503, 504)
_RETRY_AFTER = (1, 2, 5, 30, 60)


class Fault(StrEnum):
    """One way in which a call ends badly; "after" means that Slack took it all the same."""

    NO_CONNECTION = "no-connection"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"
    STATUS_BEFORE = "5xx-before"
    STATUS_AFTER = "5xx-after"
    PLAIN_BEFORE = "plain-200-before"
    PLAIN_AFTER = "plain-200-after"
    AMBIGUOUS_BEFORE = "fatal-before"
    AMBIGUOUS_AFTER = "fatal-after"
    RATE_LIMITED = "429"
    PASSING = "passing"
    REFUSED = "refused"
    BARRED = "barred"

    @property
    def is_taken(self) -> bool:
        """Whether Slack does what it was asked, and then says so badly."""
        return self.value.endswith("-after")


# Refusals of one recipient for good are rarer than what passes.
_COMMON = tuple(fault for fault in Fault if fault not in (Fault.BARRED, Fault.REFUSED))


@dataclass(frozen=True)
class Befallen:
    """A fault with its particulars; ``word`` is Slack's error word."""

    fault: Fault
    word: str = ""
    status: int = 200
    retry_after: int = 0


@dataclass
class Weather:
    """``roughness``: the share of calls that end badly. ``barred``: Slack refuses our token."""

    rng: random.Random
    roughness: float = 0.0
    barred: bool = False
    rests: dict[str, datetime] = field(default_factory=dict)  # method -> what Retry-After said

    def befall(self, method: str, now: datetime) -> Befallen | None:
        """What becomes of a call; None when all goes well."""
        if self.barred:
            return Befallen(Fault.BARRED, word=self.rng.choice(_BARRED))
        if self.rng.random() >= self.roughness:
            return None
        fault = self._pick(method)
        seconds = self.rng.choice(_RETRY_AFTER)
        if fault is Fault.RATE_LIMITED:
            self.rests[method] = now + timedelta(seconds=seconds)
        return Befallen(fault, self._word(fault), self.rng.choice(_STATUSES), seconds)

    def latency(self) -> float:
        """Seconds one way. The slowest call still ends before the bot loses patience."""
        slow = self.rng.random() < self.roughness / 4
        return self.rng.uniform(1.0, 4.0) if slow else self.rng.uniform(0.01, 0.2)

    def _pick(self, method: str) -> Fault:
        if method == "chat.postMessage" and self.rng.random() < 0.02:
            return Fault.REFUSED
        return self.rng.choice(_COMMON)

    def _word(self, fault: Fault) -> str:
        match fault:
            case Fault.PASSING:
                return self.rng.choice(_PASSING)
            case Fault.REFUSED:
                return self.rng.choice(_FINAL)
            case Fault.AMBIGUOUS_BEFORE | Fault.AMBIGUOUS_AFTER:
                return self.rng.choice(_AMBIGUOUS)
            case _:
                return ""
