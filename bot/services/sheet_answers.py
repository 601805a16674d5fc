"""Answers printed in a document: taken as check-ins of source ``sheet``.

They never overwrite an answer given in Slack, and a mark that was lost is noted, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.answers import final_date, settle
from bot.domain.calendar import OfficeCalendar
from bot.domain.checkins import (
    Source,
    State,
    is_pending,
    may_take_from_sheet,
    state_of,
)
from bot.domain.fields import Field, fields_of
from bot.domain.form import Form, Kind, Scope, Stage
from bot.domain.people import UNIT_ITEM, Role
from bot.domain.plans import SheetAnswers, SheetInitiative
from bot.domain.rounds import confirm_day
from bot.services import round_state
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.answerers import answerers_of
from bot.services.office import Office
from bot.services.plan_places import Place
from bot.services.revisions import asked, revise
from bot.services.trails import Trail
from storage.models import CheckIn, Initiative, Plan
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Taken:
    """How many answers were stored, and what the coordinator is to know of the others."""

    count: int
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """What a document speaks of, as it is stored: initiatives by code, indicators by their id."""

    initiatives: Mapping[str, Initiative]
    indicators: Mapping[int, Sequence[int]] = field(default_factory=dict)


async def take(
    office: Office,
    uow: UnitOfWork,
    place: Place,
    plan: Plan,
    items: Items,
    *,
    by: Actor = COMMAND_LINE,
) -> Taken:
    """Store the answers of a document's items and about the unit; again changes nothing."""
    closures = (await uow.units.closures([plan.unit_id]))[plan.unit_id]
    subjects = {each.id: each for each in _subjects(place, plan, items)}
    stored, warnings = 0, []
    for stage in place.form.stages:
        printed = {each.id: each for each in subjects.values() if not each.said(stage).is_blank}
        fields = await _fields(uow, stage, printed)
        is_published = await _is_published(uow, plan, stage)
        ends: dict[int, _End] = {}
        for item_id, each in printed.items():
            calendar = OfficeCalendar(closures)
            sheet = _Sheet(plan, stage, fields[item_id], calendar, by, is_published)
            ends[item_id] = await _take_one(office, uow, sheet, each.item, each.said(stage))
        taken = [item_id for item_id, end in ends.items() if end is _End.TAKEN]
        await _refresh_letters(office, uow, plan, stage, taken)
        stored += len(taken)
        warnings += [_kept(printed[n], stage) for n, end in ends.items() if end is _End.REFUSED]
        kept = [printed[n] for n, end in ends.items() if end is _End.PUBLISHED]
        warnings += [_published(each, stage) for each in kept]
    return Taken(stored, tuple(warnings))


@dataclass(frozen=True)
class _Subject:
    """What a document has answers about: an initiative, or the unit as a whole."""

    item: Initiative
    name: str  # 「取組項目7」「運営方針全体」
    answers: Mapping[str, SheetAnswers]  # by stage, about indicators by their ids

    @property
    def id(self) -> int:
        return self.item.id or UNIT_ITEM

    def said(self, stage: Stage) -> SheetAnswers:
        return self.answers.get(stage.key, SheetAnswers())


def _subjects(place: Place, plan: Plan, items: Items) -> Iterator[_Subject]:
    form = place.form
    for each in place.sheet.initiatives:
        item = items.initiatives[each.code]
        ids = items.indicators.get(item.id or 0, ())
        answers = {key: _by_id(given, ids) for key, given in each.answers.items()}
        yield _Subject(item, form.item_name(each.code), answers)
    if place.sheet.answers:
        whole = round_state.whole_unit(plan, form)
        yield _Subject(whole, whole.code, place.sheet.answers)


def _by_id(given: SheetAnswers, ids: Sequence[int]) -> SheetAnswers:
    """Answers about indicators under their ids; a document counts them from 1."""
    keys = {
        key: f"{question}@{ids[int(place) - 1]}"
        for key in (*given.values, *given.unreadable)
        for question, _, place in [key.partition("@")]
        if place.isdigit() and 0 < int(place) <= len(ids)
    }
    return SheetAnswers(
        {keys.get(key, key): text for key, text in given.values.items()},
        frozenset(keys.get(key, key) for key in given.unreadable),
    )


async def _fields(
    uow: UnitOfWork, stage: Stage, subject_ids: Collection[int]
) -> dict[int, tuple[Field, ...]]:
    ids = [each for each in subject_ids if each != UNIT_ITEM]
    fields = await round_state.fields_by_initiative(uow, stage, ids)
    return {**fields, UNIT_ITEM: fields_of(stage, Scope.UNIT)}


def printed_record(printed: SheetInitiative, form: Form) -> dict[str, object]:
    """The answers by stage (``mid_year``), None where blank, and the marks that were lost."""
    record: dict[str, object] = {}
    for stage in form.stages:
        values = printed.answers.get(stage.key, SheetAnswers()).values
        record[_name(stage)] = {key: values.get(key) for key in _printed_keys(stage)}
    return {**record, "unreadable": list(_unreadable(printed, form))}


@dataclass(frozen=True)
class _Sheet:
    """What an answer is about, but for its initiative."""

    plan: Plan
    stage: Stage
    fields: tuple[Field, ...]
    calendar: OfficeCalendar
    by: Actor
    published: bool = False  # the round is: nothing is taken any more


class _End(StrEnum):
    """What became of one printed answer."""

    TAKEN = "taken"
    THERE = "there"  # already, just so
    REFUSED = "refused"  # another was given in Slack
    PUBLISHED = "published"  # another is published


async def _take_one(
    office: Office, uow: UnitOfWork, sheet: _Sheet, initiative: Initiative, given: SheetAnswers
) -> _End:
    now = office.now()
    row = await uow.check_ins.locked(
        sheet.plan.id or 0, initiative.id or None, sheet.stage.key, now
    )
    given = await _with_paper(uow, row, given)
    printed = settle(sheet.fields, given.values)
    answers, unreadable = printed or row.answers, sorted(given.unreadable)
    if sheet.published or row.published is not None:
        return _End.THERE if answers == row.answers else _End.PUBLISHED
    if not may_take_from_sheet(round_state.current(row)):
        return _End.THERE if answers == row.answers else _End.REFUSED
    if (row.answers, row.unreadable) == (answers, unreadable):
        return _End.THERE
    if answers != row.answers:
        await _revise(uow, sheet, initiative, row, answers, now=now)
    row.source, row.entered_by, row.unreadable = Source.SHEET.value, None, unreadable
    await uow.check_ins.add(row)
    detail = {"revision": row.revision, "fields": sorted(answers), "unreadable": unreadable}
    Trail(uow, now, sheet.by).note("check-in.take", f"check-in:{row.id}", detail)
    return _End.TAKEN


async def _with_paper(uow: UnitOfWork, row: CheckIn, given: SheetAnswers) -> SheetAnswers:
    """What a document says, with what somebody has read on the paper where it lost a mark."""
    if not given.unreadable:
        return given
    read = (await uow.unreadable.of_answers([row.id or 0])).get(row.id or 0, {})
    found = {key: read[key] for key in given.unreadable if read.get(key)}
    return SheetAnswers({**given.values, **found}, given.unreadable - read.keys())


async def _refresh_letters(
    office: Office, uow: UnitOfWork, plan: Plan, stage: Stage, item_ids: Iterable[int]
) -> None:
    """A letter that asks for what has come in by a document now says something else."""
    taken = set(item_ids)
    row = await uow.rounds.find(plan.id or 0, stage.key)
    if row is None or not taken:
        return
    owned = await uow.people.ownerships_in_plan(plan.id or 0, office.today())
    told = answerers_of(own for own in owned if own.initiative_id in taken)
    if UNIT_ITEM in taken:
        role, today = Role.COORDINATOR, office.today()
        told |= {g.person_id for g in await uow.people.grants_in_unit(plan.unit_id, role, today)}
    await uow.letter_updates.ask(told, row.id or 0, office.machine.now())


async def _revise(
    uow: UnitOfWork,
    sheet: _Sheet,
    initiative: Initiative,
    row: CheckIn,
    answers: dict[str, str],
    *,
    now: datetime,
) -> None:
    wording = asked(initiative, sheet.stage)
    revise(uow, row, answers, asked=wording, source=Source.SHEET, at=now)
    # What was confirmed or sent back is another revision now.
    row.confirmed_level, row.sent_back_due = 0, None
    row.ask_again_on = _ask_again_on(sheet, answers)


def _ask_again_on(sheet: _Sheet, answers: Mapping[str, str]) -> date | None:
    complete = state_of(sheet.fields, answers) is not State.OUTSTANDING
    if not complete or not is_pending(sheet.fields, answers):
        return None
    known = final_date(sheet.fields, answers)
    return confirm_day(known, sheet.stage, sheet.plan.last_year, sheet.calendar)


def _kept(subject: _Subject, stage: Stage) -> str:
    return f"{subject.name}の{stage.title}は、Slackで入力済です。ファイルの内容では上書きしません。"


def _published(subject: _Subject, stage: Stage) -> str:
    return f"{subject.name}の{stage.title}は、公表済みです。ファイルの内容では上書きしません。"


async def _is_published(uow: UnitOfWork, plan: Plan, stage: Stage) -> bool:
    row = await uow.rounds.find(plan.id or 0, stage.key)
    return row is not None and row.frozen_at is not None


def _printed_keys(stage: Stage) -> Iterator[str]:
    return (q.key for q in stage.questions if q.kind in (Kind.CHOICE, Kind.TEXT))


def _unreadable(printed: SheetInitiative, form: Form) -> Iterator[str]:
    for stage in form.stages:
        lost = printed.answers.get(stage.key, SheetAnswers()).unreadable
        yield from (f"{_name(stage)}.{key}" for key in _printed_keys(stage) if key in lost)


def _name(stage: Stage) -> str:
    return stage.key.replace("-", "_")
