"""What the letter says that answers a consultation."""

from __future__ import annotations

from bot.domain.consultations import ConsultationKind
from bot.services.round_state import ItemRecord, RoundState
from bot.views.consultations import ConsultedLetter
from storage.models import Letter
from storage.unit_of_work import UnitOfWork


async def consulted(
    uow: UnitOfWork, letter: Letter, state: RoundState, step: str
) -> ConsultedLetter | None:
    """The coordinator's answer to the one who asked; None when there is none.

    Who does not answer for the item any more reads its number only.
    """
    row = await uow.consultations.read(int(step.partition(":")[2]))
    item = await uow.plans.initiative(row.initiative_id) if row else None
    if row is None or item is None or row.answered_at is None:
        return None
    held = state.item(row.initiative_id)
    mine = held if held and letter.person_id in held.owner_ids | held.attendance.asked else None
    return ConsultedLetter(
        letter_id=letter.id or 0,
        round=state.info,
        code=state.form.shown_code(item.code),
        title=item.title if mine else "",
        kind=ConsultationKind(row.kind),
        answer=row.answer,
        item=mine.status if mine and _is_open(state, mine) else None,
    )


def _is_open(state: RoundState, item: ItemRecord) -> bool:
    return item.status.outstanding and state.today <= state.entry_until(item)
