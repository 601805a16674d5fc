"""Plans in: what a document says becomes a plan, its initiatives and the answers printed in it.

Everything is decided before anything is kept: on any fault nothing is imported. Importing again
changes nothing, and a corrected document updates in place and keeps answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.domain.form import Form
from bot.domain.plans import SECTIONS, SheetInitiative, SheetPlan, positions
from bot.services import plan_indicators, sheet_answers
from bot.services.office import Office
from bot.services.plan_places import ImportOptions, Place, settle_places
from bot.services.trails import Trail
from storage.models import Initiative, Plan
from storage.unit_of_work import UnitOfWork

DRAFT, FINAL = "draft", "final"
INDICATORS = "indicators"  # among the fields of an item that an import has changed

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
    trail = Trail(uow, office.now(), options.by)
    plan = await _save_plan(trail, place, plan, draft=options.draft)
    saved = await _save_initiatives(trail, place, plan)
    below = [(saved.rows[each.code], each.indicators) for each in place.sheet.initiatives]
    indicators = await plan_indicators.save(uow, place.form, below)
    saved = _with_indicators(saved, indicators.changed)
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
        details=tuple(_details(saved, place.form)),
        warnings=(
            *place.sheet.warnings,
            *_orphans(saved, place),
            *indicators.warnings,
            *taken.warnings,
        ),
    )


async def _save_plan(trail: Trail, place: Place, plan: Plan | None, *, draft: bool) -> Plan:
    state = DRAFT if draft else FINAL
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
    changed = _set(plan, values)
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


async def _save_initiatives(trail: Trail, place: Place, plan: Plan) -> _Saved:
    uow, sheet = trail.uow, place.sheet
    rows = {each.code: each for each in await uow.plans.initiatives(plan.id or 0)}
    kept = _absent_fields(sheet)
    known = frozenset(key for each in sheet.initiatives for key in _texts(each))
    added: list[str] = []
    updated: dict[str, Sequence[str]] = {}
    places = positions(sheet.initiatives, {code: row.position for code, row in rows.items()})
    for printed in sheet.initiatives:
        values = {key: getattr(printed, key) for key in _FIELDS if key not in kept}
        values["position"] = places[printed.code]
        texts = _texts(printed)
        row = rows.get(printed.code)
        if row is not None and row.purpose_label is None and _is_usual(place.form, printed):
            values.pop("purpose_label", None)
        if row is None:
            row = Initiative(plan_id=plan.id or 0, code=printed.code, **values, details=texts)
            await uow.plans.add(row)
            rows[printed.code] = row
            added.append(printed.code)
            trail.note("initiative.add", f"initiative:{row.id}", {"code": row.code})
        elif changed := _set(row, {**values, "details": _kept_texts(row, texts, known)}):
            await uow.plans.add(row)
            updated[printed.code] = changed
            trail.note("initiative.update", f"initiative:{row.id}", {"fields": changed})
    return _Saved(rows, added, updated)


def _is_usual(form: Form, printed: SheetInitiative) -> bool:
    """Whether the purpose stands under the form's own word, as one without a label is printed."""
    field = form.plan_field("purpose")
    return field is not None and printed.purpose_label in (field.heading, field.label)


def _details(saved: _Saved, form: Form) -> Iterator[str]:
    """What changed, a line an initiative; what is new, in one line."""
    if saved.added:
        first, *rest = saved.added
        yield f"追加：{'、'.join([form.item_name(first), *rest])}"
    for code, fields in saved.updated.items():
        labels = (form.indicator if key == INDICATORS else form.label_of(key) for key in fields)
        yield f"更新：{form.item_name(code)}({'、'.join(labels)})"


def _with_indicators(saved: _Saved, changed: Collection[str]) -> _Saved:
    """The same, with the items of which only the indicators have changed."""
    codes = [code for code in changed if code not in saved.added]
    also = {code: (*saved.updated.get(code, ()), INDICATORS) for code in codes}
    return replace(saved, updated={**saved.updated, **also})


def _texts(printed: SheetInitiative) -> dict[str, str]:
    """The texts that only the form knows, and the sections that the document names."""
    sections = {SECTIONS: "\n".join(printed.sections)} if printed.sections else {}
    return {**sections, **printed.details}


def _kept_texts(
    row: Initiative, texts: Mapping[str, str], known: Collection[str]
) -> dict[str, str]:
    """A text that the document has nowhere is left as it is stored."""
    return {**{key: text for key, text in row.details.items() if key not in known}, **texts}


def _absent_fields(sheet: SheetPlan) -> frozenset[str]:
    return frozenset(
        key
        for key in _OPTIONAL_FIELDS
        if all(getattr(each, key) is None for each in sheet.initiatives)
    )


def _orphans(saved: _Saved, place: Place) -> Iterator[str]:
    """A warning for each initiative that the document no longer has."""
    printed = {each.code for each in place.sheet.initiatives}
    for code, row in saved.rows.items():
        if code not in printed:
            yield (
                f"{place.form.item_name(code)}「{row.title}」は、このファイルにありません。"
                "登録されている内容は、そのまま残します。"
            )


def _set(row: Plan | Initiative, values: Mapping[str, object]) -> list[str]:
    """Set what differs, and say what did: of ``details`` the texts in it, by their keys."""
    before = {key: getattr(row, key) for key in values}
    changed = [key for key, value in values.items() if before[key] != value]
    for key in changed:
        setattr(row, key, values[key])
    inner = _differing(before["details"], values["details"]) if "details" in changed else []
    return [*(key for key in changed if key != "details"), *inner]


def _differing(before: object, after: object) -> list[str]:
    texts = [dict(each) if isinstance(each, Mapping) else {} for each in (before, after)]
    first, second = texts
    return [key for key in {**first, **second} if first.get(key) != second.get(key)]


def printed_record(printed: SheetInitiative, form: Form) -> dict[str, object]:
    """One initiative as a document has it, for programs: texts, answers by stage, lost marks."""
    record: dict[str, object] = {
        "number": printed.number,
        "title": printed.title,
        **{key: getattr(printed, key) for key in _OPTIONAL_FIELDS},
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
