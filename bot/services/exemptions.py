"""対象外 for several items of a round at once, as entered by the coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import people
from bot.domain.answers import Answers
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.form import Stage
from bot.domain.people import Viewer
from bot.domain.plans import PlanState
from bot.services import checkins, round_state, viewers
from bot.services.answerers import answerers_of
from bot.services.checkin_entries import Opened
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views import exemptions as views
from bot.views.additions import MAY_NOT
from bot.views.exemptions import Exemptable, ExemptForm, ExemptItem, TypedExempt
from storage.models import Plan
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Exempted:
    """What became of the items that were ticked, by code; ``told``: whose letters have changed."""

    codes: tuple[str, ...]
    skipped: tuple[str, ...]
    told: frozenset[int]


async def open_exempt(office: Office, caller: Caller, round_id: int) -> ExemptForm:
    """The items of a round that have no answer at all.

    Raises AccessDenied, EntryClosed where none can be entered or the review knows no 対象外.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        state = await _round(uow, office, viewer, round_id)
    return ExemptForm(
        round_id=round_id,
        title=state.info.full_title,
        items=tuple(
            ExemptItem(item.id, item.status.code, item.status.title, item.initiative.added_on)
            for item in _unanswered(state)
        ),
        late=state.today > state.round.dates.closes,
    )


async def exempt(office: Office, caller: Caller, typed: TypedExempt) -> Exempted:
    """Answer 対象外 for the ticked items, as entered by the coordinator; the answered are skipped.

    Raises as ``open_exempt`` does, and InvalidAnswers where nothing is ticked.
    """
    now = office.now()
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        state = await _round(uow, office, viewer, typed.round_id)
        late = state.today > state.round.dates.closes
        _refuse_missing(typed, late=late)
        answers = _exemption(state.round.stage) or {}
        done, skipped = list[ItemRecord](), list[ItemRecord]()
        for item in (item for item in state.items if item.id in typed.ids):
            plan_id, stage = state.round.plan_id, state.round.stage.key
            row = await uow.check_ins.locked(plan_id, item.id, stage, now)
            if row.revision or row.published is not None:
                skipped.append(item)
                continue
            opened = Opened(viewer, state, item, late)
            why = typed.reason if late else ""
            await checkins.save(uow, opened, row, dict(answers), base=0, reason=why, now=now)
            done.append(item)
        told = answerers_of(own for item in done for own in item.ownerships)
        if done:
            await uow.letter_updates.ask(told, typed.round_id, office.machine.now())
            await uow.commit()
    return Exempted(
        tuple(item.status.code for item in done),
        # What this very person has set a moment ago is no news: it was sent twice.
        tuple(item.status.code for item in skipped if not _is_exempt(item, viewer, answers)),
        told,
    )


async def exemptable(uow: UnitOfWork, office: Office, plan: Plan) -> list[Exemptable]:
    """The rounds of a plan in which 対象外 can be entered today, as its coordinator sees them."""
    today, found = office.today(), []
    for row in await uow.rounds.of_plans([plan.id or 0]):
        stage = office.forms[plan.form].stage(row.stage)
        runs = plan.state == PlanState.FINAL and row.opens <= today <= row.publishes
        runs = runs and row.frozen_at is None
        if runs and _exemption(stage) is not None:
            state = await round_state.load(uow, row, today=today, forms=office.forms)
            found.append(Exemptable(row.id or 0, state.info.title, len(_unanswered(state))))
    return found


def _is_exempt(item: ItemRecord, viewer: Viewer, answers: Answers) -> bool:
    row = item.check_in
    return row is not None and row.entered_by == viewer.person_id and row.answers == dict(answers)


def _refuse_missing(typed: TypedExempt, *, late: bool) -> None:
    faults = {}
    if not typed.ids:
        faults[f"{views.GROUP}:0"] = views.NOTHING_CHOSEN
    if late and not typed.reason:
        faults[views.REASON] = views.REASON_MISSING
    if faults:
        raise InvalidAnswers(faults)


def _exemption(stage: Stage) -> dict[str, str] | None:
    """The answer 「対象外」 of a stage; None where its form has none."""
    for question in stage.questions:
        for option in question.options:
            if option.exempts:
                return {question.key: option.key}
    return None


def _unanswered(state: RoundState) -> list[ItemRecord]:
    return [
        item
        for item in state.items
        if item.id != people.UNIT_ITEM and (item.check_in is None or not item.check_in.revision)
    ]


async def _round(uow: UnitOfWork, office: Office, viewer: Viewer, round_id: int) -> RoundState:
    state = await round_state.load_by_id(uow, round_id, today=office.today(), forms=office.forms)
    if state is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if not people.is_coordinator(viewer, state.unit_id):
        raise AccessDenied(MAY_NOT)
    if _exemption(state.round.stage) is None:
        raise EntryClosed(views.NO_EXEMPTION)
    dates = state.round.dates
    if state.round.frozen:
        raise EntryClosed(entry_words.FROZEN)
    if state.plan.state != PlanState.FINAL or not dates.opens <= state.today <= dates.publishes:
        raise EntryClosed(views.NOT_TAKEN)
    return state
