"""Opening a check-in for answering, and storing what was answered: one transaction, then a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import people
from bot.domain.answers import Answers, check, final_date, repeats, settle, unflagged, unforced
from bot.domain.checkins import (
    Current,
    Source,
    Verdict,
    final_dates_between,
    fingerprint,
    is_pending,
    judge,
    untimely,
)
from bot.domain.errors import EntryClosed, InvalidAnswers
from bot.domain.people import Viewer
from bot.domain.rounds import confirm_day
from bot.services import drafts, round_state
from bot.services.actors import Actor
from bot.services.checkin_entries import Opened, entry_of, opened_for
from bot.services.office import Office
from bot.services.progress import Progress, progress_of
from bot.services.revisions import asked, revise
from bot.services.round_state import ItemRecord
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views.checkin_form import Entry, Keep, Rival, Typed
from bot.views.checkin_results import Saved
from bot.views.drafts import Offer
from bot.views.errors import KEEP_MISSING
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from storage.models import CheckIn
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Stored:
    """A submission that is in the database (also when it had been before)."""

    saved: Saved
    told: frozenset[int]  # owners and deputies with letters that must now say something else


@dataclass(frozen=True)
class AlreadyIn:
    """What an old 「入力する」 finds: nothing is asked for any more."""

    round: RoundInfo
    target: Target
    code: str
    saved_at: datetime | None


@dataclass(frozen=True)
class AskAgain:
    """Nothing was stored: the person must look at something first (a rival's text, a repeat)."""

    entry: Entry


async def open_item(
    office: Office, caller: Caller, target: Target, *, final: bool = False
) -> Entry | Offer:
    """The modal's content; what the caller had begun to write is asked about first.

    ``final``: what was provisional is to be settled, nothing is ticked. Raises AccessDenied,
    EntryClosed or NotFound with the words to show.
    """
    async with office.database.read() as uow:
        opened = await opened_for(uow, office, caller, target)
        offer = await drafts.offered(uow, opened, final=final)
        return offer or await _opened(uow, opened, final=final)


async def open_entry(
    office: Office, caller: Caller, target: Target, *, final: bool = False
) -> Entry:
    """The same with what is stored, whatever else was begun."""
    async with office.database.read() as uow:
        return await _opened(uow, await opened_for(uow, office, caller, target), final=final)


async def open_unanswered(
    office: Office, caller: Caller, target: Target
) -> Entry | Offer | AlreadyIn:
    """The same for a button that asks for an answer, which may have come in since."""
    async with office.database.read() as uow:
        opened = await opened_for(uow, office, caller, target)
        if offer := await drafts.offered(uow, opened):
            return offer
        status = opened.item.status
        if status.outstanding:
            return await _entry(uow, opened)
        return AlreadyIn(opened.state.info, target, status.code, status.saved_at)


async def rebuild(office: Office, caller: Caller, typed: Typed) -> Entry:
    """The screen again with what is typed on it, because a choice changed what is asked.

    Raises as ``open_entry`` does; nothing is stored.
    """
    target = Target(typed.round_id, typed.initiative_id)
    async with office.database.read() as uow:
        opened = await opened_for(uow, office, caller, target)
        stored = round_state.current(opened.item.check_in)
        draft = {**unforced(opened.item.fields, stored.answers or {}), **typed.answers}
        entry = await _retyped(uow, opened, typed, draft)
        shown = typed.rival_revision is not None and typed.rival_revision == stored.number
        return replace(entry, rival=await _rival(uow, stored)) if shown else entry


async def submit(office: Office, caller: Caller, typed: Typed) -> Stored | AskAgain:
    """Store a submission, once however often it comes.

    Raises InvalidAnswers for faults under fields, AccessDenied and EntryClosed for the whole, and
    NotSaved when the database does not take it in time. Returns only after the commit.
    """
    target = Target(typed.round_id, typed.initiative_id)
    now = office.now()
    async with office.database.begin() as uow:
        opened = await opened_for(uow, office, caller, target)
        plan_id, stage = opened.state.round.plan_id, opened.state.round.stage
        row = await uow.check_ins.locked(plan_id, typed.initiative_id or None, stage.key, now)
        _refuse_published(opened, row)
        stored = round_state.current(row)
        draft = {**unforced(opened.item.fields, stored.answers or {}), **typed.answers}
        _refuse_faults(opened, typed, draft)
        if not set(repeats(opened.item.fields, draft)) <= typed.warned:
            warned = frozenset(repeats(opened.item.fields, draft))
            return AskAgain(replace(await _retyped(uow, opened, typed, draft), warned=warned))
        answers = settle(opened.item.fields, draft)
        verdict, base = await _verdict(uow, opened.viewer, typed, stored, answers)
        if verdict is Verdict.CONFLICT:
            entry = await _retyped(uow, opened, typed, draft)
            return AskAgain(replace(entry, rival=await _rival(uow, stored)))
        told = frozenset[int]()
        saves = verdict is Verdict.SAVE and typed.keep is not Keep.THEIRS
        if saves:
            await save(uow, opened, row, answers, base=base, reason=typed.reason, now=now)
            # A letter to each who was asked now says something else.
            told = frozenset(_told(opened.item))
            if not await uow.letter_updates.ask(told, typed.round_id, office.machine.now()):
                told = frozenset()
        settled = await drafts.settle(uow, opened, up_to_base=None if saves else typed.revision)
        saved = await _saved(uow, opened, correcting=typed.correcting)
        if saves or settled:
            await uow.commit()
        return Stored(saved, told)


async def _opened(uow: UnitOfWork, opened: Opened, *, final: bool) -> Entry:
    entry = await _entry(uow, opened)
    return replace(entry, answers=unflagged(entry.fields, entry.answers)) if final else entry


async def _entry(uow: UnitOfWork, opened: Opened) -> Entry:
    """The screen for an item. A box that 未確定 had ticked is the choice's, not the person's."""
    entry = await entry_of(uow, opened)
    return replace(entry, answers=unforced(entry.fields, entry.answers))


def _refuse_published(opened: Opened, row: CheckIn) -> None:
    """Raise EntryClosed where the round was published since it was read."""
    if row.published is not None and not opened.state.round.frozen:
        raise EntryClosed(entry_words.published(opened.state.info))


def _refuse_faults(opened: Opened, typed: Typed, draft: Answers) -> None:
    faults = check(opened.item.fields, draft)
    faults.update(_untimely_dates(opened, draft))
    if opened.late_correction and not typed.reason.strip():
        faults["reason"] = entry_words.REASON_MISSING
    if typed.rival_revision is not None and typed.keep is None:
        faults["keep"] = KEEP_MISSING
    if faults:
        raise InvalidAnswers(faults)


def _untimely_dates(opened: Opened, draft: Answers) -> dict[str, str]:
    fields, round_ = opened.item.fields, opened.state.round
    first, last = final_dates_between(opened.state.today, round_.fiscal_year)
    message = entry_words.final_date_range(last)
    return dict.fromkeys(untimely(fields, settle(fields, draft), first, last), message)


async def _verdict(
    uow: UnitOfWork, viewer: Viewer, typed: Typed, stored: Current, answers: Answers
) -> tuple[Verdict, int]:
    seen = typed.keep is not None and typed.rival_revision == stored.number
    base = stored.number if seen else typed.revision
    known = await uow.check_ins.knows(fingerprint(_about(typed), base, viewer.person_id, answers))
    return judge(stored, answers, base=base, known=known), base


def _about(target: Typed | Target) -> str:
    return f"{target.round_id}:{target.initiative_id}"


async def save(
    uow: UnitOfWork,
    opened: Opened,
    row: CheckIn,
    answers: dict[str, str],
    *,
    base: int,
    reason: str,
    now: datetime,
) -> None:
    """Store a settled answer as the next revision of a check-in that is held; nothing is asked.

    ``base`` is the revision it was opened on; ``reason`` why it comes late, or is corrected.
    """
    state, item, viewer = opened.state, opened.item, opened.viewer
    target = Target(state.round.id, item.id)
    for_owner = people.answers_for(viewer, item.access(state.unit_id))
    revision = revise(
        uow,
        row,
        answers,
        asked=asked(item.initiative, state.round.stage),
        source=Source.SLACK,
        at=now,
        about=_about(target),
        base=base,
        entered_by=viewer.person_id,
        entered_for=min(item.owner_ids, default=None) if for_owner else None,
        reason=reason.strip(),
    )
    row.unreadable = [key for key in row.unreadable if key not in answers]
    # What was confirmed or sent back is another revision now; what is published asks nobody again.
    row.confirmed_level = row.confirmed_level if state.round.frozen else 0
    row.sent_back_due = None
    row.ask_again_on = _ask_again_on(opened, answers)
    await uow.check_ins.add(row)
    detail = {"revision": revision.number, "fields": sorted(answers), "for_owner": for_owner}
    Trail(uow, now, Actor.of(viewer)).note("check-in.save", f"check-in:{row.id}", detail)


def _ask_again_on(opened: Opened, answers: Answers) -> date | None:
    state, fields = opened.state, opened.item.fields
    if not is_pending(fields, answers):
        return None
    round_ = state.round
    known = final_date(fields, answers)
    return confirm_day(known, round_.stage, round_.fiscal_year, state.calendar)


def _told(item: ItemRecord) -> set[int]:
    deputies = {own.deputy_id for own in item.ownerships if own.deputy_id}
    return set(item.owner_ids) | deputies


async def _retyped(uow: UnitOfWork, opened: Opened, typed: Typed, draft: Answers) -> Entry:
    """The same screen again with what was typed on it."""
    entry = await entry_of(uow, opened)
    return replace(
        entry,
        answers=draft,
        revision=typed.revision,
        correcting=typed.correcting,
        position=typed.position,
        reason=typed.reason,
        warned=typed.warned,
    )


async def _rival(uow: UnitOfWork, stored: Current) -> Rival | None:
    if stored.answers is None or stored.at is None:
        return None
    person = await uow.people.get(stored.entered_by) if stored.entered_by else None
    name = person.name if person else entry_words.SHEET_NAME
    return Rival(name=name, at=stored.at, answers=stored.answers, revision=stored.number)


async def _saved(uow: UnitOfWork, opened: Opened, *, correcting: bool) -> Saved:
    """What to say of a stored answer: true as of the transaction that holds it locked."""
    state, about, answerable = opened.state, opened.item.id, opened.viewer.answerable
    owns = about in answerable
    mine = await progress_of(uow, state.round, answerable) if owns else Progress()
    following = mine.following(about)
    return Saved(
        round=state.info,
        code=opened.item.status.code,
        remaining=mine.left,
        total=mine.total,
        next=Target(state.round.id, following) if following is not None else None,
        correcting=correcting,
    )
