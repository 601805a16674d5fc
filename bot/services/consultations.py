"""What an owner asks the coordinator instead of answering, and the coordinator's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.consultations import ConsultationKind, is_planned_day
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.letters import LetterKind
from bot.domain.people import Refusal, Viewer
from bot.services import act_letters, round_state, viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import consultations as views
from bot.views import entry_words
from bot.views.consultations import Asked, Asking, Planning, Question
from bot.views.refusals import refusal_words
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from storage.models import Consultation
from storage.unit_of_work import UnitOfWork

CONSULTED_STEP = "consulted"  # with the id of the consultation


@dataclass(frozen=True)
class Told:
    """To whom a question has gone."""

    round: RoundInfo
    unit_id: int


async def open_ask(office: Office, caller: Caller, about: Target | None = None) -> Asking:
    """The items about which this person may ask now: theirs that wait for an answer, or one.

    Raises AccessDenied, and EntryClosed when nothing is asked of them.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        found = await _open_items(uow, office, viewer)
    if about is not None:
        found = [(s, item) for s, item in found if Target(s.round.id, item.id) == about]
    if not found:
        raise EntryClosed(views.NOTHING_OPEN)
    return Asking(tuple((state.info, item.status) for state, item in found))


async def ask(office: Office, caller: Caller, typed: Asked) -> Told:
    """Store what is asked about each chosen item, once while it is unanswered.

    Raises InvalidAnswers for what is missing, AccessDenied for an item of somebody else's.
    """
    _refuse_missing(typed)
    kind = typed.kind or ConsultationKind.OTHER
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        mine = {
            Target(state.round.id, item.id): state
            for state, item in await _open_items(uow, office, viewer)
        }
        for target in typed.targets:
            if target not in mine:
                raise AccessDenied(refusal_words(Refusal.MAY_NOT_ANSWER))
            await uow.consultations.ask(
                round_id=target.round_id,
                initiative_id=target.initiative_id,
                person_id=viewer.person_id,
                kind=kind.value,
                note=typed.note,
                at=office.now(),
            )
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "consultation.ask",
            f"round:{typed.targets[0].round_id}",
            {"items": [target.initiative_id for target in typed.targets], "kind": kind},
        )
        await uow.commit()
    state = mine[typed.targets[0]]
    return Told(state.info, state.unit_id)


async def open_plan(office: Office, caller: Caller, round_id: int | None = None) -> Planning:
    """The round for which this person may name a day: that one, or of several the next due.

    Raises EntryClosed when nothing is asked of them, or not before its due day any more.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        states = [state for state, _ in await _open_items(uow, office, viewer)]
    states = [state for state in states if round_id in (None, state.round.id)]
    if not states:
        raise EntryClosed(views.NOTHING_OPEN)
    ahead = [state for state in states if state.today < state.round.dates.due]
    if not ahead:
        raise EntryClosed(views.PAST_DUE)
    state = min(ahead, key=lambda each: each.round.dates.due)
    return Planning(state.info, state.calendar.on_or_before(state.round.dates.due))


async def plan(office: Office, caller: Caller, round_id: int, day: date | None) -> date:
    """Store the day on which this person means to answer; until that morning they hear nothing.

    Raises InvalidAnswers for a day that can't be named, AccessDenied and EntryClosed.
    """
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        states = [state for state, _ in await _open_items(uow, office, viewer)]
        state = next((each for each in states if each.round.id == round_id), None)
        if state is None:
            raise EntryClosed(views.NOTHING_OPEN)
        due = state.round.dates.due
        allowed = day and is_planned_day(day, today=state.today, due=due, calendar=state.calendar)
        if day is None or not allowed:
            raise InvalidAnswers({views.DAY: views.day_fault(due)})
        await uow.consultations.plan(
            round_id=round_id, person_id=viewer.person_id, day=day, at=office.now()
        )
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "planned-date.set", f"round:{round_id}", {"day": day.isoformat()}
        )
        await uow.commit()
    return day


async def open_reply(office: Office, caller: Caller, consultation_id: int) -> Question:
    """A question as the unit's coordinator reads it; EntryClosed once it has been answered."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        row, state = await _asked(uow, office, viewer, consultation_id)
        return await _question(uow, row, state)


async def reply(office: Office, caller: Caller, consultation_id: int, answer: str) -> int:
    """Answer a question, once; the one who asked gets a letter, and notices go on.

    Returns the round's id. Raises InvalidAnswers without a text, AccessDenied and EntryClosed.
    """
    if not answer:
        raise InvalidAnswers({views.ANSWER: views.NO_ANSWER})
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        row, _ = await _asked(uow, office, viewer, consultation_id)
        row.answer, row.answered_by, row.answered_at = answer, viewer.person_id, office.now()
        await uow.consultations.add(row)
        await act_letters.write(
            uow,
            office,
            LetterKind.CONSULTED,
            [row.person_id],
            round_id=row.round_id,
            act=f"{CONSULTED_STEP}:{row.id}",
            # An old database that came back gives the same id to another question.
            once=f"{CONSULTED_STEP}:{row.id}:{office.now():%Y%m%dT%H%M%S}",
        )
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "consultation.answer", f"consultation:{row.id}"
        )
        await uow.commit()
    return row.round_id


def _refuse_missing(typed: Asked) -> None:
    faults = {}
    if not typed.targets:
        faults[f"{views.ABOUT}:0"] = views.NO_ITEM
    if typed.kind is None:
        faults[views.KIND] = views.NO_KIND
    if faults:
        raise InvalidAnswers(faults)


async def _open_items(
    uow: UnitOfWork, office: Office, viewer: Viewer
) -> list[tuple[RoundState, ItemRecord]]:
    """What waits for this person's answer in any round, in the plan's order."""
    today = office.today()
    held = await uow.people.held_by(viewer.person_id, today)
    found = []
    for row in await uow.rounds.of_plans({plan_id for _, plan_id, _ in held}):
        if today < row.opens:
            continue
        state = await round_state.load(
            uow, row, today=today, forms=office.forms, only=viewer.answerable
        )
        found += [
            (state, item)
            for item in state.items
            if item.id in viewer.answerable
            and _is_wanted(item, today)
            and today <= state.entry_until(item)
        ]
    return found


def _is_wanted(item: ItemRecord, today: date) -> bool:
    """Whether an answer is outstanding, or figures that are known by now."""
    again = item.asked_again
    return item.status.outstanding or (again is not None and again <= today)


async def _asked(
    uow: UnitOfWork, office: Office, viewer: Viewer, consultation_id: int
) -> tuple[Consultation, RoundState]:
    row = await uow.consultations.get(consultation_id)
    round_ = await uow.rounds.get(row.round_id) if row else None
    if row is None or round_ is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    only = {row.initiative_id}
    state = await round_state.load(uow, round_, today=office.today(), forms=office.forms, only=only)
    if not people.is_coordinator(viewer, state.unit_id):
        raise AccessDenied(views.NOT_YOURS)
    if row.answered_at is not None:
        raise EntryClosed(views.ANSWERED)
    return row, state


async def _question(uow: UnitOfWork, row: Consultation, state: RoundState) -> Question:
    item = state.item(row.initiative_id)
    person = await uow.people.get(row.person_id)
    return Question(
        id=row.id or 0,
        round=state.info,
        code=item.status.code if item else "",
        title=item.status.title if item else "",
        kind=ConsultationKind(row.kind),
        note=row.note,
        name=person.name if person else "",
        at=row.at,
    )
