"""What the letters around the manager's step say, from what is stored now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.absences import split_key
from bot.domain.checkins import State
from bot.domain.people import Role
from bot.services import reviews
from bot.services.round_state import ItemRecord, RoundState
from bot.views.review_letters import SentBackLetter, ToConfirmLetter, ToConfirmSection
from storage.models import Decision, Letter
from storage.unit_of_work import UnitOfWork

SENT_BACK_STEP = "sent-back"  # with the id of the decision behind it


async def sent_back(
    uow: UnitOfWork, letter: Letter, state: RoundState, step: str
) -> SentBackLetter | None:
    """What is to be mended; None before it is sent when it has been mended, or is not theirs."""
    act, stands_for = split_key(step)
    decision = await uow.decisions.get(int(act.partition(":")[2]))
    item = _item_of(state, decision)
    if decision is None or item is None or decision.due is None:
        return None
    status = item.status
    open_now = status.state is State.SENT_BACK and status.review.sent_back_due == decision.due
    if letter.sent_at is None and not open_now:
        return None
    return SentBackLetter(
        letter_id=letter.id or 0,
        round=state.info,
        item=status,
        scope=await _scope(uow, state, decision),
        comment=decision.comment,
        due=decision.due,
        entry_until=state.entry_until(item),
        closed=state.today > state.entry_until(item),
        as_deputy=stands_for is not None,
    )


async def to_confirm(
    uow: UnitOfWork, letter: Letter, states: Sequence[RoundState]
) -> ToConfirmLetter | None:
    """How much waits for the reader; None before it is sent when nothing does."""
    sections = []
    for state in states:
        grants = await uow.people.grants(letter.person_id, state.today)
        manager = reviews.as_manager(letter.person_id, grants)
        waiting = reviews.waiting_for(manager, state, await reviews.chiefs_in(uow, state))
        marked = sum(each.unfavourable for each in waiting)
        sections.append(ToConfirmSection(state.info, len(waiting), marked))
    if letter.sent_at is None:
        sections = [section for section in sections if section.waiting]
    return ToConfirmLetter(letter.id or 0, tuple(sections)) if sections else None


def _item_of(state: RoundState, decision: Decision | None) -> ItemRecord | None:
    found = (
        item
        for item in state.items
        if decision and item.check_in and item.check_in.id == decision.check_in_id
    )
    return next(found, None)


async def _scope(uow: UnitOfWork, state: RoundState, decision: Decision) -> str:
    """For whom the manager read it: a section, or the whole unit."""
    grants = await uow.people.grants(decision.person_id, state.today)
    sections = [
        grant.section_id
        for grant in grants
        if grant.unit_id == state.unit_id and grant.role == Role.MANAGER and grant.section_id
    ]
    names = await uow.people.sections(sections)
    return next(iter(names.values()), state.unit.name)
