"""What the coordinator's daily letter says of one round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.consultations import ConsultationKind
from bot.domain.rounds import owner_steps
from bot.domain.status import ItemStatus
from bot.services.concerns import pressing_items, unattended_items
from bot.services.reach import Reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing
from bot.views.coordinator_report import CoordinatorSection, OpenQuestion
from storage.unit_of_work import UnitOfWork


async def section(
    uow: UnitOfWork, state: RoundState, known: Reach, standing: Standing
) -> CoordinatorSection | None:
    """What needs a person's hand in a round; None when nothing does."""
    outstanding = [item for item in state.items if item.status.is_asked(state.today)]
    unowned = tuple(item.status for item in outstanding if not item.owner_ids)
    unattended = tuple(item.status for item in unattended_items(state))
    pressing = pressing_items(state)
    late = state.days_late > 0 and not all(item.status.away for item in outstanding)
    alone = unowned or unattended
    if not (alone or known.unreachable or late or pressing or standing.consultations):
        return None
    return CoordinatorSection(
        round=state.info,
        counts=state.counts(),
        unowned=unowned,
        unattended=unattended,
        unreachable=Counter(known.unreachable.values()),
        call=_to_call(state, outstanding),
        unmended=tuple(each for each in pressing if each.mend_by is not None),
        unconfirmed=tuple(each for each in pressing if each.waits_for is not None),
        consultations=await open_questions(uow, state) if standing.consultations else (),
    )


async def open_questions(uow: UnitOfWork, state: RoundState) -> tuple[OpenQuestion, ...]:
    """What owners have asked about a round and wait for, oldest first."""
    rows = await uow.consultations.open_in([state.round.id])
    codes = {item.id: item.status.code for item in state.items}
    return tuple(
        OpenQuestion(row.id or 0, codes.get(row.initiative_id, ""), ConsultationKind(row.kind))
        for row in rows
    )


def _to_call(state: RoundState, outstanding: Sequence[ItemRecord]) -> tuple[ItemStatus, ...]:
    """Items worth a phone call: late, and nothing more is sent by itself after today."""
    steps = owner_steps(state.round, state.calendar)
    if not state.days_late or not steps or state.today < steps[-1].day:
        return ()
    return tuple(item.status for item in outstanding)
