"""「様式を出力」: what somebody may choose, and the file of what they chose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain import people
from bot.domain.calendar import era_year
from bot.domain.documents import Document, FormFormat
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.form import Stage
from bot.domain.people import Refusal, Role, Viewer
from bot.services import documents, status, units, viewers
from bot.services.actors import Actor
from bot.services.corrections import corrections_in
from bot.services.documents import Standing
from bot.services.export import plan_meant
from bot.services.home_rounds import current_of
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.sheets.form_export import form_in_child
from bot.slack.uploads import Upload
from bot.views import documents as views
from bot.views import entry_words
from bot.views.documents import Content, DocumentChoice, DocumentForm, TypedDocument
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.targets import AllTarget, DocumentTarget
from storage.models import Plan, Unit
from storage.unit_of_work import UnitOfWork

ALL_UNITS = "全区"
_UNFIT_FOR_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True)
class Prepared:
    """What is to be written, and what the file is called, without its ending."""

    document: Document
    name: str


async def open_form(office: Office, caller: Caller, round_id: int) -> DocumentForm:
    """What can be taken of a round's unit. Raises AccessDenied, and NotFound without a round."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        row = await uow.rounds.get(round_id)
        plan = await uow.plans.get(row.plan_id) if row else None
        if row is None or plan is None:
            raise AccessDenied(refusal_words(Refusal.OTHER_UNIT, RefusalFacts("", "", "")))
        unit = await _unit(uow, viewer, plan.unit_id)
        choices = await _choices(uow, office, unit)
    return DocumentForm(
        name=unit.name,
        choices=choices,
        chosen=DocumentTarget(row.plan_id, row.stage),
        withholds=_observes(viewer, plan.unit_id) and not _reads_all(viewer, plan.unit_id),
        own_only=not _observes(viewer, plan.unit_id) and not _reads_all(viewer, plan.unit_id),
    )


async def open_units_form(office: Office, caller: Caller, target: AllTarget) -> DocumentForm:
    """The summary of every unit that somebody may see. Raises AccessDenied for who sees none."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        await _units(uow, viewer)
    return DocumentForm(name=ALL_UNITS, units=target)


async def prepare(office: Office, caller: Caller, typed: TypedDocument) -> Prepared:
    """What was chosen, as this person may have it; it is noted who asked.

    Raises AccessDenied, and NotFound where there is no such plan, or nothing was corrected.
    """
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        if typed.units is not None:
            prepared = await _summary(uow, office, typed.units, viewer=viewer)
            subject = "units"
        else:
            target = typed.target or DocumentTarget(0, "")
            prepared = await _of_unit(uow, office, viewer, target, typed.content)
            subject = f"plan:{target.plan_id}"
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "document.export",
            subject,
            {"format": typed.format.value, "content": typed.content.value},
        )
        await uow.commit()
    return prepared


async def of_ward(
    office: Office,
    ward: str,
    *,
    year: int | None = None,
    stage_key: str | None = None,
    form_key: str | None = None,
    content: Content = Content.FORM,
) -> Document:
    """The same from the command line, with everything in it; 「全区」 is the summary of all units.

    Without a stage: the round that is going on, else the one last due. Raises NotFound.
    """
    async with office.database.read() as uow:
        if ward == ALL_UNITS:
            return (await _summary(uow, office, AllTarget(year, stage_key))).document
        unit = await units.find(uow, ward)
        plan = await plan_meant(
            uow, office, unit, year=year, stage_key=stage_key, form_key=form_key
        )
        stage = await _stage(uow, office, plan, stage_key)
        with_past = content is Content.WITH_PAST
        found = await documents.standing(uow, office, plan, stage, with_past=with_past)
        return await _document(uow, found, content)


async def upload(prepared: Prepared, format_: FormFormat) -> Upload:
    """The file, made in a child process. Raises NotRendered with the words to show."""
    name = f"{prepared.name}.{format_.extension}"
    return Upload(name, await form_in_child(prepared.document, format_), title=name)


async def _of_unit(
    uow: UnitOfWork, office: Office, viewer: Viewer, target: DocumentTarget, content: Content
) -> Prepared:
    plan = await uow.plans.get(target.plan_id)
    unit = await _unit(uow, viewer, plan.unit_id if plan else 0)
    if plan is None or not office.forms[plan.form].has_stage(target.stage):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    stage = office.forms[plan.form].stage(target.stage)
    with_past = content is Content.WITH_PAST
    found = await documents.standing(uow, office, plan, stage, viewer=viewer, with_past=with_past)
    document = await _document(uow, found, content)
    what = views.CONTENT_NAMES.get(content, found.form.name)
    draft = "" if found.publication else "_案"
    name = f"{what}_{unit.name}_{era_year(plan.last_year)}_{stage.title}{draft}"
    return Prepared(document, _UNFIT_FOR_NAMES.sub("_", name))


async def _document(uow: UnitOfWork, found: Standing, content: Content) -> Document:
    if content is Content.CORRECTIONS:
        return await documents.corrections_of(uow, found)
    count = len(await corrections_in(uow, found.state)) if found.publication else 0
    return documents.document_of(found, corrected=count)


async def _summary(
    uow: UnitOfWork, office: Office, target: AllTarget, *, viewer: Viewer | None = None
) -> Prepared:
    """One line a unit, in official order: units without a plan too."""
    listed = await _units(uow, viewer) if viewer else await uow.units.all()
    found = [(unit.name, await _of_one(uow, office, unit, target)) for unit in listed]
    titles = {
        f"{era_year(each.plan.last_year)} {each.form.stage(each.stage).title}"
        for _, each in found
        if each
    }
    common = f"　{titles.pop()}" if len(titles) == 1 else ""
    title = f"{ALL_UNITS}の状況{common}"
    document = documents.summary_of(found, title=title, now=office.now())
    return Prepared(document, _UNFIT_FOR_NAMES.sub("_", title))


async def _of_one(
    uow: UnitOfWork, office: Office, unit: Unit, target: AllTarget
) -> Standing | None:
    """A unit's own round; counts are for all who may see them, so nothing is left out."""
    chosen = await status.choose_round(
        uow, unit, today=office.today(), year=target.fiscal_year, stage_key=target.stage
    )
    if chosen is None or isinstance(chosen, status.NoPlan):
        return None
    plan = await uow.plans.get(chosen.plan_id)
    if plan is None:
        return None
    stage = office.forms[plan.form].stage(chosen.stage)
    return await documents.standing(uow, office, plan, stage)


async def _unit(uow: UnitOfWork, viewer: Viewer, unit_id: int) -> Unit:
    """The unit, for who may have its form; the words are the same whether there is one or not."""
    unit = await uow.units.get(unit_id)
    if unit is None or not people.may_take_document(viewer, unit_id):
        raise AccessDenied(refusal_words(Refusal.OTHER_UNIT, RefusalFacts("", "", "")))
    return unit


async def _choices(uow: UnitOfWork, office: Office, unit: Unit) -> tuple[DocumentChoice, ...]:
    plans = await uow.plans.of_unit(unit.id or 0)
    rows = await uow.rounds.of_plans([plan.id or 0 for plan in plans])
    frozen = {(row.plan_id, row.stage) for row in rows if row.frozen_at is not None}
    several = len({plan.form for plan in plans}) > 1
    found = []
    for plan in sorted(plans, key=lambda plan: (-plan.last_year, -(plan.id or 0))):
        form = office.forms[plan.form]
        for stage in reversed(form.stages):
            name = f"({form.name})" if several else ""
            title = f"{era_year(plan.last_year)} {stage.title}{name}"
            target = DocumentTarget(plan.id or 0, stage.key)
            found.append(DocumentChoice(target, title, (plan.id, stage.key) in frozen))
    if not found:
        raise NotFound(views.NO_PLAN)
    return tuple(found)


async def _stage(uow: UnitOfWork, office: Office, plan: Plan, stage_key: str | None) -> Stage:
    form = office.forms[plan.form]
    if stage_key is not None:
        return form.stage(stage_key)
    chosen = current_of(await uow.rounds.of_plans([plan.id or 0]), office.today())
    return form.stage(chosen.stage) if chosen else form.stages[-1]


def _observes(viewer: Viewer, unit_id: int) -> bool:
    return any(
        grant.role is Role.OBSERVER and grant.unit_id in (None, unit_id) for grant in viewer.grants
    )


def _reads_all(viewer: Viewer, unit_id: int) -> bool:
    return people.is_coordinator(viewer, unit_id) or any(
        grant.role is Role.MANAGER and grant.unit_id == unit_id and grant.section_id is None
        for grant in viewer.grants
    )


async def _units(uow: UnitOfWork, viewer: Viewer) -> list[Unit]:
    """Those that somebody may see, in official order; AccessDenied where there are none."""
    found = [
        unit for unit in await uow.units.all() if people.may_take_document(viewer, unit.id or 0)
    ]
    if not found:
        raise AccessDenied(refusal_words(Refusal.NOT_REGISTERED))
    return found
