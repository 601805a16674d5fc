"""Items that join a plan during the year, and 対象外 for several of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain import people
from bot.domain.answers import Answers
from bot.domain.calendar import fiscal_year_of
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.form import Form, Stage
from bot.domain.people import Viewer
from bot.domain.units import fold_name
from bot.services import checkins, round_state, viewers
from bot.services.checkin_entries import Opened
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.viewers import Caller
from bot.views import additions as views
from bot.views import entry_words
from bot.views.additions import (
    Added,
    AdditionForm,
    Exemptable,
    ExemptForm,
    ExemptItem,
    TypedExempt,
    TypedItem,
)
from storage.models import Initiative, Ownership, Person, Plan, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Exempted:
    """What became of the items that were ticked, by code; ``told``: whose letters have changed."""

    codes: tuple[str, ...]
    skipped: tuple[str, ...]
    told: frozenset[int]


async def open_form(office: Office, caller: Caller, plan_id: int) -> AdditionForm:
    """The form for a new item; AccessDenied for all but the unit's coordinator."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        plan, unit = await _plan(uow, viewer, plan_id)
        items = await uow.plans.initiatives(plan_id)
        return AdditionForm(
            plan_id=plan_id,
            title=_title(plan, unit, office.forms[plan.form]),
            items=len(items),
            code=str(max((item.number for item in items), default=0) + 1),
            today=office.today(),
            sections={row.id or 0: row.name for row in await uow.units.sections(unit.id or 0)},
            rounds=tuple(await _exemptable(uow, office, plan)),
        )


async def add(office: Office, caller: Caller, typed: TypedItem) -> Added:
    """Store a new item at the end of its plan, once however often it comes.

    Its owner hears of it by the ladder of each round that runs. Raises InvalidAnswers for faults
    under fields, AccessDenied.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer = await viewers.registered(uow, caller, office.today())
        plan, unit = await _plan(uow, viewer, typed.plan_id)
        items = await uow.plans.initiatives(typed.plan_id)
        code = fold_name(typed.code)
        same = next((item for item in items if fold_name(item.code) == code), None)
        known = same is not None and (same.title, same.added_on) == (typed.title, typed.added_on)
        owner = await _owner(uow, caller.team_id, typed.owner)
        await _refuse_faults(uow, unit, plan, typed, taken=same is not None and not known)
        if not known:
            item = _initiative(typed, items)
            await uow.plans.add(item)
            if owner is not None:
                await _own(uow, item, owner, typed)
            uow.audit.note(
                "item.add",
                at=office.now(),
                actor="slack",
                person_id=viewer.person_id,
                subject=f"initiative:{item.id}",
                detail={"plan": plan.id, "code": item.code, "owner": owner.id if owner else None},
            )
        added = Added(
            code=typed.code,
            title=typed.title,
            plan_title=_title(plan, unit, office.forms[plan.form]),
            owner=owner.name if owner else "",
            asked=tuple(await _asked(uow, office, plan)),
            rounds=tuple(await _exemptable(uow, office, plan)),
        )
        if not known:
            await uow.commit()
    return added


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
            if row.revision:
                skipped.append(item)
                continue
            opened = Opened(viewer, state, item, late)
            why = typed.reason if late else ""
            await checkins.save(uow, opened, row, dict(answers), base=0, reason=why, now=now)
            done.append(item)
        told = frozenset(_concerned(done))
        if done:
            await uow.outbox.ask_refresh(told, typed.round_id, office.machine.now())
            await uow.commit()
    return Exempted(
        tuple(item.status.code for item in done),
        # What this very person has set a moment ago is no news: it was sent twice.
        tuple(item.status.code for item in skipped if not _is_exempt(item, viewer, answers)),
        told,
    )


def _is_exempt(item: ItemRecord, viewer: Viewer, answers: Answers) -> bool:
    row = item.check_in
    return row is not None and row.entered_by == viewer.person_id and row.answers == dict(answers)


def _concerned(items: Iterable[ItemRecord]) -> set[int]:
    owns = [own for item in items for own in item.ownerships]
    return {own.person_id for own in owns} | {own.deputy_id for own in owns if own.deputy_id}


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
        raise AccessDenied(views.MAY_NOT)
    if _exemption(state.round.stage) is None:
        raise EntryClosed(views.NO_EXEMPTION)
    dates = state.round.dates
    if state.plan.state != "final" or not dates.opens <= state.today <= dates.publishes:
        raise EntryClosed(views.NOT_TAKEN)
    return state


async def _plan(uow: UnitOfWork, viewer: Viewer, plan_id: int) -> tuple[Plan, Unit]:
    plan = await uow.plans.get(plan_id)
    unit = await uow.units.get(plan.unit_id) if plan else None
    if plan is None or unit is None or not people.is_coordinator(viewer, plan.unit_id):
        raise AccessDenied(views.MAY_NOT)
    return plan, unit


def _title(plan: Plan, unit: Unit, form: Form) -> str:
    return views.plan_title(unit.name, plan.last_year, form.name)


async def _exemptable(uow: UnitOfWork, office: Office, plan: Plan) -> list[Exemptable]:
    """The rounds of a plan in which 対象外 can be entered today."""
    today, found = office.today(), []
    for row in await uow.rounds.of_plans([plan.id or 0]):
        stage = office.forms[plan.form].stage(row.stage)
        runs = plan.state == "final" and row.opens <= today <= row.publishes
        if runs and _exemption(stage) is not None:
            state = await round_state.load(uow, row, today=today, forms=office.forms)
            found.append(Exemptable(row.id or 0, state.info.title, len(_unanswered(state))))
    return found


async def _asked(uow: UnitOfWork, office: Office, plan: Plan) -> list[str]:
    """The reviews of a plan that take answers today."""
    today, form = office.today(), office.forms[plan.form]
    return [
        form.stage(row.stage).title
        for row in await uow.rounds.of_plans([plan.id or 0])
        if plan.state == "final" and row.opens <= today <= row.closes
    ]


async def _refuse_faults(
    uow: UnitOfWork, unit: Unit, plan: Plan, typed: TypedItem, *, taken: bool
) -> None:
    faults = {}
    if not typed.code or taken:
        faults[views.CODE] = views.CODE_TAKEN if taken else views.CODE_MISSING
    if not typed.title:
        faults[views.NAME] = views.NAME_MISSING
    if typed.added_on is None:
        faults[views.ADDED_ON] = views.DAY_MISSING
    elif not plan.first_year <= fiscal_year_of(typed.added_on) <= plan.last_year:
        faults[views.ADDED_ON] = views.day_of_other_year(plan.first_year, plan.last_year)
    known = {row.id for row in await uow.units.sections(unit.id or 0)}
    if typed.section_id is not None and typed.section_id not in known:
        faults[views.SECTION] = views.SECTION_GONE
    if faults:
        raise InvalidAnswers(faults)


async def _owner(uow: UnitOfWork, team_id: str, slack_user_id: str) -> Person | None:
    if not slack_user_id:
        return None
    found = await uow.people.by_account(team_id, slack_user_id, active=True)
    if found is None:
        raise InvalidAnswers({views.OWNER: views.OWNER_UNKNOWN})
    return found


def _initiative(typed: TypedItem, items: Iterable[Initiative]) -> Initiative:
    last = max((item.position for item in items), default=0)
    return Initiative(
        plan_id=typed.plan_id,
        code=typed.code,
        position=last + 1,
        number=int(typed.code) if re.fullmatch(r"[0-9]{1,6}", typed.code) else last + 1,
        title=typed.title,
        added_on=typed.added_on,
        outline=typed.texts.get(views.OUTLINE),
        target=typed.texts.get(views.TARGET),
        activities=typed.texts.get(views.ACTIVITIES),
        activities_target=typed.texts.get(views.YEARS_TARGET),
    )


async def _own(uow: UnitOfWork, item: Initiative, owner: Person, typed: TypedItem) -> None:
    await uow.people.add(
        Ownership(
            initiative_id=item.id or 0,
            person_id=owner.id or 0,
            section_id=typed.section_id,
            valid_from=typed.added_on,
        )
    )
