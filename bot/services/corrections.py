"""What is put right in a published round: the list of it, and putting right by command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.answers import check, settle, unforced
from bot.domain.calendar import japanese_date
from bot.domain.checkins import Source
from bot.domain.errors import InvalidAnswers, NotFound, Refused
from bot.domain.fields import Field
from bot.domain.form import Kind
from bot.domain.people import UNIT_ITEM
from bot.domain.publications import Correction
from bot.services import round_state
from bot.services.actors import COMMAND_LINE
from bot.services.office import Office
from bot.services.revisions import asked, revise
from bot.services.round_state import ItemRecord, RoundState
from bot.services.stored_rounds import named
from bot.services.trails import Trail
from bot.views import publications as views
from bot.views.answers_shown import answer_words
from storage.models import CheckIn, Revision
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Corrected:
    """One published answer that was put right: what has changed, nothing where it was so."""

    title: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class _Act:
    """An answer that is held while it is put right, and why."""

    state: RoundState
    item: ItemRecord
    row: CheckIn
    reason: str


async def corrections_in(uow: UnitOfWork, state: RoundState) -> list[Correction]:
    """What was changed of a published round since, item by item in the order it was done."""
    changed = [
        item
        for item in state.items
        if item.check_in is not None and item.check_in.revision > (item.check_in.published or 0)
    ]
    if not state.round.frozen or not changed:
        return []
    revisions = await uow.check_ins.revisions(_id(item) for item in changed)
    names = await uow.briefs.names({row.entered_by or 0 for row in revisions})
    return [each for item in changed for each in _corrections(item, revisions, names)]


async def correct(
    office: Office,
    ward: str,
    code: str,
    *,
    year: int,
    stage_key: str,
    form_key: str | None = None,
    changes: Mapping[str, str],
    reason: str,
) -> Corrected:
    """Put a published answer right from the command line; field keys to texts or option keys.

    An empty text takes an answer away. Raises NotFound, InvalidAnswers, and Refused where the
    round is not published, no reason is given or a field is none of the form's.
    """
    if not reason.strip():
        raise Refused(views.REASON_NEEDED)
    now = office.now()
    async with office.database.begin() as uow:
        state, item = await _published(
            uow, office, ward, code, year=year, stage_key=stage_key, form_key=form_key
        )
        about = item.id or None
        row = await uow.check_ins.locked(state.round.plan_id, about, stage_key, now)
        answers = _settled(item, row, changes)
        if answers == row.answers:
            return Corrected(state.info.full_title, ())
        act = _Act(state, item, row, reason.strip())
        revision = await _store(uow, office, act, answers)
        await uow.commit()
    return Corrected(state.info.full_title, tuple(_changed_fields(item, revision, {})))


async def _published(
    uow: UnitOfWork,
    office: Office,
    ward: str,
    code: str,
    *,
    year: int,
    stage_key: str,
    form_key: str | None,
) -> tuple[RoundState, ItemRecord]:
    row = await named(uow, office, ward, year=year, stage_key=stage_key, form_key=form_key)
    if row.frozen_at is None:
        raise Refused(views.NOT_PUBLISHED)
    state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
    for item in state.items:
        if item.initiative.code == code or (code == "0" and item.id == UNIT_ITEM):
            return state, item
    raise NotFound(views.no_item(code))


def _settled(item: ItemRecord, row: CheckIn, changes: Mapping[str, str]) -> dict[str, str]:
    fields = {field.key: field for field in item.fields}
    unknown = [key for key in changes if key not in fields]
    if unknown:
        raise Refused(views.unknown_field(unknown[0]), [*_keys(fields.values())])
    typed = {key: _read(fields[key], text) for key, text in changes.items()}
    draft = {**unforced(item.fields, row.answers), **typed}
    faults = check(item.fields, draft)
    if faults:
        raise InvalidAnswers(faults)
    return settle(item.fields, draft)


def _read(field: Field, text: str) -> str:
    """An option may also be given by its mark or its words, as they are printed."""
    if field.question.kind is not Kind.CHOICE:
        return text
    for option in field.question.options:
        if text in (option.mark, option.text, option.label) and text:
            return option.key
    return text


def _keys(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        options = "、".join(f"{each.key}={each.label}" for each in field.question.options)
        yield f"{field.key}：{field.question.label}{f'({options})' if options else ''}"


async def _store(uow: UnitOfWork, office: Office, act: _Act, answers: dict[str, str]) -> Revision:
    now, row = office.now(), act.row
    revision = revise(
        uow,
        row,
        answers,
        asked=asked(act.item.initiative, act.state.round.stage),
        source=Source.OFFICE,
        at=now,
        about=f"{act.state.round.id}:{act.item.id}",
        reason=act.reason,
    )
    row.unreadable = [key for key in row.unreadable if key not in answers]
    row.sent_back_due = None
    await uow.check_ins.add(row)
    Trail(uow, now, COMMAND_LINE).note(
        "check-in.correct",
        f"check-in:{row.id}",
        {"revision": revision.number, "fields": sorted(answers)},
    )
    return revision


def _corrections(
    item: ItemRecord, revisions: Iterable[Revision], names: Mapping[int, str]
) -> Iterator[Correction]:
    published = (item.check_in.published if item.check_in else None) or 0
    for row in revisions:
        if row.check_in_id == _id(item) and row.number > published:
            yield from _changed_fields(item, row, names)


def _changed_fields(
    item: ItemRecord, row: Revision, names: Mapping[int, str]
) -> Iterator[Correction]:
    for each in item.fields:
        before, after = row.before.get(each.key, ""), row.after.get(each.key, "")
        if before != after:
            yield Correction(
                code=item.status.code,
                title=item.initiative.title,
                label=f"{each.name}　{each.question.label}" if each.name else each.question.label,
                before=answer_words(each, before) if before else "",
                after=answer_words(each, after) if after else "",
                on=japanese_date(row.at),
                reason=row.reason,
                name=names.get(row.entered_by or 0, ""),
            )


def _id(item: ItemRecord) -> int:
    return (item.check_in.id or 0) if item.check_in else 0
