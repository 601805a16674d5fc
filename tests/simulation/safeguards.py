"""The safeguards that can be taken out, to see that the simulation misses them.

``python -m tests.simulation --without NAME --seeds 100`` must find what then goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from bot.domain.calendar import OfficeCalendar
from bot.domain.checkins import Verdict, judge
from bot.domain.letters import LetterState
from bot.services import backups, checkins, duties, letter_batch, letters, notice_contents
from bot.services.letter_contents import Composer
from bot.services.letter_facts import named_items
from bot.slack.delivery import Courier
from storage import letter_claims
from storage.outbox import Outbox

Removal = Callable[[ExitStack], None]


@contextmanager
def without(name: str) -> Iterator[None]:
    """Take a safeguard out while in here; an empty name leaves all of them."""
    with ExitStack() as stack:
        if name:
            SAFEGUARDS[name](stack)
        yield


def _look_up(stack: ExitStack) -> None:
    """A letter whose call ended without a word is sent again without looking for its key."""

    async def find(self: Courier, user_id: str, **how: Any) -> None:
        return None

    stack.enter_context(patch.object(Courier, "find", find))


def _claim_commit(stack: ExitStack) -> None:
    """The claim is not stored before the call: nobody knows that a letter is on its way."""
    claim = Outbox.claim

    async def claim_in_mind(self: Outbox, **how: Any) -> Any:
        claimed = await claim(self, **how)
        self._session.expunge_all()
        await self._session.rollback()
        return claimed

    stack.enter_context(patch.object(Outbox, "claim", claim_in_mind))


def _lease(stack: ExitStack) -> None:
    """A claim ends before a slow call does: another process takes the letter meanwhile."""
    stack.enter_context(patch.object(letter_claims, "LEASE", timedelta(seconds=1)))
    stack.enter_context(patch.object(letters, "_put_back", lambda run, claimed: None))


def _withdrawal(stack: ExitStack) -> None:
    """A letter is sent although what it asks for has been answered since.

    One that has been sent is brought up to date as ever.
    """

    def named(letter: Any, facts: Any, step: Any, today: Any, told: Any) -> Any:
        if letter.state == LetterState.SENT.value:
            return named_items(letter, facts, step, today, told)
        return facts.items_of(told.owners)

    stack.enter_context(patch.object(notice_contents, "named_items", named))


def _closed_day(stack: ExitStack) -> None:
    """Nobody looks whether the unit is open today when a letter is sent."""

    async def always(self: Composer, letter: Any, lines: Any) -> bool:
        return True

    stack.enter_context(patch.object(Composer, "_office_is_open", always))


def _sending_hours(stack: ExitStack) -> None:
    """Letters go out at any hour of any day."""
    stack.enter_context(patch.object(OfficeCalendar, "in_sending_window", lambda self, at: True))


def _pause(stack: ExitStack) -> None:
    """A pause silences nothing."""
    for module in (duties, letter_batch):
        stack.enter_context(patch.object(module, "falls_in_pause", lambda day, until: False))


def _revision_check(stack: ExitStack) -> None:
    """A submission replaces whatever another has saved meanwhile."""

    def overriding(current: Any, answers: Any, **how: Any) -> Verdict:
        return judge(current, answers, **{**how, "override": True})

    stack.enter_context(patch.object(checkins, "judge", overriding))


def _fingerprint(stack: ExitStack) -> None:
    """A submission is not known again when it comes twice."""

    def forgetful(current: Any, answers: Any, **how: Any) -> Verdict:
        nobodys = replace(current, answers=None)
        return judge(nobodys, answers, **{**how, "known": False})

    stack.enter_context(patch.object(checkins, "judge", forgetful))


def _restored(stack: ExitStack) -> None:
    """A restored database is believed: what it takes for unsent is sent."""

    async def believe(office: Any) -> int:
        return 0

    stack.enter_context(patch.object(backups, "mark_restored", believe))


SAFEGUARDS: Mapping[str, Removal] = {
    "look-up": _look_up,
    "claim-commit": _claim_commit,
    "lease": _lease,
    "withdrawal": _withdrawal,
    "closed-day": _closed_day,
    "sending-hours": _sending_hours,
    "pause": _pause,
    "revision-check": _revision_check,
    "fingerprint": _fingerprint,
    "restored": _restored,
}
