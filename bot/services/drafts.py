"""Drafts: keeping what is typed, offering it to its writer again, and letting it go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.answers import unforced
from bot.domain.drafts import KEPT_FOR, Draft, is_offered, is_settled, lapses_on
from bot.services.checkin_entries import Opened, entry_of, opened_for
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Entry
from bot.views.drafts import Offer
from bot.views.targets import Target
from storage.drafts import DraftKey
from storage.models import DraftRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Removed:
    """How many drafts went, and why."""

    old: int = 0
    published: int = 0
    submitted: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.old + self.published + self.submitted


async def writer(office: Office, caller: Caller, target: Target) -> int:
    """The id of the person who may write a draft of an item today.

    Raises AccessDenied, EntryClosed or NotFound as opening the item does.
    """
    async with office.database.read() as uow:
        return (await opened_for(uow, office, caller, target)).viewer.person_id


async def keep(office: Office, person_id: int, target: Target, draft: Draft) -> None:
    """Store what ``writer`` allowed a person to write, unless something newer is known of it.

    Raises NotSaved when the database does not take it in time.
    """
    key = DraftKey(target.round_id, target.initiative_id, person_id)
    async with office.database.begin() as uow:
        if is_settled(draft, await uow.drafts.submitted_at(key, draft.base)):
            return
        await uow.drafts.keep(_row(key, draft))
        await uow.commit()


async def offered(uow: UnitOfWork, opened: Opened, *, final: bool = False) -> Offer | None:
    """What the opened item's viewer has typed before and not submitted; None when nothing."""
    draft = await _waiting(uow, opened)
    if draft is None:
        return None
    state, status = opened.state, opened.item.status
    target = Target(state.round.id, opened.item.id)
    return Offer(state.info, target, status.code, status.title, draft.at, final)


async def resume(office: Office, caller: Caller, target: Target) -> Entry:
    """The form with what the draft holds, on the revision that the draft was begun on: who has
    saved since is noticed on submission. Without a draft, the form with what is stored.

    Raises AccessDenied, EntryClosed or NotFound as opening the item does.
    """
    async with office.database.read() as uow:
        opened = await opened_for(uow, office, caller, target)
        entry = await entry_of(uow, opened)
        draft = await _waiting(uow, opened)
    stored = unforced(entry.fields, entry.answers)
    if draft is None:
        return replace(entry, answers=stored)
    answers = {**stored, **draft.answers}
    return replace(entry, answers=answers, revision=draft.base, reason=draft.reason)


async def give_up(office: Office, caller: Caller, target: Target, *, stamp: int) -> None:
    """Throw a draft of the caller's own away; what they type after ``stamp`` is a new one."""
    async with office.database.begin() as uow:
        person = await uow.people.by_account(caller.team_id, caller.user_id)
        if person is not None:
            key = DraftKey(target.round_id, target.initiative_id, person.id or 0)
            await uow.drafts.blank(key, stamp)
            await uow.commit()


async def settle(uow: UnitOfWork, opened: Opened, *, up_to_base: int | None = None) -> bool:
    """Delete the draft of an item that its writer has just submitted; whether there was one.

    ``up_to_base`` spares one begun on a later revision: the submission is an old one, told again.
    """
    return await uow.drafts.remove(_key(opened), up_to_base=up_to_base)


async def remove_lapsed(office: Office) -> Removed:
    """Delete drafts of published rounds, those nobody has gone back to for 30 days, and what
    slipped in beside a submission. Safe to repeat, and in several processes at once.
    """
    async with office.database.begin() as uow:
        removed = Removed(
            old=await uow.drafts.remove_older(office.now() - KEPT_FOR),
            published=sum(
                [
                    await uow.drafts.remove_of_round(round_id, before=lapses_on(publishes))
                    for round_id, publishes in await uow.drafts.published_rounds(office.today())
                ]
            ),
            submitted=await uow.drafts.remove_submitted(),
        )
        if removed.total:
            await uow.commit()
    return removed


async def _waiting(uow: UnitOfWork, opened: Opened) -> Draft | None:
    """The viewer's own draft of the item, if it is to be offered; one statement."""
    found = await uow.drafts.find(_key(opened))
    if found is None:
        return None
    draft, item = _draft(found[0]), opened.item
    stored = unforced(item.fields, item.status.answers)
    return draft if is_offered(draft, stored, submitted_at=found[1]) else None


def _key(opened: Opened) -> DraftKey:
    return DraftKey(opened.state.round.id, opened.item.id, opened.viewer.person_id)


def _draft(row: Any) -> Draft:
    return Draft(row.base, row.stamp, row.at, row.answers, row.reason)


def _row(key: DraftKey, draft: Draft) -> DraftRow:
    return DraftRow(
        round_id=key.round_id,
        initiative_id=key.initiative_id,
        person_id=key.person_id,
        base=draft.base,
        answers=dict(draft.answers),
        reason=draft.reason,
        stamp=draft.stamp,
        at=draft.at,
    )
