"""One answer before one of its managers: who may look, what they see, and what they may decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.checkins import State
from bot.domain.confirmations import Change, DecisionKind, changes
from bot.domain.errors import AccessDenied, EntryClosed, NotFound
from bot.domain.people import Grant, Refusal, Role, Viewer
from bot.domain.status import unfavourable
from bot.services import round_state, stored_rounds, viewers
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.viewers import Caller
from bot.views import confirmations as views
from bot.views import entry_words
from bot.views.confirmation_list import Waiting
from bot.views.confirmations import Answered, Earlier
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from storage.models import CheckIn, Decision, RoleGrant
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Reviewed:
    """One item before one of its managers."""

    viewer: Viewer
    state: RoundState
    item: ItemRecord
    chiefs: frozenset[int] = frozenset()  # the sections that have a manager of their own


async def load(
    uow: UnitOfWork, office: Office, caller: Caller, target: Target, *, locked: bool = False
) -> Reviewed:
    """The answer and its manager. Raises AccessDenied, EntryClosed or NotFound with the words.

    ``locked`` (in a unit of work that writes): nobody changes the answer until it ends.
    """
    today = office.today()
    viewer = await viewers.registered(uow, caller, today)
    row = await stored_rounds.by_id(uow, target.round_id)
    if locked:  # whoever edits the answer at this moment comes before or after us
        about = target.initiative_id or None
        await uow.check_ins.held(row.plan_id, about, row.stage)
    only = {target.initiative_id}
    state = await round_state.load(uow, row, today=today, forms=office.forms, only=only)
    item = state.item(target.initiative_id)
    if item is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    _refuse_others(viewer, state, item)
    return Reviewed(viewer, state, item, await chiefs_in(uow, state))


async def answered(uow: UnitOfWork, reviewed: Reviewed) -> Answered:
    """What the manager is shown of it."""
    state, item = reviewed.state, reviewed.item
    row = row_of(reviewed)
    decisions = await uow.decisions.of([row.id or 0])
    names = await uow.people.named({each.person_id for each in decisions})
    initiative = item.initiative
    return Answered(
        round=state.info,
        target=Target(state.round.id, item.id),
        code=item.status.code,
        title=initiative.title,
        fields=item.fields,
        answers=row.answers,
        revision=row.revision,
        level=level_of(reviewed),
        levels=state.round.levels,
        goal=initiative.activities_target or initiative.target or "",
        saved_at=item.status.saved_at,
        entered_by=item.status.entered_by,
        changes=await _changes(uow, reviewed, decisions),
        earlier=tuple(_earlier(each, names[each.person_id].name) for each in decisions),
        own=is_own(reviewed),
        status=item.status,
        may_send_back=state.today <= last_mend_day(reviewed)
        and row.published is None
        and item.status.state is not State.SENT_BACK,
    )


async def waiting(office: Office, caller: Caller, round_id: int) -> tuple[RoundInfo, list[Waiting]]:
    """Everything in a round that waits for this manager, in the plan's order.

    Raises AccessDenied and NotFound with the words to show.
    """
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        row = await stored_rounds.by_id(uow, round_id)
        state = await round_state.load(uow, row, today=today, forms=office.forms)
        chiefs = await chiefs_in(uow, state)
    _refuse_other_units(viewer, state)
    if not people.is_manager(viewer, state.unit_id):
        raise AccessDenied(views.MAY_NOT_CONFIRM)
    return state.info, waiting_for(viewer, state, chiefs)


def waiting_for(viewer: Viewer, state: RoundState, chiefs: frozenset[int]) -> list[Waiting]:
    """The answers of a round that wait for this viewer; ``chiefs`` as ``chiefs_in`` finds them."""
    marked = {
        each.initiative_id
        for each in unfavourable(state.statuses, state.form, state.round.stage.key)
    }
    return [
        Waiting(item.status, item.check_in.revision, level, item.id in marked)
        for item in state.items
        if item.check_in is not None
        and (level := _level_for(viewer, state, item, chiefs)) is not None
    ]


async def chiefs_in(uow: UnitOfWork, state: RoundState) -> frozenset[int]:
    """The sections of the round's unit that have a manager of their own who is not away today.

    Only of two levels it matters who confirms first: of others none are looked for.
    """
    if state.round.levels < 2:
        return frozenset()
    grants = await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, state.today)
    chiefs = {grant.person_id: grant.section_id for grant in grants if grant.section_id}
    gone = {
        absence.person_id
        for absence in await uow.absences.of(chiefs, state.today)
        if absence.first <= state.today
    }
    return frozenset(
        grant.section_id for grant in grants if grant.section_id and grant.person_id not in gone
    )


def as_manager(person_id: int, grants: Iterable[RoleGrant]) -> Viewer:
    """A person by their roles alone: what they own does not matter to what they may confirm."""
    held = tuple(Grant(Role(each.role), each.unit_id, each.section_id) for each in grants)
    return Viewer(person_id, "", held)


def level_of(reviewed: Reviewed) -> int | None:
    """The level at which this manager may confirm the answer now; None when nothing is asked."""
    return _level_for(reviewed.viewer, reviewed.state, reviewed.item, reviewed.chiefs)


def _level_for(
    viewer: Viewer, state: RoundState, item: ItemRecord, chiefs: frozenset[int]
) -> int | None:
    if item.status.state is not State.SUBMITTED:
        return None
    level = item.status.review.next_level
    access = item.access(state.unit_id)
    levels = state.round.levels
    allowed = level and people.may_confirm(viewer, access, level, levels, chiefs)
    return level if allowed else None


def row_of(reviewed: Reviewed) -> CheckIn:
    """The stored answer."""
    row = reviewed.item.check_in
    if row is None:
        raise EntryClosed(views.NOTHING_TO_CONFIRM)
    return row


def is_own(reviewed: Reviewed) -> bool:
    """Whether the manager entered the answer or owns the item: confirming it is marked as such."""
    person = reviewed.viewer.person_id
    return person == row_of(reviewed).entered_by or person in reviewed.item.owner_ids


def last_mend_day(reviewed: Reviewed) -> date:
    """Until when an answer may be sent back and mended: what is published stays."""
    return reviewed.state.round.dates.publishes


def _refuse_other_units(viewer: Viewer, state: RoundState) -> None:
    if not people.may_see_counts(viewer, state.unit_id):
        raise AccessDenied(refusal_words(Refusal.OTHER_UNIT, _facts(state)))


def _refuse_others(viewer: Viewer, state: RoundState, item: ItemRecord) -> None:
    _refuse_other_units(viewer, state)
    access = item.access(state.unit_id)
    if not any(people.may_send_back(viewer, access, levels) for levels in (1, 2)):
        raise AccessDenied(views.MAY_NOT_CONFIRM)
    if not state.round.levels:
        raise EntryClosed(views.NOT_ASKED)
    if item.check_in is None or item.status.state is State.OUTSTANDING:
        raise EntryClosed(views.NOTHING_TO_CONFIRM)


async def _changes(
    uow: UnitOfWork, reviewed: Reviewed, decisions: list[Decision]
) -> tuple[Change, ...]:
    """What differs from the newest revision that somebody has decided on, if that is another."""
    row = row_of(reviewed)
    earlier = [each.revision for each in decisions if each.revision != row.revision]
    if not earlier:
        return ()
    revisions = await uow.check_ins.revisions([row.id or 0])
    decided = next((each for each in revisions if each.number == earlier[-1]), None)
    keys = [field.key for field in reviewed.item.fields]
    return changes(decided.after, row.answers, keys) if decided else ()


def _earlier(decision: Decision, name: str) -> Earlier:
    sent_back = decision.kind == DecisionKind.SENT_BACK
    return Earlier(name, decision.at, sent_back, decision.comment, decision.own)


def _facts(state: RoundState) -> RefusalFacts:
    round_ = state.round
    return RefusalFacts(state.unit.name, round_.contact, round_.extension)
