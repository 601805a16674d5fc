"""「公表資料で判読できない印の確認」: what a file lost, as the coordinator reads it on paper.

It is stored as a revision of the sheet, with who read it; an answer given in Slack is never
changed, and what was published stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.answers import Answers, settle
from bot.domain.checkins import Source
from bot.domain.errors import InvalidAnswers
from bot.domain.fields import Field, fields_of
from bot.domain.form import Form, Kind, Scope, Stage
from bot.domain.people import UNIT_ITEM, Viewer
from bot.services import round_state, units, viewers
from bot.services.actors import Actor
from bot.services.answerers import answerers_of
from bot.services.office import Office
from bot.services.revisions import asked, revise
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import unreadable as views
from bot.views.unreadable import Confirmed, LostAnswer, LostList, LostMark, TypedMarks
from storage.models import CheckIn, Initiative, PaperMark, Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork

_Row = tuple[CheckIn, Plan, Initiative | None, ReviewRound | None]


async def open_list(office: Office, caller: Caller, unit_id: int) -> LostList:
    """What a unit's files have lost. AccessDenied to all but its coordinator."""
    async with office.database.read() as uow:
        _, unit = await _coordinated(office, uow, caller, unit_id)
        return await _list(office, uow, unit)


async def of_unit(office: Office, ward: str) -> LostList:
    """The same for whoever has the command line. NotFound when there is no such unit."""
    async with office.database.read() as uow:
        return await _list(office, uow, await units.find(uow, ward))


async def confirm(office: Office, caller: Caller, typed: TypedMarks) -> Confirmed:
    """Store what stands on the paper, once however often it comes; returns after the commit.

    Marks that were answered meanwhile are skipped. Raises InvalidAnswers where nothing is chosen,
    AccessDenied.
    """
    if not typed.marks:
        raise InvalidAnswers(dict.fromkeys(typed.first_field, views.NOTHING_CHOSEN))
    async with office.database.begin() as uow:
        viewer, unit = await _coordinated(office, uow, caller, typed.unit_id)
        reading = _Reading(office, uow, viewer)
        lost = {row[0].id or 0: row for row in await uow.unreadable.in_unit(typed.unit_id)}
        known = await uow.unreadable.of_answers(set(typed.by_answer))
        for check_in_id, marks in typed.by_answer.items():
            left = reading.without_known(marks, known.get(check_in_id, {}))
            await _confirm_one(reading, lost.get(check_in_id), left)
        if reading.changed:
            await uow.commit()
    async with office.database.read() as uow:
        shown = await _list(office, uow, unit)
    return Confirmed(shown, reading.saved, reading.skipped, frozenset(reading.told))


@dataclass
class _Reading:
    """One person at the paper, and what has become of the marks so far."""

    office: Office
    uow: UnitOfWork
    viewer: Viewer
    saved: int = 0
    skipped: int = 0
    changed: bool = False
    told: set[int] = field(default_factory=set)

    def without_known(self, marks: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
        """Those that nobody has read yet.

        What this very modal has stored a moment ago is no news: it was sent twice.
        """
        self.saved += sum(known.get(key) == said for key, said in marks.items())
        self.skipped += sum(key in known and known[key] != said for key, said in marks.items())
        return {key: said for key, said in marks.items() if key not in known}


async def _coordinated(
    office: Office, uow: UnitOfWork, caller: Caller, unit_id: int
) -> tuple[Viewer, Unit]:
    return await viewers.coordinator(uow, caller, unit_id, office.today(), refusal=views.MAY_NOT)


def _code(form: Form, item: Initiative | None) -> str:
    return form.shown_code(item.code) if item else form.name


async def _list(office: Office, uow: UnitOfWork, unit: Unit) -> LostList:
    rows = await uow.unreadable.in_unit(unit.id or 0)
    fields = await _fields(office, uow, rows)
    lost = [
        LostAnswer(
            check_in_id=row.id or 0,
            year=plan.last_year,
            plan_name=plan.name or office.forms[plan.form].name,
            code=_code(office.forms[plan.form], item),
            title=item.title if item else plan.name,
            stage=office.forms[plan.form].stage(row.stage),
            fields=fields[row.id or 0],
            answers=row.answers,
            marks=tuple(_marks(fields[row.id or 0], row.unreadable)),
            frozen=_is_frozen((row, plan, item, round_)),
        )
        for row, plan, item, round_ in rows
        if office.forms[plan.form].has_stage(row.stage)
    ]
    return LostList(unit.id or 0, unit.name, tuple(each for each in lost if each.marks))


def _marks(fields: Sequence[Field], unreadable: Iterable[str]) -> Iterator[LostMark]:
    """In the form's order; what the form does not ask any more is nobody's to answer."""
    lost = set(unreadable)
    for each in fields:
        if each.key in lost and each.question.kind in (Kind.CHOICE, Kind.TEXT):
            yield LostMark(each)


async def _fields(
    office: Office, uow: UnitOfWork, rows: Sequence[_Row]
) -> dict[int, tuple[Field, ...]]:
    """What is asked in each answer: one query for the indicators of a form's stage."""
    grouped: dict[tuple[str, str], list[CheckIn]] = {}
    for row, plan, _, _ in rows:
        grouped.setdefault((plan.form, row.stage), []).append(row)
    found: dict[int, tuple[Field, ...]] = {}
    for (form_key, stage_key), answers in grouped.items():
        form = office.forms[form_key]
        if form.has_stage(stage_key):
            found |= await _fields_at(uow, form.stage(stage_key), answers)
    return found


async def _fields_at(
    uow: UnitOfWork, stage: Stage, answers: Sequence[CheckIn]
) -> dict[int, tuple[Field, ...]]:
    items = [row.initiative_id for row in answers if row.initiative_id is not None]
    below = await round_state.fields_by_initiative(uow, stage, items)
    whole = fields_of(stage, Scope.UNIT)
    return {row.id or 0: below.get(row.initiative_id or UNIT_ITEM, whole) for row in answers}


async def _confirm_one(reading: _Reading, lost: _Row | None, marks: Mapping[str, str]) -> None:
    """One answer: what is still lost of it is taken, the rest counted as skipped."""
    uow, office = reading.uow, reading.office
    row = await uow.unreadable.held(lost[0].id or 0) if lost and marks else None
    if lost is None or row is None or row.source != Source.SHEET or _is_frozen(lost):
        reading.skipped += len(marks)
        return
    _, plan, item, round_ = lost
    stage = office.forms[plan.form].stage(row.stage)
    fields = (await _fields_at(uow, stage, [row]))[row.id or 0]
    taken = {key: said for key, said in marks.items() if _fits(fields, row.unreadable, key, said)}
    reading.skipped += len(marks) - len(taken)
    if not taken:
        return
    answers = settle(fields, {**row.answers, **{key: said for key, said in taken.items() if said}})
    if answers != row.answers:
        await _revise(reading, row, item, stage, answers)
    await _note(reading, row, taken)
    reading.saved += len(taken)
    if round_ is not None and item is not None:
        told = answerers_of(await uow.people.ownerships([item.id or 0]))
        if await uow.letter_updates.ask(told, round_.id or 0, office.machine.now()):
            reading.told |= told


def _is_frozen(lost: _Row) -> bool:
    """Whether it is published: with its own round, or with a later one that prints it too."""
    row, _, _, round_ = lost
    return row.published is not None or (round_ is not None and round_.frozen_at is not None)


def _fits(fields: Iterable[Field], unreadable: Iterable[str], key: str, said: str) -> bool:
    """Whether the mark is lost, and what is said is one of its options, a text, or a blank."""
    lost = next((each for each in fields if each.key == key and key in unreadable), None)
    if lost is None:
        return False
    question = lost.question
    if question.kind is Kind.TEXT:
        return len(said) <= question.max_length
    return question.kind is Kind.CHOICE and (not said or question.option(said) is not None)


async def _revise(
    reading: _Reading, row: CheckIn, item: Initiative | None, stage: Stage, answers: Answers
) -> None:
    """The next revision, of source sheet; where all is blank on the paper there is none."""
    labels = {question.key: question.label for question in stage.questions}
    revise(
        reading.uow,
        row,
        answers,
        asked=asked(item, stage) if item else {"labels": labels},
        source=Source.SHEET,
        at=reading.office.now(),
        entered_by=reading.viewer.person_id,
        reason=views.REVISION_REASON,
    )
    row.confirmed_level = 0


async def _note(reading: _Reading, row: CheckIn, taken: Mapping[str, str]) -> None:
    """What was read, by whom; the next import of the same file finds it."""
    uow, now, person_id = reading.uow, reading.office.now(), reading.viewer.person_id
    row.unreadable = [key for key in row.unreadable if key not in taken]
    await uow.check_ins.add(row)
    for key, said in taken.items():
        mark = PaperMark(
            check_in_id=row.id or 0, question=key, value=said, person_id=person_id, at=now
        )
        await uow.unreadable.add(mark)
    blank = sorted(key for key, said in taken.items() if not said)
    Trail(uow, now, Actor("slack", person_id)).note(
        "check-in.paper",
        f"check-in:{row.id}",
        {"revision": row.revision, "fields": sorted(taken), "blank": blank},
    )
    reading.changed = True


def record_of(lost: LostList) -> dict[str, object]:
    """The same for programs; the keys of questions as an import prints them."""
    return {
        "ward": lost.unit_name,
        "unreadable": [
            {
                "fiscal_year": each.year,
                "code": each.code,
                "stage": each.stage.key,
                "questions": [mark.field.key for mark in each.marks],
                "published": each.frozen,
            }
            for each in lost.answers
        ],
    }
