"""Keeping sent letters true: what an answer has changed is updated in the message itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.letters import (
    NeverDeliverable,
    Sent,
    after_call,
    rest_after,
)
from bot.services.crew import side_by_side
from bot.services.letter_contents import Composer, Content
from bot.services.letters import BATCH
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.views.letters import render
from bot.views.receipts import receipt_of
from storage.models import Letter
from storage.outbox import UPDATE

_REFRESH_ATTEMPTS = 20
# An update may be late; a receipt for something saved longer ago would only puzzle.
_JUST_NOW = timedelta(minutes=10)


async def refresh(
    office: Office, courier: Courier, *, at: datetime, person_ids: Iterable[int] | None = None
) -> int:
    """Update sent letters whose answers have changed, newest first; how many were taken.

    Who has none left that can be updated is shown a receipt in its place, to them alone.
    """
    async with office.database.begin() as uow:
        held = await uow.outbox.claim_refreshes(
            now=office.machine.now(), limit=BATCH, person_ids=person_ids
        )
        await uow.commit()
    if not held:
        return 0
    async with office.database.read() as uow:
        composer = Composer(uow, at=at, forms=office.forms)
        composed = await composer.compose(held)
    gone: list[tuple[Letter, Content]] = []
    await side_by_side(
        _update(office, courier, letter, each.content, gone)
        for letter, each in zip(held, composed, strict=True)
    )
    left = {letter.person_id for letter in held} - {letter.person_id for letter, _ in gone}
    lost = {letter.person_id: (letter, content) for letter, content in reversed(gone)}
    await side_by_side(
        _show_receipt(courier, letter, content, at)
        for person_id, (letter, content) in lost.items()
        if person_id not in left
    )
    return len(held)


async def _update(
    office: Office,
    courier: Courier,
    letter: Letter,
    content: Content | None,
    gone: list[tuple[Letter, Content]],
) -> None:
    now = office.machine.now()
    if content is None:
        await _end_refresh(office, letter, None, None)
        return
    rendered = render(content.letter)
    outcome = await courier.update(letter.channel, letter.ts, rendered)
    if isinstance(outcome, Sent):
        await _end_refresh(office, letter, rendered.text, None)
        return
    if isinstance(outcome, NeverDeliverable) and outcome.reason == "gone":
        gone.append((letter, content))
    if isinstance(outcome, NeverDeliverable) or letter.refresh_attempts >= _REFRESH_ATTEMPTS:
        await _end_refresh(office, letter, None, None)
        return
    again_at = after_call(outcome, attempts=letter.refresh_attempts, now=now).next_try_at
    rest = rest_after(outcome)
    if rest is not None:
        async with office.database.begin() as uow:
            await uow.api_pauses.pause(letter.team_id, UPDATE, now + rest)
            await uow.commit()
    await _end_refresh(office, letter, None, again_at)


async def _show_receipt(courier: Courier, letter: Letter, content: Content, at: datetime) -> None:
    """The letter is gone: what was just saved is said once, and is no new direct message."""
    receipt = receipt_of(content.letter, since=at - _JUST_NOW)
    if receipt is not None:
        await courier.whisper(letter.channel, letter.slack_user_id, receipt)


async def _end_refresh(
    office: Office, letter: Letter, text: str | None, again_at: datetime | None
) -> None:
    async with office.database.begin() as uow:
        await uow.outbox.end_refresh(letter, text=text, again_at=again_at)
        await uow.commit()
