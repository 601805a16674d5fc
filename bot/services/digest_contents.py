"""What a unit's weekly digest says: numbers of its rounds, by section or as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.plans import PlanState
from bot.domain.status import ItemStatus, count, unfavourable
from bot.services.round_state import RoundState
from bot.views.digests import NO_SECTION, DigestMessage, DigestRound, DigestRow
from storage.models import Letter
from storage.unit_of_work import UnitOfWork


async def digest(
    uow: UnitOfWork, letter: Letter, states: Sequence[RoundState], *, at: datetime
) -> DigestMessage | None:
    """The message as of an instant; None once it is switched off, moved, or no round runs."""
    running = [state for state in states if is_running(state)]
    if not running:
        return None
    row = await uow.digests.of_unit(running[0].unit_id)
    if row is None or not row.active or row.channel != letter.slack_user_id:
        return None
    return DigestMessage(
        letter_id=letter.id or 0,
        unit_name=running[0].unit.name,
        weekday=row.weekday,
        now=at,
        rounds=tuple(_round(state, by_section=row.by_section) for state in running),
    )


def is_running(state: RoundState) -> bool:
    """Whether a round is between its opening and its publication, on a final plan."""
    dates = state.round.dates
    return state.plan.state == PlanState.FINAL and dates.opens <= state.today <= dates.publishes


def _round(state: RoundState, *, by_section: bool) -> DigestRound:
    sections: dict[str, list[ItemStatus]] = {}
    for item in state.statuses if by_section else ():
        for name in item.sections or ("",):
            sections.setdefault(name, []).append(item)
    unnamed = sections.pop("", [])
    rows = [_row(state, name, items) for name, items in sections.items()]
    if unnamed:
        rows.append(_row(state, NO_SECTION, unnamed))
    return DigestRound(
        round=state.info,
        whole=_row(state, "", list(state.statuses)),
        rows=tuple(rows),
        days_left=state.days_left,
        days_late=state.days_late,
    )


def _row(state: RoundState, name: str, items: Sequence[ItemStatus]) -> DigestRow:
    overdue = state.round.is_overdue(state.today)
    marked = unfavourable(items, state.form, state.round.stage.key)
    return DigestRow(name, count(items, state.form, overdue=overdue), len(marked))
