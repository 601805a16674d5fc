"""Drafts: what a person has typed and not submitted; which is newest, what is offered, what lapses.

A draft belongs to one person, and to one item of one round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.answers import Answers
from bot.domain.calendar import at_tokyo

# A draft that nobody goes back to is not kept for longer, whatever its round does.
KEPT_FOR = timedelta(days=30)

# What was typed before a submission may reach us after it, by another connection or process.
_STRAGGLING = timedelta(seconds=5)

_ACTION_TS = re.compile(r"(\d{1,12})\.(\d{6})", re.ASCII)


@dataclass(frozen=True)
class Draft:
    """The whole form as it stood at one moment, with the revision that it was opened on.

    ``stamp`` is Slack's moment of the act in microseconds (``stamp_of``), ``at`` ours, in UTC.
    """

    base: int
    stamp: int
    at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def stamp_of(action_ts: object) -> int | None:
    """Microseconds of an ``action_ts`` (「1788220800.000200」), None when it is malformed.

    Of all that a payload holds, this alone orders what one person does on several devices and
    what several processes hear of: Slack sets it, once, before the payload goes out (Slack,
    block_actions payload). ``view.hash`` tells versions of one screen apart and has no order;
    a redelivery has the same action_ts, so that coming twice or late changes nothing.
    """
    found = _ACTION_TS.fullmatch(action_ts) if isinstance(action_ts, str) else None
    return int(found[1]) * 1_000_000 + int(found[2]) if found else None


def is_newer(draft: Draft, known: Draft | None) -> bool:
    """Whether a draft takes the place of the one that is known; the same one does not."""
    return known is None or draft.stamp > known.stamp


def is_settled(draft: Draft, submitted_at: datetime | None) -> bool:
    """Whether a submission of the same person has taken the draft in.

    ``submitted_at`` is when that person last submitted the item after the draft's base revision.
    What somebody else saves settles nobody's draft.
    """
    return submitted_at is not None and draft.at <= submitted_at + _STRAGGLING


def is_offered(draft: Draft, stored: Answers, *, submitted_at: datetime | None) -> bool:
    """Whether to offer a draft when its writer opens the item, on which ``stored`` is the answer.

    Not when there is nothing in it, or nothing that the form would not show anyway.
    """
    if is_settled(draft, submitted_at):
        return False
    written = _filled(draft.answers)
    return bool(draft.reason.strip()) or (bool(written) and written != _filled(stored))


def lapses_on(publishes: date) -> datetime:
    """From when on nothing is kept that was typed before a round was published (a Japanese date):
    the answers are public, and no owner enters any more.
    """
    return at_tokyo(publishes + timedelta(days=1), time())


def _filled(answers: Answers) -> dict[str, str]:
    return {key: text for key, text in answers.items() if text.strip()}
