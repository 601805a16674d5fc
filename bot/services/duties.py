"""What one round asks to be said on a day, and to whom: to its owners and to those above them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import japanese_date
from bot.domain.form import Form
from bot.domain.people import Role
from bot.domain.reminders import (
    Due,
    OpenItem,
    above_due,
    confirmers_due,
    counted_on,
    falls_in_pause,
    owners_due,
)
from bot.domain.rounds import StepKind, manager_steps, ward_head_steps
from bot.services import return_contents, reviews, round_state
from bot.services.concerns import coordinators_due
from bot.services.escalation import escalation_of
from bot.services.new_owners import new_owners_due
from bot.services.reach import Reach, reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing, standing_of
from bot.views.confirmation_list import Waiting
from storage.models import ReviewRound, RoleGrant
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Duties:
    """What one round asks to be said today, and to which accounts it can be said."""

    due: tuple[Due, ...]
    reach: Reach


async def duties_of(
    uow: UnitOfWork, row: ReviewRound, *, at: datetime, forms: Mapping[str, Form]
) -> Duties:
    """What a round asks to be said at an instant to people who can be reached."""
    today = japanese_date(at)
    state = await round_state.load(uow, row, today=today, forms=forms)
    told = await uow.correspondence.told(state.round.id)
    known = await reach(uow, state)
    if not state.calendar.in_sending_window(at):
        return Duties((), known)
    standing = await standing_of(uow, state)
    items = _open_items(state, standing, known.accounts)
    above = [
        *await _to_managers(uow, state, items, told),
        *await _to_confirmers(uow, state, told),
        *await coordinators_due(uow, state, known, standing, told),
    ]
    due = [
        *_to_owners(state, standing, items, told),
        *return_contents.returns_due(state, told),
        *new_owners_due(state, standing, told),
        # Who is away hears nothing; back again, they are told how it stands on that day.
        *(each for each in above if each.person_id not in state.presence.gone),
    ]
    return Duties(
        tuple(
            each
            for each in due
            if each.person_id in known.accounts
            and not falls_in_pause(
                counted_on(each.step.key, each.step.day, today), state.paused_until
            )
        ),
        known,
    )


def _open_items(
    state: RoundState, standing: Standing, reachable: Collection[int]
) -> list[OpenItem]:
    """The round's items as reminders see them, with the recipients who can be reached."""
    return [
        OpenItem(
            id=item.id,
            recipients=standing.told(item.id) & item.attendance.present & frozenset(reachable),
            outstanding=item.status.is_asked(state.today),
            asked_again=item.asked_again,
            mend_by=item.status.mend_by,
            stand_ins=_stand_ins(state, standing, item, reachable),
            unattended=item.is_unattended,
        )
        for item in state.items
    ]


def _stand_ins(
    state: RoundState, standing: Standing, item: ItemRecord, reachable: Collection[int]
) -> frozenset[tuple[int, int]]:
    """Deputies who are to be told today: of an absence entered meanwhile, not before tomorrow."""
    gone, told = state.presence.gone, standing.told(item.id)
    return frozenset(
        (deputy, owner)
        for deputy, owner in item.attendance.stand_ins
        if deputy in reachable and deputy in told and gone[owner].told_from <= state.today
    )


def _to_owners(
    state: RoundState, standing: Standing, items: Sequence[OpenItem], told: Mapping[int, set[str]]
) -> list[Due]:
    return owners_due(
        state.round,
        items,
        told,
        today=state.today,
        calendar=state.calendar,
        planned=standing.planned,
    )


async def _to_managers(
    uow: UnitOfWork, state: RoundState, items: Sequence[OpenItem], told: Mapping[int, set[str]]
) -> list[Due]:
    above = await escalation_of(uow, state)
    round_, today, calendar = state.round, state.today, state.calendar
    lists = manager_steps(round_, calendar, today)
    numbers = ward_head_steps(round_, calendar, today)
    return [
        *above_due(round_, above.lists, items, told, lists, today=today),
        *above_due(round_, above.heads, items, told, numbers, today=today),
    ]


async def _to_confirmers(
    uow: UnitOfWork, state: RoundState, told: Mapping[int, set[str]]
) -> list[Due]:
    if not state.round.levels:
        return []
    held: dict[int, list[RoleGrant]] = {}
    for grant in await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, state.today):
        held.setdefault(grant.person_id, []).append(grant)
    chiefs = await reviews.chiefs_in(uow, state)
    waiting = {
        person: {
            _waiting_key(each)
            for each in reviews.waiting_for(reviews.as_manager(person, grants), state, chiefs)
        }
        for person, grants in held.items()
    }
    return confirmers_due(state.round, waiting, told, today=state.today)


def _waiting_key(waiting: Waiting) -> str:
    answer = f"{waiting.item.initiative_id}:{waiting.revision}:{waiting.level}"
    return f"{StepKind.TO_CONFIRM}:{answer}"
