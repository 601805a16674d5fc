"""The official form, filled in for whoever asks: which plan and round, and what of it they get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import document_totals, people
from bot.domain.calendar import TOKYO, OfficeCalendar, era_day, era_year
from bot.domain.document_totals import correction_list, summary
from bot.domain.documents import Document, DocumentItem, FormDocument, Past
from bot.domain.errors import NotFound
from bot.domain.form import Form, Stage
from bot.domain.people import UNIT_ITEM, Item, Printing, Viewer
from bot.domain.plans import SheetAnswers
from bot.domain.rounds import default_dates
from bot.services import lineages, round_state
from bot.services.corrections import corrections_in
from bot.services.document_items import PlanTexts, sheet_answers, texts_of
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.services.rounds import new_round
from bot.views import documents as views
from bot.views.words import item_name
from storage.models import CheckIn, Initiative, Plan, Publication, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Standing:
    """A plan as of now at the stages that are printed, the last of which it is exported for.

    A stage that was never asked has no items. ``viewer`` None reads everything: the command line.
    """

    unit: Unit
    plan: Plan
    form: Form
    states: Mapping[str, RoundState]
    texts: PlanTexts
    publication: Publication | None
    now: datetime
    viewer: Viewer | None = None
    lost: Mapping[tuple[str, int], CheckIn] = field(default_factory=dict)  # marks, not answered
    past: Mapping[int, tuple[Past, ...]] = field(default_factory=dict)  # of the year before

    @property
    def stage(self) -> str:
        """The stage that it is exported for."""
        return list(self.states)[-1]

    @property
    def state(self) -> RoundState:
        """The round that it is exported for."""
        return self.states[self.stage]


async def standing(
    uow: UnitOfWork,
    office: Office,
    plan: Plan,
    stage: Stage,
    *,
    viewer: Viewer | None = None,
    with_past: bool = False,
) -> Standing:
    """Read a plan with its answers; a fixed number of queries for each stage that is printed.

    ``with_past``: what was said of each item a year before comes with it.
    """
    form = office.forms[plan.form]
    unit = await uow.units.get(plan.unit_id)
    if unit is None:
        raise LookupError(f"plan {plan.id} has no unit")
    states = {
        each.key: await _state(uow, office, plan, each) for each in printed_stages(form, stage)
    }
    publication = None
    if states[stage.key].round.frozen:
        publication = await uow.publications.of(states[stage.key].round.id)
    texts = await texts_of(uow, plan, publication)
    lost = await _lost_marks(uow, plan, states)
    past = await _past(uow, office, texts) if with_past else {}
    return Standing(
        unit, plan, form, states, texts, publication, office.now(), viewer, lost=lost, past=past
    )


def printed_stages(form: Form, stage: Stage) -> list[Stage]:
    """The sections that are printed: of what is published, also the stages before.

    The papers for a meeting inside the office stand alone.
    """
    until = form.stages[: form.stages.index(stage) + 1]
    return [each for each in until if each.published] if stage.published else [stage]


def document_of(standing: Standing, *, corrected: int = 0) -> FormDocument:
    """The form as its reader may have it; ``corrected``: how often after publication."""
    items = tuple(_items(standing))
    answers, withheld = _unit_answers(standing)
    return FormDocument(
        form=standing.form,
        ward=standing.unit.name,
        fiscal_year=standing.plan.first_year,
        plan=standing.texts.name or None,
        items=items,
        stage=standing.stage,
        stages=tuple(standing.states),
        last_year=standing.plan.last_year,
        details=standing.texts.details,
        answers=answers,
        withheld=withheld,
        unpublished=None if standing.publication else unpublished_words(standing.now),
        footer=footer_of(standing),
        notes=tuple(_notes(standing, len(items), corrected)),
        confirmed=standing.state.round.levels > 0,
    )


async def corrections_of(uow: UnitOfWork, standing: Standing) -> Document:
    """The 正誤表 of a published round. Raises NotFound where nothing was corrected."""
    found = await corrections_in(uow, standing.state)
    if not found or standing.publication is None:
        raise NotFound(views.NO_CORRECTIONS)
    rows = [
        document_totals.Correction(
            item=f"{item_name(each.code)}　{each.label}",
            before=each.before,
            after=each.after,
            corrected_on=each.on,
            reason=each.reason,
        )
        for each in found
    ]
    title = f"{standing.unit.name}　{era_year(standing.plan.last_year)}"
    heading = f"{title}　{standing.form.stage(standing.stage).title}"
    return correction_list(rows, heading=heading, footer=footer_of(standing))


def summary_of(
    found: Sequence[tuple[str, Standing | None]], *, title: str, now: datetime
) -> Document:
    """The counts of several units as one table; a draft unless all of them are published."""
    documents = [(name, document_of(each) if each else None) for name, each in found]
    final = all(each.publication for _, each in found if each)
    return summary(documents, title=title, unpublished=None if final else unpublished_words(now))


def unpublished_words(now: datetime) -> str:
    """「【未公表】令和8年10月1日 15:00現在の案」: at the head of each page until it is final."""
    local = now.astimezone(TOKYO)
    return f"【未公表】{era_day(local.date())} {local:%H:%M}現在の案"


def footer_of(standing: Standing) -> str:
    """「令和8年度 あおぞら区 令和8年10月5日公表」; nothing until it is."""
    if standing.publication is None:
        return ""
    day = era_day(standing.publication.published_on)
    return f"{era_year(standing.plan.last_year)} {standing.unit.name} {day}公表"


async def _lost_marks(
    uow: UnitOfWork, plan: Plan, stages: Iterable[str]
) -> dict[tuple[str, int], CheckIn]:
    """What a file had lost of items nobody has answered since, by stage and item."""
    rows = [row for stage in stages for row in await uow.check_ins.of_plan(plan.id or 0, stage)]
    return {
        (row.stage, row.initiative_id or UNIT_ITEM): row
        for row in rows
        if row.unreadable and not row.revision
    }


async def _state(uow: UnitOfWork, office: Office, plan: Plan, stage: Stage) -> RoundState:
    row = await uow.rounds.find(plan.id or 0, stage.key)
    usual = default_dates(stage, plan.last_year, OfficeCalendar())
    row = row or new_round(plan.id or 0, stage.key, usual)
    return await round_state.load(uow, row, today=office.today(), forms=office.forms)


async def _past(uow: UnitOfWork, office: Office, texts: PlanTexts) -> dict[int, tuple[Past, ...]]:
    ids = [each.id or 0 for each in texts.initiatives]
    years = await lineages.years_of(uow, office.forms, ids)
    return {item: lineages.past_of(found) for item, found in years.items()}


def _items(standing: Standing) -> list[DocumentItem]:
    records = {
        stage: {item.id: item for item in state.items} for stage, state in standing.states.items()
    }
    found = []
    for initiative in standing.texts.initiatives:
        mine = {stage: items.get(initiative.id or 0) for stage, items in records.items()}
        item = _item(standing, initiative, mine)
        if item is not None:
            found.append(item)
    return found


def _item(
    standing: Standing, initiative: Initiative, records: Mapping[str, ItemRecord | None]
) -> DocumentItem | None:
    """One item, or None where it is none of the reader's business."""
    printings = {
        stage: _printing(standing, initiative.id or 0, record) for stage, record in records.items()
    }
    if printings[standing.stage] is Printing.LEFT_OUT:
        return None
    last = records[standing.stage]
    # What may not be seen is not handed on: no writer of files has to keep a secret.
    shown = {
        stage: record.check_in or standing.lost.get((stage, record.id))
        for stage, record in records.items()
        if record and printings[stage] is Printing.FULL
    }
    return DocumentItem(
        standing.texts.printed(initiative, shown, last.status.sections if last else ()),
        states={
            stage: record.status.state
            for stage, record in records.items()
            if record and (standing.states[stage].is_scheduled or record.check_in)
        },
        withheld=frozenset(stage for stage, how in printings.items() if how is not Printing.FULL),
        past=standing.past.get(initiative.id or 0, ()) if _may_look_back(standing, last) else (),
    )


def _may_look_back(standing: Standing, record: ItemRecord | None) -> bool:
    """What was said of an item before is part of its history."""
    if standing.viewer is None:
        return True
    access = record.access(standing.unit.id or 0) if record else None
    return access is not None and people.may_read_history(standing.viewer, access)


def _printing(standing: Standing, item_id: int, record: ItemRecord | None) -> Printing:
    if standing.viewer is None:
        return Printing.FULL
    unit_id = standing.unit.id or 0
    access = record.access(unit_id) if record else Item(item_id, unit_id)
    return people.printing(standing.viewer, access)


def _unit_answers(standing: Standing) -> tuple[dict[str, SheetAnswers], frozenset[str]]:
    """What was answered once per unit, and at which stages that may not be seen yet."""
    answers, withheld = {}, set()
    for stage, state in standing.states.items():
        record = state.item(UNIT_ITEM)
        if record is None:
            continue
        if _printing(standing, UNIT_ITEM, record) is not Printing.FULL:
            withheld.add(stage)
        elif check_in := record.check_in or standing.lost.get((stage, UNIT_ITEM)):
            answers[stage] = sheet_answers(check_in, {})
    return answers, frozenset(withheld)


def _notes(standing: Standing, shown: int, corrected: int) -> list[str]:
    notes = _announced(standing.publication) if standing.publication else []
    if corrected:
        notes.append(f"公表後の修正：{corrected}か所(修正後の内容です。正誤表を参照してください。)")
    total = len(standing.texts.initiatives)
    if shown < total:
        notes.append(
            f"担当の{standing.form.item}だけを出力しています(全{total}件のうち{shown}件)。"
        )
    return notes


def _announced(publication: Publication) -> list[str]:
    lines = [f"決裁番号：{publication.decision_number}"]
    if publication.address:
        lines.append(f"掲載先：{publication.address}")
    return lines
