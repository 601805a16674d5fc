"""Keeping sent letters true: what an answer has changed is updated in the message itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.letters import (
    MENDED_WITHIN,
    SPACING,
    LetterKind,
    NeverDeliverable,
    Outcome,
    Sent,
    after_call,
    rest_after,
)
from bot.services.composed import Composed, Content
from bot.services.crew import side_by_side
from bot.services.letter_contents import compose
from bot.services.letters import BATCH
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.views.blocks import Rendered
from bot.views.letters import render
from bot.views.notices import render_nothing_asked
from bot.views.receipts import receipt_of
from storage.letter_ends import RefreshEnd
from storage.letter_updates import UPDATE
from storage.models import Letter

_REFRESH_ATTEMPTS = 20
_SOON = 3  # times
# An update may be late; a receipt for something saved longer ago would only puzzle.
_JUST_NOW = timedelta(minutes=10)


@dataclass
class _Run:
    """Updates that are made side by side; ``rests``: until when a workspace wants to be left."""

    office: Office
    courier: Courier
    ends: list[RefreshEnd] = field(default_factory=list)
    gone: dict[int, tuple[Letter, Content]] = field(default_factory=dict)  # by person
    rests: dict[str, datetime] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.office.machine.now()


async def refresh(
    office: Office, courier: Courier, *, at: datetime, person_ids: Iterable[int] | None = None
) -> int:
    """Update sent letters whose answers have changed, newest first; how many were taken.

    Of each person's one, a second after the last: call again while any is taken. Who has none left
    that can be updated is shown a receipt in its place, to them alone.
    """
    run = _Run(office, courier)
    async with office.database.begin() as uow:
        held = await uow.letter_updates.claim(now=run.now(), limit=BATCH, person_ids=person_ids)
        await uow.commit()
    if not held:
        return 0
    composed = await compose(office, held, at=at)
    await side_by_side(
        _update(run, letter, each) for letter, each in zip(held, composed, strict=True)
    )
    await _record(run)
    await _show_receipts(run, at)
    return len(held)


async def is_any_waiting(office: Office) -> bool:
    """Whether a conversation takes an update by now; a look that holds up no writer."""
    async with office.database.read() as uow:
        return await uow.letter_updates.is_any_due(now=office.machine.now())


async def refresh_soon(office: Office, courier: Courier, person_ids: Iterable[int]) -> None:
    """Update these people's letters after an act of theirs, each as soon as its conversation lets.

    What is not done within a few seconds is left to the clock.
    """
    people = list(person_ids)
    for _ in range(_SOON):
        await refresh(office, courier, at=office.now(), person_ids=people)
        async with office.database.read() as uow:
            if not await uow.letter_updates.is_any_due(now=office.machine.now(), person_ids=people):
                return
        await asyncio.sleep(SPACING.total_seconds())


async def _update(run: _Run, letter: Letter, composed: Composed) -> None:
    if composed.failed:
        run.ends.append(RefreshEnd(letter, run.now(), again_at=run.now() + MENDED_WITHIN))
        return
    content = composed.content
    rendered = _rendered(letter, content)
    if rendered is None:
        run.ends.append(RefreshEnd(letter, run.now(), gone=True))
        return
    async with run.courier.flow:
        rest = run.rests.get(letter.team_id)
        if rest is not None:
            run.ends.append(RefreshEnd(letter, run.now(), again_at=rest))
            return
        outcome = await run.courier.update(letter.channel, letter.ts, rendered)
        _heed(run, letter, outcome)
    if content and isinstance(outcome, NeverDeliverable) and outcome.reason == "gone":
        run.gone[letter.person_id] = (letter, content)
    run.ends.append(_end(run, letter, outcome, rendered.text))


def _rendered(letter: Letter, content: Content | None) -> Rendered | None:
    """What a sent letter says now; a notice that asks its reader for nothing any more says that."""
    if content is not None:
        return render(content.letter)
    asked = letter.kind == LetterKind.NOTICE.value and bool(letter.item_ids)
    return render_nothing_asked() if asked else None


def _heed(run: _Run, letter: Letter, outcome: Outcome) -> None:
    """Slack's wish to be left alone is heard by what we have not begun."""
    rest = rest_after(outcome)
    if rest is None:
        run.courier.flow.widen()
        return
    run.courier.flow.narrow()
    run.rests[letter.team_id] = run.now() + rest


def _end(run: _Run, letter: Letter, outcome: Outcome, text: str) -> RefreshEnd:
    now = run.now()
    if isinstance(outcome, Sent):
        return RefreshEnd(letter, now, text)
    if isinstance(outcome, NeverDeliverable):
        return RefreshEnd(letter, now, gone=True)
    if letter.refresh_attempts >= _REFRESH_ATTEMPTS:
        return RefreshEnd(letter, now)
    following = after_call(outcome, attempts=letter.refresh_attempts, now=now)
    return RefreshEnd(letter, now, again_at=following.next_try_at)


async def _record(run: _Run) -> None:
    async with run.office.database.begin() as uow:
        for team_id, until in run.rests.items():
            await uow.api_pauses.pause(team_id, UPDATE, until)
        await uow.letter_updates.record(run.ends)
        await uow.commit()


async def _show_receipts(run: _Run, at: datetime) -> None:
    """Their letters are gone: what was just saved is said once, and is no new direct message."""
    if not run.gone:
        return
    async with run.office.database.read() as uow:
        left = await uow.letter_updates.updated_since(run.gone, run.now() - _JUST_NOW)
    await side_by_side(
        _show_receipt(run.courier, letter, content, at)
        for person_id, (letter, content) in run.gone.items()
        if person_id not in left
    )


async def _show_receipt(courier: Courier, letter: Letter, content: Content, at: datetime) -> None:
    receipt = receipt_of(content.letter, since=at - _JUST_NOW)
    if receipt is not None:
        await courier.whisper(letter.channel, letter.slack_user_id, receipt)
