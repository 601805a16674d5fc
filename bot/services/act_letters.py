"""Letters that somebody caused: written with the act itself, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.domain.letters import LetterKind, LetterState, act_key, token_of
from bot.services.office import Office
from storage.models import Account
from storage.unit_of_work import UnitOfWork


def unsent(
    kind: LetterKind, key: str, account: Account, *, day: date, next_try_at: datetime
) -> dict[str, Any]:
    """A letter that waits to be sent from ``next_try_at`` (the machine's clock, UTC)."""
    return {
        "key": key,
        "token": token_of(key),
        "kind": kind.value,
        "person_id": account.person_id,
        "day": day,
        "team_id": account.team_id,
        "slack_user_id": account.slack_user_id,
        "state": LetterState.PENDING.value,
        "next_try_at": next_try_at,
        "attempts": 0,
        "reason": "",
        "channel": "",
        "ts": "",
        "text": "",
        "item_ids": [],
        "refresh_attempts": 0,
    }


async def write(
    uow: UnitOfWork,
    office: Office,
    kind: LetterKind,
    person_ids: Iterable[int],
    *,
    round_id: int,
    act: str,
    once: str = "",
    day: date | None = None,
) -> int:
    """Write to each of these people who can be reached, once for the act; how many that were.

    ``act`` names it by its id (「sent-back:12」) and is the letter's line: what it says is composed
    when it is sent, within 9:30 to 17:30 on a business day. ``once`` names something else of which
    each of them gets one only; ``day`` is the letter's, today unless told.
    """
    accounts = await uow.people.accounts(person_ids)
    written = 0
    for person_id, account in sorted(accounts.items()):
        if account.deactivated_at is not None:
            continue
        values = unsent(
            kind,
            act_key(kind, person_id, once or act),
            account,
            day=day or office.today(),
            next_try_at=office.machine.now(),
        )
        written += await uow.outbox.write(values, [(round_id, act)])
    return written
