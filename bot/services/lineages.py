"""The years of an item, and which item of an earlier year it continues: the one place for both.

History belongs to the item: whoever may read it now may read its past, nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.checkins import state_of
from bot.domain.documents import Past
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Kind, Scope
from bot.domain.lineages import ItemYear, YearReview
from bot.domain.people import UNIT_ITEM
from bot.services import histories, lineage_rows, units, viewers
from bot.services.actors import Actor
from bot.services.export import plan_meant
from bot.services.history_events import Subject
from bot.services.office import Office
from bot.services.round_state import review_of
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat, ExportTable
from bot.slack.uploads import Upload
from bot.views.answers_shown import answer_words
from bot.views.targets import HistoryTarget
from bot.views.years import Years
from storage.models import CheckIn, Initiative, Plan
from storage.unit_of_work import UnitOfWork


async def years_of(
    uow: UnitOfWork, forms: Mapping[str, Form], initiative_ids: Iterable[int]
) -> dict[int, tuple[ItemYear, ...]]:
    """Each item and all that it continues, the newest year first; four queries, however many.

    Plans of forms that are not there any more are left out.
    """
    found = await uow.lineages.ancestors(initiative_ids)
    known = [each for each in found if each[2].form in forms]
    stored = await _stored(uow, [item.id or 0 for _, item, _ in known], [p for *_, p in known])
    years: dict[int, list[ItemYear]] = {}
    for asked_for, item, plan in known:
        years.setdefault(asked_for, []).append(_item_year(stored, forms[plan.form], item, plan))
    return {item_id: tuple(each) for item_id, each in years.items()}


async def years_of_unit(
    uow: UnitOfWork, forms: Mapping[str, Form], plan: Plan
) -> tuple[ItemYear, ...]:
    """The same for what a form asks once per unit: this plan and those of its form before it."""
    plans = [
        each
        for each in await uow.plans.of_unit(plan.unit_id)
        if each.form == plan.form and each.last_year <= plan.last_year
    ]
    form = forms[plan.form]
    check_ins = await uow.lineages.unit_answers([each.id or 0 for each in plans])
    stored = _Stored(check_ins, {}, await _levels(uow, plans))
    return tuple(_unit_year(stored, form, each) for each in plans)


def past_of(years: Sequence[ItemYear]) -> tuple[Past, ...]:
    """What the year before said, for a document: its last review, mark by mark and text by text."""
    before = years[1] if len(years) > 1 else None
    review = before.last if before else None
    if before is None or review is None:
        return ()
    occasion = f"{era_year(before.year)} {review.stage.title}"
    return tuple(
        Past(occasion, _label(field), answer_words(field, review.text(field)))
        for field in review.answered
        if field.question.kind in (Kind.CHOICE, Kind.TEXT)
    )


async def open_years(office: Office, caller: Caller, target: HistoryTarget) -> Years:
    """The years of one item beside each other, for who may read its history.

    Raises AccessDenied or NotFound.
    """
    async with office.database.read() as uow:
        subject = await histories.subject_for(uow, office, caller, target)
        return await _years(uow, office, subject, target)


async def _years(uow: UnitOfWork, office: Office, subject: Subject, target: HistoryTarget) -> Years:
    if subject.id == UNIT_ITEM:
        years = await years_of_unit(uow, office.forms, subject.plan)
    else:
        years = (await years_of(uow, office.forms, [subject.id])).get(subject.id, ())
    return Years(target, subject.unit_name, years)


@dataclass(frozen=True)
class _Stored:
    """Rows of several plans, read together; levels by plan and stage."""

    check_ins: Sequence[CheckIn]
    indicators: Mapping[int, list[Indicator]]
    levels: Mapping[tuple[int, str], int]


async def _stored(uow: UnitOfWork, item_ids: Sequence[int], plans: Iterable[Plan]) -> _Stored:
    below: dict[int, list[Indicator]] = {}
    for row in await uow.plans.indicators(item_ids):
        below.setdefault(row.initiative_id, []).append(Indicator(str(row.id), row.name))
    check_ins = await uow.check_ins.of_initiatives(item_ids)
    return _Stored(check_ins, below, await _levels(uow, plans))


async def _levels(uow: UnitOfWork, plans: Iterable[Plan]) -> dict[tuple[int, str], int]:
    rows = await uow.rounds.of_plans({plan.id or 0 for plan in plans})
    return {(row.plan_id, row.stage): row.levels for row in rows}


def _item_year(stored: _Stored, form: Form, item: Initiative, plan: Plan) -> ItemYear:
    below = stored.indicators.get(item.id or 0, [])
    rows = [row for row in stored.check_ins if row.initiative_id == item.id]
    return ItemYear(
        item_id=item.id or 0,
        year=plan.last_year,
        plan_name=plan.name,
        form=form,
        code=form.shown_code(item.code),
        title=item.title,
        target=item.activities_target or item.target or item.plan_unlabelled or "",
        reviews=_reviews(stored, form, rows, Scope.INITIATIVE, below),
    )


def _unit_year(stored: _Stored, form: Form, plan: Plan) -> ItemYear:
    rows = [row for row in stored.check_ins if row.plan_id == plan.id]
    return ItemYear(
        item_id=UNIT_ITEM,
        year=plan.last_year,
        plan_name=plan.name,
        form=form,
        code=form.printed.unit,
        title=plan.name,
        target="",
        reviews=_reviews(stored, form, rows, Scope.UNIT, []),
    )


def _reviews(
    stored: _Stored,
    form: Form,
    rows: Iterable[CheckIn],
    scope: Scope,
    below: Sequence[Indicator],
) -> tuple[YearReview, ...]:
    by_stage = {row.stage: row for row in rows if row.revision}
    found = []
    for stage in form.stages:
        row = by_stage.get(stage.key)
        if row is not None:
            fields = fields_of(stage, scope, below)
            review = review_of(row, stored.levels.get((row.plan_id, stage.key), 0))
            state = state_of(fields, row.answers, review)
            found.append(YearReview(stage, fields, row.answers, state))
    return tuple(found)


def _label(field: Field) -> str:
    return f"{field.name}　{field.question.heading}" if field.name else field.question.heading


async def export(
    office: Office,
    caller: Caller,
    target: HistoryTarget,
    format: ExportFormat,  # noqa: A002 - the option's name
) -> tuple[Years, Upload]:
    """The same, and a file of all of it in full, made in a child process; it is noted who asked.

    Raises AccessDenied or NotFound, NotRendered.
    """
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        subject = await histories.subject_for(uow, office, caller, target)
        shown = await _years(uow, office, subject, target)
        Trail(uow, office.now(), Actor.of(viewer)).note("years.export", subject.key)
        await uow.commit()
    table = lineage_rows.table_of(shown.unit_name, [shown.years])
    code = shown.years[0].code if shown.years else ""
    return shown, await histories.file_of("経年", subject, code, table, format)


async def of_plan(
    office: Office, ward: str, *, year: int | None, form_key: str | None, years: int
) -> ExportTable:
    """The newest ``years`` of every item of a unit's plan, and of what is asked of all of it.

    Raises NotFound when there is no such unit or plan.
    """
    async with office.database.read() as uow:
        unit = await units.find(uow, ward)
        plan = await plan_meant(uow, office, unit, year=year, stage_key=None, form_key=form_key)
        listed = [each.id or 0 for each in await uow.plans.initiatives(plan.id or 0)]
        found = await years_of(uow, office.forms, listed)
        items = [found.get(item_id, ()) for item_id in listed]
        if Scope.UNIT in office.forms[plan.form].scopes:
            items.append(await years_of_unit(uow, office.forms, plan))
    return lineage_rows.table_of(unit.name, [each[:years] for each in items])
