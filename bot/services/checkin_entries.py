"""Opening a check-in: who may answer it today, and what the screen then shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.domain import people
from bot.domain.calendar import era_year
from bot.domain.errors import AccessDenied, EntryClosed, NotFound, NotRegistered
from bot.domain.form import Form, Kind
from bot.domain.people import Refusal, Viewer
from bot.domain.plans import PlanState
from bot.services import round_state, viewers
from bot.services.office import Office
from bot.services.progress import progress_of
from bot.services.round_state import ItemRecord, RoundState, texts_of
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views.checkin_entry import Mending
from bot.views.checkin_form import Entry, Previous
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.targets import Target
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Opened:
    """An item ready for answering by one viewer, as of now.

    ``state`` holds this item and no others.
    """

    viewer: Viewer
    state: RoundState
    item: ItemRecord
    late_correction: bool  # after the round closed, by the coordinator: a reason is asked for
    forms: Mapping[str, Form] = field(default_factory=dict)  # of earlier years, by key


async def opened_for(uow: UnitOfWork, office: Office, caller: Caller, target: Target) -> Opened:
    """Check that a person may answer an item today.

    Raises AccessDenied, EntryClosed or NotFound with the words to show.
    """
    today = office.today()
    viewer = await viewers.load(uow, caller, today)
    if viewer is None:
        raise NotRegistered(refusal_words(Refusal.NOT_REGISTERED))
    only = {target.initiative_id}
    state = await round_state.load_by_id(
        uow, target.round_id, today=today, forms=office.forms, only=only
    )
    item = state.item(target.initiative_id) if state else None
    if state is None or item is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    await _refuse_strangers(uow, viewer, state, item)
    return Opened(viewer, state, item, _refuse_closed(viewer, state, item), office.forms)


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
    if state.plan.state != PlanState.FINAL:
        raise EntryClosed(entry_words.plan_is_draft(state.info))
    if state.today < dates.opens:
        raise EntryClosed(entry_words.not_open_yet(state.info))
    if state.today <= state.entry_until(item):
        return False
    is_coordinator = people.is_coordinator(viewer, state.unit_id)
    if is_coordinator and (state.round.frozen or state.today <= dates.publishes):
        return True
    if state.round.frozen:
        raise EntryClosed(entry_words.published(state.info))
    raise EntryClosed(entry_words.round_closed(state.info, state.entry_until(item)))


async def entry_of(uow: UnitOfWork, opened: Opened) -> Entry:
    """The screen for an opened item, with what is stored of it."""
    state, item = opened.state, opened.item
    initiative = item.initiative
    for_owner = people.answers_for(opened.viewer, item.access(state.unit_id))
    return Entry(
        round=state.info,
        initiative_id=item.id,
        code=state.form.shown_code(initiative.code),
        title=initiative.title,
        plan=state.form.shown_texts(texts_of(initiative)),
        fields=item.fields,
        answers=item.status.answers,
        revision=item.check_in.revision if item.check_in else 0,
        correcting=not item.status.outstanding or item.status.mend_by is not None,
        position=await _position(uow, opened),
        previous=await _previous(uow, opened),
        mending=await _mending(uow, item),
        entered_for=_entered_for(item) if for_owner else "",
        reason_required=opened.late_correction,
        published=state.round.frozen,
    )


async def _mending(uow: UnitOfWork, item: ItemRecord) -> Mending | None:
    if item.status.mend_by is None or item.check_in is None:
        return None
    *_, last = await uow.decisions.of([item.check_in.id or 0])
    return Mending(last.comment, item.status.mend_by)


async def _position(uow: UnitOfWork, opened: Opened) -> tuple[int, int] | None:
    """(n, of m): the n-th answer among the m items that are the person's own."""
    item, viewer = opened.item, opened.viewer
    if item.id not in viewer.answerable or not item.status.outstanding:
        return None
    mine = await progress_of(uow, opened.state.round, viewer.answerable)
    return (mine.total - mine.left + 1, mine.total) if mine.total > 1 else None


def _entered_for(item: ItemRecord) -> str:
    owner = "、".join(f"{name}さん" for name in item.status.owners) or "担当未設定"
    return f"{'・'.join(item.status.sections)} {owner}".strip()


async def _previous(uow: UnitOfWork, opened: Opened) -> tuple[Previous, ...]:
    """Earlier answers about this item: this year's earlier stages, and what it continues."""
    state = opened.state
    rows = await uow.readings.earlier_answers(opened.item.initiative)
    before = [row for row in rows if row.plan_id != state.plan.id]
    order = [stage.key for stage in state.form.stages]
    stages_before = order[: order.index(state.round.stage.key)]
    earlier = [row for row in rows if row.plan_id == state.plan.id and row.stage in stages_before]
    return tuple(_earlier(row, opened) for row in (*before, *earlier))


def _earlier(row: Any, opened: Opened) -> Previous:
    stage = opened.forms.get(row.form, opened.state.form).stage(row.stage)
    label = f"{_year_words(row, opened)}{stage.title}"
    marks, texts = [], []
    for question in stage.questions:
        text = row.answers.get(question.key, "")
        option = question.option(text)
        if option is not None and question.kind is Kind.CHOICE:
            marks.append(option.mark or option.text)
        elif text and question.required and question.required.question:
            texts.append(text)
    return Previous(label, " ／ ".join(["・".join(marks), *(f"改善策：{t}" for t in texts)]))


def _year_words(row: Any, opened: Opened) -> str:
    """「昨年度 」, 「令和6年度 」; nothing for the round's own year."""
    if row.plan_id == opened.state.plan.id:
        return ""
    last_year = row.year == opened.state.round.fiscal_year - 1
    return f"{'昨年度' if last_year else era_year(row.year)} "
