"""What of a round needs its coordinator's hand, and when that is to be said to them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from bot.domain.people import Role
from bot.domain.reminders import Due
from bot.domain.rounds import Step, StepKind, confirm_due
from bot.domain.status import ItemStatus
from bot.services.reach import Reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing
from storage.unit_of_work import UnitOfWork


async def coordinators_due(
    uow: UnitOfWork,
    state: RoundState,
    known: Reach,
    standing: Standing,
    told: Mapping[int, set[str]],
) -> list[Due]:
    """The coordinators who are to be told of a round today, as they do not know it yet."""
    # After entry has closed the coordinator alone can still answer, until publication.
    published = state.today > state.round.dates.publishes
    needed = _needs_a_hand(state, known) or bool(standing.consultations)
    if not (_is_unasked(state, known) if published else needed):
        return []
    situation = _situation(state, known, standing)
    step = Step(StepKind.COORDINATOR, f"coordinator:{situation}", state.today)
    return [
        Due(grant.person_id, state.round.id, step)
        for grant in await uow.people.grants_in_unit(state.unit_id, Role.COORDINATOR, state.today)
        if step.key not in told.get(grant.person_id, ())
    ]


def _situation(state: RoundState, known: Reach, standing: Standing) -> str:
    """What a report would say, as a key: the same is not said twice, but what is late is daily."""
    pressing = bool(pressing_items(state))
    urgent = _is_late(state) or _is_unasked(state, known) or pressing
    unowned = [item.id for item in state.items if item.status.outstanding and not item.owner_ids]
    said: list[object] = [state.today.isoformat() if urgent else "", unowned]
    said.append(sorted(known.unreachable.items()))
    if standing.consultations:
        said.append(list(standing.consultations))
    if alone := [item.id for item in unattended_items(state)]:
        said.append({"unattended": alone})
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _needs_a_hand(state: RoundState, known: Reach) -> bool:
    """Whether a coordinator has something to do: late, unowned, unreachable or not confirmed.

    Also what is asked of somebody who is away, when nobody stands in for them.
    """
    unowned = any(item.status.outstanding and not item.owner_ids for item in state.items)
    alone = unowned or bool(unattended_items(state))
    return _is_late(state) or alone or bool(known.unreachable or pressing_items(state))


def unattended_items(state: RoundState) -> list[ItemRecord]:
    """What is asked of owners who are away, with nobody to answer in their place."""
    return [
        item
        for item in state.items
        if item.is_unattended and item.status.outstanding and state.today <= state.entry_until(item)
    ]


def pressing_items(state: RoundState) -> list[ItemStatus]:
    """What owners have still to mend and managers to confirm, as far as it presses.

    What was to be mended by a day that has passed; and once entry is closing, also what waits to
    be mended or confirmed before publication.
    """
    closing = state.today >= state.round.dates.closes
    return [
        status
        for status in state.statuses
        if status.is_mended_late(state.today)
        or (closing and (status.mend_by is not None or status.waits_for is not None))
    ]


def _is_late(state: RoundState) -> bool:
    outstanding = any(
        item.status.is_asked(state.today) and (item.is_unattended or not item.status.away)
        for item in state.items
    )
    return outstanding and state.round.is_overdue(state.today)


def _is_unasked(state: RoundState, known: Reach) -> bool:
    """Whether figures are to be confirmed these days by somebody who can't be asked in Slack."""
    return any(
        asked <= state.today <= confirm_due(asked, state.calendar)
        for item in state.items
        if (asked := state.asked_on(item))
        and (item.is_unattended or item.attendance.asked & set(known.unreachable))
    )
