"""The manager's step: confirming an answer, several at once, and sending one back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.absences import stand_in_key
from bot.domain.checkins import State
from bot.domain.confirmations import DecisionKind, is_mend_day, usual_mend_day
from bot.domain.errors import EntryClosed, InvalidAnswers
from bot.domain.letters import LetterKind
from bot.domain.people import Role
from bot.services import act_letters, reviews
from bot.services.actors import Actor
from bot.services.answerers import answerers_of
from bot.services.office import Office
from bot.services.presence import presence_on
from bot.services.review_contents import SENT_BACK_STEP
from bot.services.reviews import Reviewed
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import confirmations as views
from bot.views.confirmation_list import NOTHING_CHOSEN, Chosen
from bot.views.confirmations import Answered, SentBack
from bot.views.targets import Target
from storage.models import Decision
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Confirmed:
    """An answer that is confirmed at ``level``; ``told``: whose letters now say something else."""

    answered: Answered
    level: int
    told: frozenset[int]


@dataclass(frozen=True)
class LookAgain:
    """Nothing was stored: the answer is another one than the manager saw."""

    answered: Answered


@dataclass(frozen=True)
class ConfirmedMany:
    """How many of the chosen were confirmed, and the codes of those that had changed meanwhile."""

    count: int
    changed: tuple[str, ...]
    told: frozenset[int]


@dataclass(frozen=True)
class Mending:
    """An answer that its owner is to mend by ``due``; ``reached``: somebody is told in Slack."""

    code: str
    due: date
    decision_id: int
    told: frozenset[int]
    reached: bool = True


async def open_one(office: Office, caller: Caller, target: Target) -> Answered:
    """One answer with what has changed since it was last decided on.

    Raises AccessDenied, EntryClosed or NotFound with the words to show.
    """
    async with office.database.read() as uow:
        return await reviews.answered(uow, await reviews.load(uow, office, caller, target))


async def open_send_back(
    office: Office, caller: Caller, target: Target
) -> tuple[Answered, date, date]:
    """What is to be sent back, the usual day by which to mend it, and the last that may be set."""
    async with office.database.read() as uow:
        reviewed = await reviews.load(uow, office, caller, target)
        _refuse_published(reviewed)
        answered = await reviews.answered(uow, reviewed)
        return answered, _usual_day(reviewed), reviews.last_mend_day(reviewed)


async def confirm(
    office: Office, caller: Caller, target: Target, revision: int, *, level: int = 0
) -> Confirmed | LookAgain:
    """Confirm the revision that was shown; once, however often it comes.

    ``level`` is the one that was shown, 0 whichever is this manager's now: who holds both levels
    confirms each by an act of its own. Raises AccessDenied and EntryClosed. Returns only after
    the commit.
    """
    async with office.database.begin() as uow:
        reviewed = await reviews.load(uow, office, caller, target, locked=True)
        if _revision(reviewed) != revision:
            return LookAgain(replace(await reviews.answered(uow, reviewed), note=views.MOVED_ON))
        if done := _already(reviewed, level):
            return Confirmed(await reviews.answered(uow, reviewed), done, frozenset())
        mine = reviews.level_of(reviewed)
        if mine is None:
            raise EntryClosed(views.NOTHING_TO_CONFIRM)
        await _store_confirmed(uow, office, reviewed, mine)
        told = await _told(uow, reviewed)
        await uow.letter_updates.ask(told, target.round_id, office.machine.now())
        answered = await reviews.answered(uow, reviewed)
        await uow.commit()
    return Confirmed(answered, mine, told)


async def confirm_many(office: Office, caller: Caller, chosen: Chosen) -> ConfirmedMany:
    """Confirm each of the chosen that is still the revision that was shown, all or none.

    Those already confirmed at this manager's level are left as they are, and counted. Raises
    InvalidAnswers where nothing was chosen, and AccessDenied.
    """
    if not chosen.revisions:
        await reviews.waiting(office, caller, chosen.round_id)  # nobody else is told even that
        raise InvalidAnswers({chosen.first_group: NOTHING_CHOSEN})
    told: set[int] = set()
    changed: list[str] = []
    count = 0
    async with office.database.begin() as uow:
        for initiative_id, revision in sorted(chosen.revisions.items()):
            target = Target(chosen.round_id, initiative_id)
            reviewed = await reviews.load(uow, office, caller, target, locked=True)
            level, seen = reviews.level_of(reviewed), _revision(reviewed) == revision
            if seen and _already(reviewed, chosen.levels.get(initiative_id, 0)):
                pass
            elif seen and level is not None:
                await _store_confirmed(uow, office, reviewed, level)
                told |= await _told(uow, reviewed)
            else:
                changed.append(reviewed.item.status.code)
                continue
            count += 1
        await uow.letter_updates.ask(told, chosen.round_id, office.machine.now())
        await uow.commit()
    return ConfirmedMany(count, tuple(changed), frozenset(told))


async def send_back(office: Office, caller: Caller, typed: SentBack) -> Mending | LookAgain:
    """Ask the owner to mend the revision that was shown; the item reopens for that alone.

    Raises InvalidAnswers for faults under fields, AccessDenied and EntryClosed.
    """
    async with office.database.begin() as uow:
        reviewed = await reviews.load(uow, office, caller, typed.target, locked=True)
        _refuse_published(reviewed)
        due = _refuse_faults(reviewed, typed)
        if _revision(reviewed) != typed.revision:
            return LookAgain(replace(await reviews.answered(uow, reviewed), note=views.MOVED_ON))
        if reviewed.item.status.state is State.SENT_BACK:
            return await _sent_back_already(uow, reviewed, typed, due)
        decision = await _store_sent_back(uow, office, reviewed, typed.comment, due)
        act = f"{SENT_BACK_STEP}:{decision.id}"
        reached = await _write_to_who_answers(uow, office, reviewed, act)
        told = await _told(uow, reviewed)
        await uow.letter_updates.ask(told, typed.target.round_id, office.machine.now())
        await uow.commit()
    return Mending(reviewed.item.status.code, due, decision.id or 0, told, reached)


def _already(reviewed: Reviewed, level: int = 0) -> int:
    """The level at which it is confirmed, where that is the ``level`` that was shown, or this
    manager is asked no more; else 0.
    """
    status = reviewed.item.status
    confirmed = status.review.confirmed_level
    if status.mend_by is not None:
        return 0
    if 0 < level <= confirmed:
        return level
    return confirmed if reviews.level_of(reviewed) is None else 0


async def _sent_back_already(
    uow: UnitOfWork, reviewed: Reviewed, typed: SentBack, due: date
) -> Mending:
    """The same again is the same; raises EntryClosed where somebody else was first."""
    last = (await uow.decisions.of([reviews.row_of(reviewed).id or 0]))[-1]
    mine = last.person_id == reviewed.viewer.person_id
    if not mine or (last.comment, last.due) != (typed.comment, due):
        raise EntryClosed(views.SENT_BACK_ALREADY)
    return Mending(reviewed.item.status.code, due, last.id or 0, frozenset())


def _refuse_published(reviewed: Reviewed) -> None:
    is_frozen = reviews.row_of(reviewed).published is not None
    if is_frozen or reviewed.state.today > reviews.last_mend_day(reviewed):
        raise EntryClosed(views.PUBLISHED)


def _refuse_faults(reviewed: Reviewed, typed: SentBack) -> date:
    """The day by which to mend it, once everything that was typed is in order."""
    state, faults = reviewed.state, {}
    last = reviews.last_mend_day(reviewed)
    if not typed.comment:
        faults[views.COMMENT] = views.COMMENT_MISSING
    due = typed.due
    if due is None or not is_mend_day(due, state.today, last, state.calendar):
        faults[views.MEND_BY] = views.mend_day_words(last)
    if faults or due is None:
        raise InvalidAnswers(faults)
    return due


async def _write_to_who_answers(
    uow: UnitOfWork, office: Office, reviewed: Reviewed, act: str
) -> bool:
    """To the owners who are there, and to whoever stands in for one who is away; whether there is
    anybody who can be told in Slack.
    """
    there = (await presence_on(uow, office.today())).of(reviewed.item.ownerships)
    to = {deputy: stand_in_key(act, owner) for deputy, owner in sorted(there.stand_ins)}
    to |= dict.fromkeys(there.present, act)
    round_id = reviewed.state.round.id
    kind, written = LetterKind.SENT_BACK, 0
    for person, key in sorted(to.items()):
        written += await act_letters.write(uow, office, kind, [person], round_id=round_id, act=key)
    return written > 0


async def _store_confirmed(uow: UnitOfWork, office: Office, reviewed: Reviewed, level: int) -> None:
    about = reviews.row_of(reviewed).id or 0
    await uow.check_ins.review(about, confirmed_level=level)
    kind = DecisionKind.CONFIRMED
    await _decide(uow, office, reviewed, _decision(office, reviewed, kind, level=level))


async def _store_sent_back(
    uow: UnitOfWork, office: Office, reviewed: Reviewed, comment: str, due: date
) -> Decision:
    about = reviews.row_of(reviewed).id or 0
    level = (reviewed.item.status.review.next_level or reviewed.state.round.levels) or 1
    await uow.check_ins.review(about, confirmed_level=0, sent_back_due=due)
    decision = _decision(office, reviewed, DecisionKind.SENT_BACK, level=level)
    decision.comment, decision.due = comment, due
    await _decide(uow, office, reviewed, decision)
    return decision


def _decision(office: Office, reviewed: Reviewed, kind: DecisionKind, *, level: int) -> Decision:
    row, viewer = reviews.row_of(reviewed), reviewed.viewer
    return Decision(
        check_in_id=row.id or 0,
        number=0,
        revision=row.revision,
        kind=kind.value,
        level=level,
        person_id=viewer.person_id,
        at=office.now(),
        own=reviews.is_own(reviewed),
    )


async def _decide(uow: UnitOfWork, office: Office, reviewed: Reviewed, decision: Decision) -> None:
    await uow.decisions.add(decision)
    Trail(uow, office.now(), Actor.of(reviewed.viewer)).note(
        f"check-in.{decision.kind}",
        f"check-in:{decision.check_in_id}",
        {"revision": decision.revision, "level": decision.level, "own": decision.own},
    )


def _revision(reviewed: Reviewed) -> int:
    return reviews.row_of(reviewed).revision


async def _told(uow: UnitOfWork, reviewed: Reviewed) -> frozenset[int]:
    """Whose letters now say something else: those who answer the item, and those who confirm."""
    state, item = reviewed.state, reviewed.item
    grants = await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, state.today)
    return answerers_of(item.ownerships) | {grant.person_id for grant in grants}


def _usual_day(reviewed: Reviewed) -> date:
    state = reviewed.state
    return usual_mend_day(state.today, reviews.last_mend_day(reviewed), state.calendar)
