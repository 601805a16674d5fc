"""Opening a check-in for answering, and storing what was answered: one transaction, then a word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import people
from bot.domain.checkins import Current, Source, Verdict, fingerprint, is_pending, judge
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.form import Answers, Kind, Stage, check, final_date, repeats, settle
from bot.domain.people import Refusal, Viewer
from bot.domain.rounds import confirm_day
from bot.services import round_state, viewers
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views.actions import Target
from bot.views.checkin_form import Entry, Keep, Previous, Rival, Typed
from bot.views.checkin_results import Saved
from bot.views.refusals import RefusalFacts, refusal_words
from storage.models import CheckIn, Initiative, Revision
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Opened:
    """An item ready for answering by one viewer, as of now."""

    viewer: Viewer
    state: RoundState
    item: ItemRecord
    late_correction: bool  # after the round closed, by the coordinator: a reason is asked for


@dataclass(frozen=True)
class Stored:
    """A submission that is in the database (also when it had been before)."""

    saved: Saved
    item: ItemRecord
    owner_ids: frozenset[int]


@dataclass(frozen=True)
class AskAgain:
    """Nothing was stored: the person must look at something first (a rival's text, a repeat)."""

    entry: Entry


async def open_entry(office: Office, caller: Caller, target: Target) -> Entry:
    """The modal's content. Raises AccessDenied, EntryClosed or NotFound with the words to show."""
    async with office.database.read() as uow:
        opened = await _opened(uow, office, caller, target)
        return await _entry(uow, opened)


async def submit(office: Office, caller: Caller, typed: Typed) -> Stored | AskAgain:
    """Store a submission, once however often it comes.

    Raises InvalidAnswers for faults under fields, AccessDenied and EntryClosed for the whole, and
    NotSaved when the database does not take it in time. Returns only after the commit.
    """
    target = Target(typed.round_id, typed.initiative_id)
    now = office.now()
    async with office.database.begin() as uow:
        opened = await _opened(uow, office, caller, target)
        plan_id, stage = opened.state.round.plan_id, opened.state.round.stage
        row = await uow.check_ins.locked(plan_id, typed.initiative_id, stage.key, now)
        stored = round_state.current(row)
        draft = {**(stored.answers or {}), **typed.answers}
        _refuse_faults(opened, typed, draft)
        if not set(repeats(opened.item.fields, draft)) <= typed.warned:
            warned = frozenset(repeats(opened.item.fields, draft))
            return AskAgain(replace(await _retyped(uow, opened, typed, draft), warned=warned))
        answers = settle(opened.item.fields, draft)
        verdict, base = await _verdict(uow, opened.viewer, typed, stored, answers)
        if verdict is Verdict.CONFLICT:
            entry = await _retyped(uow, opened, typed, draft)
            return AskAgain(replace(entry, rival=await _rival(uow, stored)))
        if verdict is Verdict.SAVE and typed.keep is not Keep.THEIRS:
            await _save(uow, opened, row, answers, base=base, reason=typed.reason, now=now)
            # A letter to each who was asked now says something else.
            told = _told(opened.item)
            await uow.outbox.ask_refresh(told, typed.round_id, office.machine.now())
            await uow.commit()
    return await _stored(office, caller, target, opened, correcting=typed.correcting)


async def _opened(uow: UnitOfWork, office: Office, caller: Caller, target: Target) -> Opened:
    today = office.today()
    viewer = await viewers.load(uow, caller, today)
    if viewer is None:
        raise AccessDenied(refusal_words(Refusal.NOT_REGISTERED))
    row = await uow.rounds.get(target.round_id)
    initiative = await uow.plans.initiative(target.initiative_id)
    if row is None or initiative is None or initiative.plan_id != row.plan_id:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    state = await round_state.load(uow, row, today=today, forms=office.forms)
    item = state.item(target.initiative_id)
    if item is None:
        raise LookupError("an initiative of the plan is missing from its round")
    await _refuse_strangers(uow, viewer, state, item)
    return Opened(viewer, state, item, _refuse_closed(viewer, state, item))


async def _refuse_strangers(
    uow: UnitOfWork, viewer: Viewer, state: RoundState, item: ItemRecord
) -> None:
    if people.may_answer(viewer, item.access(state.unit_id)):
        return
    past = [
        own.valid_to
        for own in await uow.people.ownerships([item.id])
        if own.person_id == viewer.person_id and own.valid_to and own.valid_to < state.today
    ]
    raise AccessDenied(_refusal_words(viewer, state, max(past, default=None)))


def _refusal_words(viewer: Viewer, state: RoundState, owned_until: date | None) -> str:
    facts = RefusalFacts(
        unit_name=state.unit.name,
        contact=state.round.contact,
        extension=state.round.extension,
        since=owned_until + timedelta(days=1) if owned_until else None,
    )
    if owned_until is not None:
        return refusal_words(Refusal.NO_LONGER_OWNER, facts)
    if people.may_see_counts(viewer, state.unit_id):
        return refusal_words(Refusal.MAY_NOT_ANSWER, facts)
    return refusal_words(Refusal.OTHER_UNIT, facts)


def _refuse_closed(viewer: Viewer, state: RoundState, item: ItemRecord) -> bool:
    """Raise unless answers are taken today; True when it is a correction that needs a reason."""
    dates = state.round.dates
    if state.plan.state != "final":
        raise EntryClosed(entry_words.plan_is_draft(state.info))
    if state.today < dates.opens:
        raise EntryClosed(entry_words.not_open_yet(state.info))
    if state.today <= state.entry_until(item):
        return False
    if people.is_coordinator(viewer, state.unit_id) and state.today <= dates.publishes:
        return True
    raise EntryClosed(entry_words.round_closed(state.info, state.entry_until(item)))


def _refuse_faults(opened: Opened, typed: Typed, draft: Answers) -> None:
    faults = check(opened.item.fields, draft)
    faults.update(_past_final_dates(opened, draft))
    if opened.late_correction and not typed.reason.strip():
        faults["reason"] = entry_words.REASON_MISSING
    if faults:
        raise InvalidAnswers(faults)


def _past_final_dates(opened: Opened, draft: Answers) -> dict[str, str]:
    """Figures that are still unknown can't have been known on a day that has passed."""
    settled = settle(opened.item.fields, draft)
    return {
        field.key: entry_words.FINAL_DATE_PAST
        for field in opened.item.fields
        if field.question.kind is Kind.DATE
        and (given := settled.get(field.key))
        and _is_past(given, opened.state.today)
    }


def _is_past(text: str, today: date) -> bool:
    try:
        return date.fromisoformat(text) < today
    except ValueError:
        return False  # check() has refused it already


async def _verdict(
    uow: UnitOfWork, viewer: Viewer, typed: Typed, stored: Current, answers: Answers
) -> tuple[Verdict, int]:
    seen = typed.keep is not None and typed.rival_revision == stored.number
    base = stored.number if seen else typed.revision
    known = await uow.check_ins.knows(_fingerprint(typed, base, viewer, answers))
    return judge(stored, answers, base=base, known=known), base


def _fingerprint(target: Typed | Target, base: int, viewer: Viewer, answers: Answers) -> str:
    about = f"{target.round_id}:{target.initiative_id}"
    return fingerprint(about, base, viewer.person_id, answers)


async def _save(
    uow: UnitOfWork,
    opened: Opened,
    row: CheckIn,
    answers: dict[str, str],
    *,
    base: int,
    reason: str,
    now: datetime,
) -> None:
    state, item, viewer = opened.state, opened.item, opened.viewer
    target = Target(state.round.id, item.id)
    for_owner = people.answers_for(viewer, item.access(state.unit_id))
    revision = Revision(
        check_in_id=row.id or 0,
        number=row.revision + 1,
        before=row.answers,
        after=answers,
        asked=asked(item.initiative, state.round.stage),
        source=Source.SLACK.value,
        entered_by=viewer.person_id,
        entered_for=min(item.owner_ids, default=None) if for_owner else None,
        at=now,
        reason=reason.strip(),
        fingerprint=_fingerprint(target, base, viewer, answers),
    )
    await uow.check_ins.add(revision)
    row.revision, row.answers, row.source = revision.number, answers, revision.source
    row.entered_by, row.at = viewer.person_id, now
    row.ask_again_on = _ask_again_on(opened, answers)
    await uow.check_ins.add(row)
    uow.audit.note(
        "check-in.save",
        at=now,
        actor="slack",
        person_id=viewer.person_id,
        subject=f"check-in:{row.id}",
        detail={"revision": revision.number, "fields": sorted(answers), "for_owner": for_owner},
    )


def asked(initiative: Initiative, stage: Stage) -> dict[str, object]:
    """What a person answers to, kept with the answer: wording and target of that moment."""
    return {
        "title": initiative.title,
        "target": initiative.target,
        "activities": initiative.activities,
        "activities_target": initiative.activities_target,
        "labels": {question.key: question.label for question in stage.questions},
    }


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


async def _entry(uow: UnitOfWork, opened: Opened) -> Entry:
    state, item = opened.state, opened.item
    initiative = item.initiative
    for_owner = people.answers_for(opened.viewer, item.access(state.unit_id))
    return Entry(
        round=state.info,
        initiative_id=item.id,
        code=initiative.code,
        title=initiative.title,
        target=initiative.target or initiative.plan_unlabelled,
        activities=initiative.activities,
        activities_target=initiative.activities_target,
        fields=item.fields,
        answers=item.status.answers,
        revision=item.check_in.revision if item.check_in else 0,
        correcting=not item.status.outstanding,
        position=_position(opened),
        previous=await _previous(uow, opened),
        entered_for=_entered_for(item) if for_owner else "",
        reason_required=opened.late_correction,
    )


async def _retyped(uow: UnitOfWork, opened: Opened, typed: Typed, draft: Answers) -> Entry:
    """The same screen again with what was typed on it."""
    entry = await _entry(uow, opened)
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


def _position(opened: Opened) -> tuple[int, int] | None:
    """(n, of m): the n-th answer among the m items that are the person's own."""
    mine = [item for item in opened.state.items if item.id in opened.viewer.answerable]
    if opened.item not in mine or len(mine) < 2 or not opened.item.status.outstanding:
        return None
    return sum(not item.status.outstanding for item in mine) + 1, len(mine)


def _entered_for(item: ItemRecord) -> str:
    owner = "、".join(f"{name}さん" for name in item.status.owners) or "担当未設定"
    return f"{'・'.join(item.status.sections)} {owner}".strip()


async def _previous(uow: UnitOfWork, opened: Opened) -> tuple[Previous, ...]:
    """Earlier answers about this item: this year's earlier stages, and last year's same item."""
    state, initiative = opened.state, opened.item.initiative
    own = await uow.check_ins.of_initiatives([opened.item.id])
    found = [row for row in own if row.stage != state.round.stage.key]
    last = await uow.plans.find(state.unit_id, state.form.key, state.plan.first_year - 1)
    if last is not None:
        twins = [
            each.id or 0
            for each in await uow.plans.initiatives(last.id or 0)
            if each.code == initiative.code and each.title == initiative.title
        ]
        found = [*await uow.check_ins.of_initiatives(twins), *found] if twins else found
    return tuple(
        _earlier(row, opened, is_last_year=row.plan_id != state.round.plan_id)
        for row in found
        if row.revision and _precedes(row, state)
    )


def _precedes(row: CheckIn, state: RoundState) -> bool:
    order = [stage.key for stage in state.form.stages]
    same_plan = row.plan_id == state.round.plan_id
    return not same_plan or order.index(row.stage) < order.index(state.round.stage.key)


def _earlier(row: CheckIn, opened: Opened, *, is_last_year: bool) -> Previous:
    stage = opened.state.form.stage(row.stage)
    label = f"昨年度 {stage.title}" if is_last_year else stage.title
    marks, texts = [], []
    for question in stage.questions:
        text = row.answers.get(question.key, "")
        option = question.option(text)
        if option is not None and question.kind is Kind.CHOICE:
            marks.append(option.mark or option.text)
        elif text and question.required and question.required.question:
            texts.append(text)
    return Previous(label, " ／ ".join(["・".join(marks), *(f"改善策：{t}" for t in texts)]))


async def _stored(
    office: Office, caller: Caller, target: Target, opened: Opened, *, correcting: bool
) -> Stored:
    """What to say now that it is stored; read anew, so that it is true."""
    async with office.database.read() as uow:
        viewer = await viewers.load(uow, caller, office.today()) or opened.viewer
        row = await uow.rounds.get(target.round_id)
        if row is None:
            raise LookupError("the round has gone while an answer was stored")
        state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
    item = state.item(target.initiative_id) or opened.item
    mine = [each for each in state.items if each.id in viewer.answerable]
    left = [each for each in mine if each.status.outstanding]
    following = _following(left, target.initiative_id, [each.id for each in mine])
    owns = target.initiative_id in viewer.answerable
    saved = Saved(
        round=state.info,
        code=item.initiative.code,
        remaining=len(left) if owns else 0,
        total=len(mine) if owns else 0,
        next=Target(target.round_id, following) if following and owns else None,
        correcting=correcting,
    )
    return Stored(saved, item, item.owner_ids)


def _following(left: list[ItemRecord], after: int, order: list[int]) -> int | None:
    """The next open item in the plan's order, from the top again at the end."""
    if not left:
        return None
    place = order.index(after) if after in order else -1
    later = [item.id for item in left if order.index(item.id) > place]
    return later[0] if later else left[0].id
