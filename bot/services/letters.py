"""Delivery: claim letters, compose what is true now, send with one call each, record the end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.letters import (
    CALL_TIME,
    MENDED_WITHIN,
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
from bot.services.composed import Composed
from bot.services.crew import Crew, side_by_side
from bot.services.letter_contents import compose
from bot.services.letter_ledger import Ledger, Rest
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.views.blocks import Rendered
from bot.views.letters import render
from storage.letter_claims import LOOK, POST, Claimed
from storage.letter_ends import LetterEnd, Posted
from storage.models import Letter

log = logging.getLogger(__name__)

BATCH = 50
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
    """A claimed letter with what it says."""

    claimed: Claimed
    composed: Composed

    @property
    def letter(self) -> Letter:
        return self.claimed.letter


@dataclass(frozen=True)
class _Run:
    """What the letters that are sent side by side have in common.

    ``rests``: until when a method rests in a workspace, as one of them has been told.
    """

    office: Office
    courier: Courier
    stopping: Callable[[], bool]
    ledger: Ledger
    tally: Tally
    rests: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.office.machine.now()


def _never() -> bool:
    return False


async def deliver(
    office: Office,
    courier: Courier,
    *,
    at: datetime,
    tally: Tally | None = None,
    limit: int = BATCH,
) -> int:
    """Send one batch of letters whose time has come, side by side; how many were taken.

    ``at`` decides the Japanese date and the 9:30 to 17:30 window; leases and retries run on the
    machine's clock. One person's letters go one at a time, a second apart.
    """
    run = _Run(office, courier, _never, Ledger(office), tally or Tally())
    ready = await _take(run, at, limit)
    await side_by_side(_deliver_one(run, each) for each in ready)
    return len(ready)


async def deliver_all(
    office: Office,
    courier: Courier,
    *,
    now: Callable[[], datetime],
    tally: Tally | None = None,
    stopping: Callable[[], bool] = _never,
) -> int:
    """Send batch after batch while there are any, until a stop is asked for; how many were taken.

    The next batch is claimed when most of the last one has ended: one slow recipient holds up
    nobody. What has been claimed and not begun when a stop is asked for is given back.
    """
    run = _Run(office, courier, stopping, Ledger(office), tally or Tally())
    taken = 0
    if not await _is_any_due(run, now()):
        return taken
    async with Crew() as crew:
        while not stopping() and not crew.failures:
            ready = await _take(run, now(), BATCH)
            if not ready:
                break
            taken += len(ready)
            crew.start(_deliver_one(run, each) for each in ready)
            await crew.shrinks_to(BATCH // 2)
    return taken


async def _is_any_due(run: _Run, at: datetime) -> bool:
    """A look that holds up no writer: mostly there is nothing to send."""
    if not OfficeCalendar().in_sending_window(at):
        return False
    async with run.office.database.read() as uow:
        return await uow.outbox.is_any_due(now=run.now(), day=japanese_date(at))


async def _take(run: _Run, at: datetime, limit: int) -> list[_Ready]:
    """Claim, commit, and only then read what the letters say."""
    if not OfficeCalendar().in_sending_window(at):
        return []
    async with run.office.database.begin() as uow:
        claimed = await uow.outbox.claim(now=run.now(), day=japanese_date(at), limit=limit)
        if claimed:
            await uow.commit()
    if not claimed:
        return []
    composed = await compose(run.office, [each.letter for each in claimed], at=at)
    return [_Ready(*each) for each in zip(claimed, composed, strict=True)]


async def _deliver_one(run: _Run, ready: _Ready) -> None:
    async with run.courier.flow:
        end, rest = await _sent(run, ready)
    await run.ledger.record(end, rest)
    run.tally.ends[ready.letter.id or 0] = end.following.state
    _log(ready.letter, end.following)


async def _sent(run: _Run, ready: _Ready) -> tuple[LetterEnd, Rest | None]:
    letter = ready.letter
    put_back = _put_back(run, ready.claimed)
    if put_back is not None:
        return LetterEnd(letter, put_back), None
    if ready.composed.failed:
        return LetterEnd(letter, _held(ready.claimed, run.now() + MENDED_WITHIN)), None
    if ready.claimed.doubtful and letter.kind == LetterKind.DIGEST:
        # What stands in a channel we may not read: better none than a second one.
        return LetterEnd(letter, Next(LetterState.UNKNOWN, None, letter.reason)), None
    if ready.claimed.doubtful:
        found, rest = await _find(run, ready)
        if found is not None:
            return found, rest
        put_back = _put_back(run, ready.claimed)  # looking takes time
        if put_back is not None:
            return LetterEnd(letter, put_back), None
    if ready.composed.content is None:
        withdrawn = Next(LetterState.WITHDRAWN, None, "no-reason-left")
        return LetterEnd(letter, withdrawn, unsaid=ready.composed.unsaid), None
    if not ready.composed.office_open:
        later = run.now() + _CLOSED_TODAY
        return LetterEnd(letter, Next(LetterState.PENDING, later, "closed")), None
    rendered = render(ready.composed.content.letter)
    outcome = await run.courier.post(letter.slack_user_id, rendered, key=letter.token)
    return _end(run, ready, outcome, rendered), _rest(run, letter, POST, outcome)


def _put_back(run: _Run, claimed: Claimed) -> Next | None:
    """Why a letter that we hold is not to be sent by us now: somebody sends it later."""
    letter, now = claimed.letter, run.now()
    methods = (POST, LOOK) if claimed.doubtful else (POST,)
    rests = [run.rests[key] for each in methods if (key := (letter.team_id, each)) in run.rests]
    rest = max(rests, default=now)
    lease_runs_out = letter.lease_until is not None and letter.lease_until - now < CALL_TIME
    if rest <= now and not lease_runs_out and not run.stopping():
        return None
    return _held(claimed, rest)


def _held(claimed: Claimed, until: datetime) -> Next:
    """Nothing was tried: the letter waits, and is in doubt if it was."""
    state = LetterState.UNKNOWN if claimed.doubtful else LetterState.PENDING
    return Next(state, until, claimed.letter.reason, counts=False)


async def _find(run: _Run, ready: _Ready) -> tuple[LetterEnd | None, Rest | None]:
    """Where a letter may have been sent already: the message, or that this can't be known yet."""
    letter, now = ready.letter, run.now()
    keys = await _tokens(run.office, letter)
    restored = doubted_since(letter.reason) is not None
    found = await run.courier.find(letter.slack_user_id, keys=keys, far_back=restored)
    if found is None:
        return None, None
    if isinstance(found, Sent):
        # What has come up since that message was sent can't stand in it.
        since = ready.composed.begun_after(keys.get(found.token, letter.day))
        return replace(_end(run, ready, found, None), unsaid=since), None
    rest = _rest(run, letter, LOOK, found)
    if isinstance(found, RateLimited):
        # Whether it was sent is as unknown as before: it is looked for when Slack lets us.
        again = now + timedelta(seconds=found.seconds)
        return LetterEnd(
            letter, Next(LetterState.UNKNOWN, again, letter.reason, counts=False)
        ), rest
    # The look itself was refused: the letter stays in doubt, and is not sent blindly. The reason
    # of a doubt since a restore tells the next look what to look for.
    reason = letter.reason if doubted_since(letter.reason) else f"lookup:{found.reason}"
    return _end(run, ready, Ambiguous(reason), None), rest


async def _tokens(office: Office, letter: Letter) -> dict[str, date]:
    """What a letter can be recognised by, and the day of each.

    After a restore it may have been sent as one of an earlier day.
    """
    since = doubted_since(letter.reason)
    if since is None:
        return {letter.token: letter.day}
    days = [since + timedelta(days=n) for n in range((letter.day - since).days + 1)]
    kind = LetterKind(letter.kind)
    earlier = {token_of(scheduled_key(kind, letter.person_id, day)): day for day in days}
    async with office.database.read() as uow:
        others = await uow.outbox.other_tokens(letter)
    known = {**earlier, letter.token: letter.day}
    return {token: day for token, day in known.items() if token not in others}


def _end(run: _Run, ready: _Ready, outcome: Outcome, rendered: Rendered | None) -> LetterEnd:
    letter, now = ready.letter, run.now()
    following = after_call(outcome, attempts=letter.attempts, now=now)
    if not isinstance(outcome, Sent):
        return LetterEnd(letter, following)
    content = ready.composed.content
    named, by_line = (content.item_ids, content.by_line) if content else ((), {})
    text = rendered.text if rendered else None
    posted = Posted(outcome.channel, outcome.ts, now, text, named, by_line)
    return LetterEnd(letter, following, posted, ready.composed.unsaid if rendered else ())


def _rest(run: _Run, letter: Letter, method: str, outcome: Outcome) -> Rest | None:
    """Slack's wish to be left alone is heard by what we have not begun, and by all processes."""
    seconds = rest_after(outcome)
    if seconds is None:
        run.courier.flow.widen()
        return None
    run.courier.flow.narrow()
    until = run.now() + seconds
    run.rests[letter.team_id, method] = until
    return Rest(letter.team_id, method, until)


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
