"""What an owner who is back is told: who heard in their place, and what was answered meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.absences import Absence, is_back, split_key, stand_in_key
from bot.domain.calendar import japanese_date
from bot.domain.reminders import Due
from bot.domain.rounds import Step, StepKind
from bot.services.round_state import RoundState
from bot.views.news import Returned
from storage.unit_of_work import UnitOfWork


def returns_due(state: RoundState, told: Mapping[int, set[str]]) -> list[Due]:
    """Who is to be told on one of the first business days after an absence, of this round.

    Only those in whose place somebody was told of it.
    """
    instead = {owner for keys in told.values() for owner in (split_key(k)[1] for k in keys)}
    return [
        Due(absence.person_id, state.round.id, step)
        for absence in state.presence.ended
        if absence.person_id in instead - state.presence.gone.keys()
        and is_back(absence, state.today, state.calendar)
        for step in [Step(StepKind.RETURN, f"{StepKind.RETURN}:{absence.id}", state.today)]
        if step.key not in told.get(absence.person_id, ())
    ]


async def returned(uow: UnitOfWork, state: RoundState, key: str) -> Returned | None:
    """What is said of one absence and one round; None where nobody heard in their place."""
    absence = await uow.absences.read(int(key.partition(":")[2]))
    if absence is None or absence.last is None:
        return None
    suffix = stand_in_key("", absence.person_id)
    deputies = await uow.correspondence.told_instead(
        state.round.id, suffix, absence.first, absence.last
    )
    if not deputies:
        return None
    names = await uow.briefs.names(deputies)
    known = Absence(absence.person_id, absence.first, absence.last)
    return Returned(state.info, tuple(sorted(names.values())), _answered(state, known))


def _answered(state: RoundState, absence: Absence) -> tuple[tuple[str, date], ...]:
    found = []
    for item in state.held_by(absence.person_id):
        saved, row = item.status.saved_at, item.check_in
        if saved is None or row is None or item.status.outstanding:
            continue
        if row.entered_by != absence.person_id and absence.covers(japanese_date(saved)):
            found.append((item.status.code, japanese_date(saved)))
    return tuple(found)
