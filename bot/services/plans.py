"""Plans in: what a document says becomes a plan, its initiatives and the answers printed in it.

Everything is decided before anything is kept: on any fault nothing is imported. Importing again
changes nothing, and a corrected document updates in place and keeps answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.domain.form import Form
from bot.domain.plans import TEXTS, PlanState, SheetInitiative, SheetPlan
from bot.services import plan_indicators, plan_initiatives, sheet_answers
from bot.services.office import Office
from bot.services.plan_initiatives import INDICATORS, put
from bot.services.plan_places import ImportOptions, Place, settle_places
from bot.services.trails import Trail
from storage.models import Plan
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Changes:
    """How many initiatives were added, changed or left, and how many answers were taken."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    answers: int = 0


@dataclass(frozen=True)
class ImportedPlan:
    """What became of one plan of a document."""

    unit_id: int
    unit_name: str
    fiscal_year: int
    form: Form
    name: str  # 市政改革プラン3.0; empty where no document has said so
    state: str
    sheet: SheetPlan
    changes: Changes
    details: tuple[str, ...]  # the same in words, by initiative
    warnings: tuple[str, ...]


async def import_plans(
    office: Office, sheets: Sequence[SheetPlan], options: ImportOptions
) -> list[ImportedPlan]:
    """Store the plans of one document, all or none.

    Raises Refused with every fault: a ward or year that is missing, unknown or contradicted, and
    a draft of a plan that is final already.
    """
    async with office.database.begin() as uow:
        imported = await carry_out(office, uow, sheets, options)
        if not options.dry_run:
            await uow.commit()
    return imported


async def carry_out(
    office: Office, uow: UnitOfWork, sheets: Sequence[SheetPlan], options: ImportOptions
) -> list[ImportedPlan]:
    """The same in a unit of work of the caller's, who looks at what has changed, and commits."""
    await uow.units.hold()
    places = await settle_places(uow, sheets, options, office)
    plans = [await _stored_plan(uow, place) for place in places]
    _refuse_drafts_of_final(places, plans, options)
    return [
        await _import_one(office, uow, place, plan, options)
        for place, plan in zip(places, plans, strict=True)
    ]


async def _stored_plan(uow: UnitOfWork, place: Place) -> Plan | None:
    return await uow.plans.find(place.unit.id or 0, place.form.key, place.fiscal_year)


def _refuse_drafts_of_final(
    places: Iterable[Place], plans: Iterable[Plan | None], options: ImportOptions
) -> None:
    """A plan that is 確定 stays so: rounds run on it."""
    final = [
        f"{place.unit.name} {era_year(place.fiscal_year)}の計画は確定しています。"
        for place, plan in zip(places, plans, strict=True)
        if options.draft and plan is not None and plan.state == PlanState.FINAL
    ]
    if final:
        way = "「確定」を選んで" if options.by.in_slack else "--draft を付けずに"
        raise Refused(f"確定した計画を案に戻すことはできません。{way}取り込んでください。", final)


async def _import_one(
    office: Office, uow: UnitOfWork, place: Place, plan: Plan | None, options: ImportOptions
) -> ImportedPlan:
    trail = Trail(uow, office.now(), options.by)
    plan = await _save_plan(trail, place, plan, draft=options.draft)
    saved = await plan_initiatives.save(trail, place, plan)
    below = [(saved.rows[each.code], each.indicators) for each in place.sheet.initiatives]
    indicators = await plan_indicators.save(uow, place.form, below)
    saved = saved.with_indicators(indicators.changed)
    items = sheet_answers.Items(saved.rows, indicators.ids)
    taken = await sheet_answers.take(office, uow, place, plan, items, by=options.by)
    added, updated = len(saved.added), len(saved.updated)
    return ImportedPlan(
        unit_id=place.unit.id or 0,
        unit_name=place.unit.name,
        fiscal_year=place.fiscal_year,
        form=place.form,
        name=plan.name,
        state=plan.state,
        sheet=place.sheet,
        changes=Changes(
            added=added,
            updated=updated,
            unchanged=len(place.sheet.initiatives) - added - updated,
            answers=taken.count,
        ),
        details=tuple(saved.words(place.form)),
        warnings=(
            *place.sheet.warnings,
            *saved.orphans(place),
            *indicators.warnings,
            *taken.warnings,
        ),
    )


async def _save_plan(trail: Trail, place: Place, plan: Plan | None, *, draft: bool) -> Plan:
    state = (PlanState.DRAFT if draft else PlanState.FINAL).value
    if plan is None:
        plan = Plan(
            unit_id=place.unit.id or 0,
            form=place.form.key,
            first_year=place.fiscal_year,
            last_year=place.sheet.last_year or place.fiscal_year,
            name=place.sheet.plan or "",
            state=state,
            details=dict(place.sheet.details),
        )
        await trail.uow.plans.add(plan)
        trail.note("plan.add", f"plan:{plan.id}", {"state": state})
        return plan
    values = {
        "name": place.sheet.plan or plan.name,
        "state": state,
        "details": {**plan.details, **place.sheet.details},
    }
    changed = put(plan, values)
    if changed:
        await trail.uow.plans.add(plan)
        trail.note("plan.update", f"plan:{plan.id}", {"fields": changed})
    return plan


def printed_record(printed: SheetInitiative, form: Form) -> dict[str, object]:
    """One initiative as a document has it, for programs: texts, answers by stage, lost marks."""
    record: dict[str, object] = {
        "number": printed.number,
        "title": printed.title,
        **{key: getattr(printed, key) for key in TEXTS},
        **_further_record(printed),
    }
    return {**record, **sheet_answers.printed_record(printed, form)}


def _further_record(printed: SheetInitiative) -> dict[str, object]:
    """What not every form has: only where it is there."""
    found: dict[str, object] = {
        "details": dict(printed.details),
        "sections": list(printed.sections),
        INDICATORS: [asdict(each) for each in printed.indicators],
    }
    return {key: value for key, value in found.items() if value}
