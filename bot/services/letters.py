"""Delivery: claim letters, compose what is true now, send with one call each, record the end."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.letters import (
    Ambiguous,
    LetterKind,
    LetterState,
    Next,
    Outcome,
    RateLimited,
    Sent,
    after_call,
    doubted_since,
    rest_after,
    scheduled_key,
    token_of,
)
from bot.services.letter_contents import Composer, Content
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.views.blocks import Rendered
from bot.views.letters import render
from storage.models import Letter
from storage.outbox import POST, Claimed
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

BATCH = 20
# A unit's own closure: its letters wait for the next sweep after this.
_CLOSED_TODAY = timedelta(minutes=30)


@dataclass
class Tally:
    """How the letters that this process took ended, by letter id; the last end counts."""

    ends: dict[int, LetterState] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Numbers for scripts: sent, deferred, undeliverable, unknown."""
        found = Counter(self.ends.values())
        return {
            "sent": found[LetterState.SENT],
            "deferred": found[LetterState.PENDING] + found[LetterState.SENDING],
            "undeliverable": found[LetterState.UNDELIVERABLE],
            "unknown": found[LetterState.UNKNOWN],
        }


@dataclass(frozen=True)
class _Ready:
    """A claimed letter with what it says; nothing when it has lost its reason."""

    claimed: Claimed
    content: Content | None
    office_open: bool


async def deliver(
    office: Office,
    courier: Courier,
    *,
    at: datetime,
    tally: Tally | None = None,
    limit: int = BATCH,
) -> int:
    """Send up to ``limit`` letters whose time has come; how many were taken.

    ``at`` decides the Japanese date and the 9:30 to 17:30 window; leases and retries run on the
    machine's clock. Letters to one person go one after the other, people side by side.
    """
    if not OfficeCalendar().in_sending_window(at):
        return 0
    async with office.database.begin() as uow:
        claimed = await uow.outbox.claim(
            now=office.machine.now(), day=japanese_date(at), limit=limit
        )
        await uow.commit()
    if not claimed:
        return 0
    ready = await _composed(office, claimed, at)
    ends = tally if tally is not None else Tally()
    await side_by_side(
        _send_in_turn(office, courier, letters, ends) for letters in _by_person(ready)
    )
    return len(claimed)


async def side_by_side(sendings: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run them side by side to their ends; one that fails stops no other, and is raised last."""
    ends = await asyncio.gather(*sendings, return_exceptions=True)
    failures = [end for end in ends if isinstance(end, Exception)]
    if failures:
        raise ExceptionGroup("letters that could not be recorded", failures)


async def _composed(office: Office, claimed: Sequence[Claimed], at: datetime) -> list[_Ready]:
    async with office.database.read() as uow:
        composer = Composer(uow, at=at, forms=office.forms)
        return [
            _Ready(
                each,
                await composer.compose(each.letter),
                await composer.office_is_open(each.letter),
            )
            for each in claimed
        ]


def _by_person(ready: Sequence[_Ready]) -> list[list[_Ready]]:
    people: dict[int, list[_Ready]] = {}
    for each in ready:
        people.setdefault(each.claimed.letter.person_id, []).append(each)
    return list(people.values())


async def _send_in_turn(
    office: Office, courier: Courier, letters: Sequence[_Ready], tally: Tally
) -> None:
    for each in letters:
        tally.ends[each.claimed.letter.id or 0] = await _send(office, courier, each)


async def _send(office: Office, courier: Courier, ready: _Ready) -> LetterState:
    letter, now = ready.claimed.letter, office.machine.now()
    found = await _find(office, courier, ready.claimed)
    if found is not None:
        return await _record(office, letter, found, ready.content)
    if ready.content is None:
        return await _end(office, letter, Next(LetterState.WITHDRAWN, None, "no-reason-left"))
    if not ready.office_open:
        return await _end(office, letter, Next(LetterState.PENDING, now + _CLOSED_TODAY, "closed"))
    rendered = render(ready.content.letter)
    outcome = await courier.post(letter.slack_user_id, rendered, key=letter.token)
    return await _record(office, letter, outcome, ready.content, rendered)


async def _find(office: Office, courier: Courier, claimed: Claimed) -> Outcome | None:
    """Where a letter may have been sent already: the message, or that this can't be known yet."""
    letter = claimed.letter
    if not claimed.doubtful:
        return None
    found = await courier.find(letter.slack_user_id, keys=await _tokens(office, letter))
    if found is None or isinstance(found, Sent):
        return found
    if doubted_since(letter.reason):
        return Ambiguous(letter.reason)  # it tells the next look what to look for
    # The look itself was refused: the letter stays in doubt, and is not sent blindly.
    return Ambiguous(f"lookup:{found.reason if not isinstance(found, RateLimited) else '429'}")


async def _tokens(office: Office, letter: Letter) -> set[str]:
    """What a letter can be recognised by: after a restore, also as one of an earlier day."""
    since = doubted_since(letter.reason)
    if since is None:
        return {letter.token}
    days = [since + timedelta(days=n) for n in range((letter.day - since).days + 1)]
    kind = LetterKind(letter.kind)
    earlier = {token_of(scheduled_key(kind, letter.person_id, day)) for day in days}
    async with office.database.read() as uow:
        return {letter.token, *earlier} - await uow.outbox.other_tokens(letter)


async def _record(
    office: Office,
    letter: Letter,
    outcome: Outcome,
    content: Content | None,
    rendered: Rendered | None = None,
) -> LetterState:
    now = office.machine.now()
    following = after_call(outcome, attempts=letter.attempts, now=now)
    async with office.database.begin() as uow:
        stored = await _still_ours(uow, letter)
        if stored is None:
            return following.state
        rest = rest_after(outcome)
        if rest is not None:
            await uow.api_pauses.pause(letter.team_id, POST, now + rest)
        if isinstance(outcome, Sent):
            stored.channel, stored.ts, stored.sent_at = outcome.channel, outcome.ts, now
            stored.item_ids = list(content.item_ids) if content else []
            stored.text = rendered.text if rendered else stored.text
            if rendered is None:  # found by its key: what it says may be out of date by now
                stored.refresh_at = now
        _apply(stored, following)
        await uow.outbox.add(stored)
        await uow.commit()
    _log(letter, following)
    return following.state


async def _end(office: Office, letter: Letter, following: Next) -> LetterState:
    async with office.database.begin() as uow:
        stored = await _still_ours(uow, letter)
        if stored is not None:
            _apply(stored, following)
            await uow.outbox.add(stored)
        await uow.commit()
    _log(letter, following)
    return following.state


async def _still_ours(uow: UnitOfWork, letter: Letter) -> Letter | None:
    """The letter as stored, unless our lease ran out and another process has taken it since."""
    stored = await uow.outbox.get(letter.id or 0)
    return stored if stored is not None and stored.attempts == letter.attempts else None


def _apply(letter: Letter, following: Next) -> None:
    letter.state = following.state.value
    letter.next_try_at = following.next_try_at
    letter.lease_until = None
    letter.reason = following.reason


def _log(letter: Letter, following: Next) -> None:
    log.info(
        "Letter %s is %s.",
        letter.id,
        following.state.value,
        extra={
            "action": f"letter.{following.state.value}",
            "letter": letter.id,
            "kind": letter.kind,
            "reason": following.reason,
            "attempts": letter.attempts,
        },
    )
