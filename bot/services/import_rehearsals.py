"""A document carried out in one unit of work, with a journal of what it changes.

The same is done to show what would change, and nothing is kept, as to change it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.errors import NotFound, Refused
from bot.domain.plans import Fault, PlanState, SheetRefused
from bot.services import accounts, import_changes, people, plans, unit_tables
from bot.services.accounts import Resolution
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.roster_changes import RosterChanges
from bot.sheets.dropped import Dropped
from bot.sheets.packing import pack
from bot.slack.directory import Directory
from bot.views import imports as views
from bot.views.import_forms import Choices
from bot.views.imports import ImportReport, PlanHeading, Reader
from storage.imports import packed as packed_changes
from storage.unit_of_work import UnitOfWork

PLAN, PEOPLE, UNITS, UNREADABLE = "plan", "people", "units", "unreadable"


@dataclass(frozen=True)
class Wanted:
    """A document to carry out, what was chosen beside it, and what Slack said of its people."""

    read: Dropped
    choices: Choices
    by: Actor
    resolution: Resolution | None = None


@dataclass(frozen=True)
class Done:
    """What carrying a document out in one unit of work has come to; nothing is committed."""

    report: ImportReport
    unit_ids: tuple[int, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()


async def rehearse(office: Office, wanted: Wanted) -> Done:
    """What carrying it out would come to: all of it is done, and nothing of it is kept."""
    async with office.database.begin() as uow:
        return await carry_out(office, uow, wanted)


async def carry_out(office: Office, uow: UnitOfWork, wanted: Wanted) -> Done:
    """Do it in the caller's unit of work; faults of the document are in the report."""
    journal = await uow.imports.journal()
    enter = {PLAN: _enter_plans, PEOPLE: _enter_people, UNITS: _enter_units}[kind_of(wanted.read)]
    try:
        report, units = await enter(office, uow, wanted)
    except SheetRefused as refusal:
        return Done(refused(refusal))
    except Refused as refusal:
        faults = tuple(Fault(0, None, line) for line in refusal.faults)
        faults = faults or (Fault(0, None, ""),)
        return Done(ImportReport(reason=refusal.message, faults=faults))
    changes = await journal.changes()
    rows = await import_changes.describe(office, uow, changes)
    return Done(replace(report, changes=rows), units, tuple(packed_changes(changes)))


async def _enter_people(
    office: Office, uow: UnitOfWork, wanted: Wanted
) -> tuple[ImportReport, tuple[int, ...]]:
    changes = RosterChanges(office, uow, wanted.by)
    if wanted.read.roster is None or wanted.resolution is None:
        raise NotFound(views.GONE)
    done = await people.carry_out(changes, wanted.read.roster, wanted.resolution)
    report = ImportReport(
        warnings=done.warnings,
        unchanged=done.unchanged,
        unreachable=tuple(
            Reader(each.row, each.name or each.email or each.slack_user_id)
            for each in done.unresolved
        ),
    )
    return report, done.unit_ids


async def _enter_plans(
    office: Office, uow: UnitOfWork, wanted: Wanted
) -> tuple[ImportReport, tuple[int, ...]]:
    choices = wanted.choices
    options = ImportOptions(
        ward=choices.ward or None, year=choices.year, draft=choices.draft, by=wanted.by
    )
    done = await plans.carry_out(office, uow, wanted.read.plans, options)
    headings = tuple(
        PlanHeading(
            unit_name=each.unit_name,
            year=each.fiscal_year,
            name=each.name or each.form.name,
            draft=each.state == PlanState.DRAFT,
            items=len(each.sheet.initiatives),
            item=each.form.item,
        )
        for each in done
    )
    report = ImportReport(
        plans=headings,
        warnings=tuple(words for each in done for words in each.warnings),
        unchanged=sum(each.changes.unchanged for each in done),
    )
    return report, tuple(dict.fromkeys(each.unit_id for each in done))


async def _enter_units(
    office: Office, uow: UnitOfWork, wanted: Wanted
) -> tuple[ImportReport, tuple[int, ...]]:
    if wanted.read.units is None:
        raise NotFound(views.GONE)
    ids, unchanged = await unit_tables.carry_out(office, uow, wanted.read.units, wanted.by)
    return ImportReport(unchanged=unchanged), ids


def kind_of(read: Dropped) -> str:
    """Of which kind a document is, as batches are stored."""
    if read.units is not None:
        return UNITS
    return PLAN if read.roster is None else PEOPLE


def refused(refusal: SheetRefused) -> ImportReport:
    """Why a document is refused, with every fault."""
    # Words alone are enough where the file is nothing of ours.
    return ImportReport(reason=refusal.reason, faults=refusal.by_row or (Fault(0, None, ""),))


def fingerprint(report: ImportReport) -> str:
    """What a report says, whatever ids its rows would get."""
    said = json.dumps(pack(report), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


async def resolution_of(office: Office, directory: Directory, read: Dropped) -> Resolution | None:
    """What Slack says of the people in a roster; no transaction is open meanwhile."""
    return await accounts.resolve(office, read.roster, directory) if read.roster else None
