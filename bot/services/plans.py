"""Plans in: what a document says becomes a plan, its initiatives and the answers printed in it.

Everything is decided before anything is kept: on any fault nothing is imported. Importing again
changes nothing, and a corrected document updates in place and keeps answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.domain.form import Form
from bot.domain.plans import SheetInitiative, SheetPlan
from bot.services import sheet_answers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.plan_places import ImportOptions, Place, settle_places
from bot.sheets.register_columns import COLUMNS
from storage.models import Initiative, Plan
from storage.unit_of_work import UnitOfWork

DRAFT, FINAL = "draft", "final"

# The texts of an initiative; a field that a document has nowhere is left as it is stored.
_OPTIONAL_FIELDS = (
    "subtitle",
    "pillar",
    "purpose",
    "purpose_label",
    "outline",
    "target",
    "plan_unlabelled",
    "activities",
    "activities_target",
)
_FIELDS = ("position", "number", "title", *_OPTIONAL_FIELDS)


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
        if options.draft and plan is not None and plan.state == FINAL
    ]
    if final:
        way = "「確定」を選んで" if options.by.in_slack else "--draft を付けずに"
        raise Refused(f"確定した計画を案に戻すことはできません。{way}取り込んでください。", final)


async def _import_one(
    office: Office, uow: UnitOfWork, place: Place, plan: Plan | None, options: ImportOptions
) -> ImportedPlan:
    trail = _Trail(office, uow, options.by)
    plan = await _save_plan(trail, place, plan, draft=options.draft)
    saved = await _save_initiatives(trail, place.sheet, plan)
    taken = await sheet_answers.take(office, uow, place, plan, saved.rows, by=options.by)
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
        details=tuple(_details(saved)),
        warnings=(*place.sheet.warnings, *_orphans(saved, place.sheet), *taken.warnings),
    )


@dataclass(frozen=True)
class _Trail:
    """One unit of work and the trail that it leaves."""

    office: Office
    uow: UnitOfWork
    by: Actor

    def note(self, action: str, subject: str, detail: Mapping[str, object]) -> None:
        self.uow.audit.note(
            action,
            at=self.office.now(),
            actor=self.by.kind,
            person_id=self.by.person_id,
            subject=subject,
            detail=detail,
        )


async def _save_plan(trail: _Trail, place: Place, plan: Plan | None, *, draft: bool) -> Plan:
    state = DRAFT if draft else FINAL
    if plan is None:
        plan = Plan(
            unit_id=place.unit.id or 0,
            form=place.form.key,
            first_year=place.fiscal_year,
            last_year=place.fiscal_year,
            name=place.sheet.plan or "",
            state=state,
        )
        await trail.uow.plans.add(plan)
        trail.note("plan.add", f"plan:{plan.id}", {"state": state})
        return plan
    changed = _set(plan, {"name": place.sheet.plan or plan.name, "state": state})
    if changed:
        await trail.uow.plans.add(plan)
        trail.note("plan.update", f"plan:{plan.id}", {"fields": changed})
    return plan


@dataclass(frozen=True)
class _Saved:
    """A plan's initiatives by code, the codes that are new, and the fields that others changed."""

    rows: Mapping[str, Initiative]
    added: Sequence[str]
    updated: Mapping[str, Sequence[str]]


async def _save_initiatives(trail: _Trail, sheet: SheetPlan, plan: Plan) -> _Saved:
    uow = trail.uow
    rows = {each.code: each for each in await uow.plans.initiatives(plan.id or 0)}
    kept = _absent_fields(sheet)
    added: list[str] = []
    updated: dict[str, Sequence[str]] = {}
    for printed in sheet.initiatives:
        values = {key: getattr(printed, key) for key in _FIELDS if key not in kept}
        row = rows.get(printed.code)
        if row is None:
            row = Initiative(plan_id=plan.id or 0, code=printed.code, **values)
            await uow.plans.add(row)
            rows[printed.code] = row
            added.append(printed.code)
            trail.note("initiative.add", f"initiative:{row.id}", {"code": row.code})
        elif changed := _set(row, values):
            await uow.plans.add(row)
            updated[printed.code] = changed
            trail.note("initiative.update", f"initiative:{row.id}", {"fields": changed})
    return _Saved(rows, added, updated)


def _details(saved: _Saved) -> Iterator[str]:
    """What changed, a line an initiative; what is new, in one line."""
    if saved.added:
        yield f"追加：取組項目{'、'.join(saved.added)}"
    for code, fields in saved.updated.items():
        labels = (COLUMNS[key].title if key in COLUMNS else "順番" for key in fields)
        yield f"更新：取組項目{code}({'、'.join(labels)})"


def _absent_fields(sheet: SheetPlan) -> frozenset[str]:
    return frozenset(
        key
        for key in _OPTIONAL_FIELDS
        if all(getattr(each, key) is None for each in sheet.initiatives)
    )


def _orphans(saved: _Saved, sheet: SheetPlan) -> Iterator[str]:
    """A warning for each initiative that the document no longer has."""
    printed = {each.code for each in sheet.initiatives}
    for code, row in saved.rows.items():
        if code not in printed:
            yield (
                f"取組項目{code}「{row.title}」は、このファイルにありません。"
                "登録されている内容は、そのまま残します。"
            )


def _set(row: Plan | Initiative, values: Mapping[str, object]) -> list[str]:
    changed = [key for key, value in values.items() if getattr(row, key) != value]
    for key in changed:
        setattr(row, key, values[key])
    return changed


def printed_record(printed: SheetInitiative, form: Form) -> dict[str, object]:
    """One initiative as a document has it, for programs: texts, answers by stage, lost marks."""
    record: dict[str, object] = {
        "number": printed.number,
        "title": printed.title,
        **{key: getattr(printed, key) for key in _OPTIONAL_FIELDS},
    }
    return {**record, **sheet_answers.printed_record(printed, form)}
