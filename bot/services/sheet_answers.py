"""Answers printed in a document: taken as check-ins of source ``sheet``.

They never overwrite an answer given in Slack, and a mark that was lost is noted, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.answers import final_date, settle
from bot.domain.calendar import OfficeCalendar
from bot.domain.checkins import (
    Source,
    State,
    fingerprint,
    is_pending,
    may_take_from_sheet,
    state_of,
)
from bot.domain.form import Field, Form, Kind, Stage
from bot.domain.plans import SheetAnswers, SheetInitiative
from bot.domain.rounds import confirm_day
from bot.services import round_state
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.checkins import asked
from bot.services.office import Office
from bot.services.plan_places import Place
from storage.models import CheckIn, Initiative, Ownership, Plan, Revision
from storage.unit_of_work import UnitOfWork

# Nobody entered it: the document did. Ids of people begin at 1.
_NOBODY = 0


@dataclass(frozen=True)
class Taken:
    """How many answers were stored, and what the coordinator is to know of the others."""

    count: int
    warnings: tuple[str, ...]


async def take(
    office: Office,
    uow: UnitOfWork,
    place: Place,
    plan: Plan,
    initiatives: Mapping[str, Initiative],
    *,
    by: Actor = COMMAND_LINE,
) -> Taken:
    """Store the answers of a document's initiatives, given by code; again changes nothing."""
    closures = (await uow.units.closures([plan.unit_id]))[plan.unit_id]
    stored, warnings = 0, []
    for stage in place.form.stages:
        printed = {
            initiatives[each.code].id or 0: each
            for each in place.sheet.initiatives
            if not each.answers.get(stage.key, SheetAnswers()).is_blank
        }
        fields = await round_state.fields_by_initiative(uow, stage, printed)
        is_published = await _is_published(uow, plan, stage)
        ends: dict[int, _End] = {}
        for item_id, each in printed.items():
            calendar = OfficeCalendar(closures)
            sheet = _Sheet(plan, stage, fields[item_id], calendar, by, is_published)
            initiative, given = initiatives[each.code], each.answers[stage.key]
            ends[item_id] = await _take_one(office, uow, sheet, initiative, given)
        taken = [item_id for item_id, end in ends.items() if end is _End.TAKEN]
        await _refresh_letters(office, uow, plan, stage, taken)
        stored += len(taken)
        warnings += [_kept(printed[n], stage) for n, end in ends.items() if end is _End.REFUSED]
        kept = [printed[n] for n, end in ends.items() if end is _End.PUBLISHED]
        warnings += [_published(each, stage) for each in kept]
    return Taken(stored, tuple(warnings))


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
    row = await uow.check_ins.locked(initiative.plan_id, initiative.id or 0, sheet.stage.key, now)
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
    uow.audit.note(
        "check-in.take",
        at=now,
        actor=sheet.by.kind,
        person_id=sheet.by.person_id,
        subject=f"check-in:{row.id}",
        detail=detail,
    )
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
    told = {each for own in owned if own.initiative_id in taken for each in _asked_of(own)}
    await uow.outbox.ask_refresh(told, row.id or 0, office.machine.now())


def _asked_of(own: Ownership) -> Iterator[int]:
    yield own.person_id
    if own.deputy_id:
        yield own.deputy_id


async def _revise(
    uow: UnitOfWork,
    sheet: _Sheet,
    initiative: Initiative,
    row: CheckIn,
    answers: dict[str, str],
    *,
    now: datetime,
) -> None:
    about = f"{row.plan_id}:{row.initiative_id}:{row.stage}"
    revision = Revision(
        check_in_id=row.id or 0,
        number=row.revision + 1,
        before=row.answers,
        after=answers,
        asked=asked(initiative, sheet.stage),
        source=Source.SHEET.value,
        at=now,
        fingerprint=fingerprint(about, row.revision, _NOBODY, answers),
    )
    await uow.check_ins.add(revision)
    row.revision, row.answers, row.at = revision.number, answers, now
    row.ask_again_on = _ask_again_on(sheet, answers)


def _ask_again_on(sheet: _Sheet, answers: Mapping[str, str]) -> date | None:
    complete = state_of(sheet.fields, answers) is not State.OUTSTANDING
    if not complete or not is_pending(sheet.fields, answers):
        return None
    known = final_date(sheet.fields, answers)
    return confirm_day(known, sheet.stage, sheet.plan.last_year, sheet.calendar)


def _kept(printed: SheetInitiative, stage: Stage) -> str:
    return (
        f"取組項目{printed.code}の{stage.title}は、Slackで入力済です。"
        "ファイルの内容では上書きしません。"
    )


def _published(printed: SheetInitiative, stage: Stage) -> str:
    return (
        f"取組項目{printed.code}の{stage.title}は、公表済みです。ファイルの内容では上書きしません。"
    )


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
