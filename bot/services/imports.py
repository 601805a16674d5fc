"""A file from Slack becomes plans or people: shown first, then carried out, and taken back.

What is read is stored as it was understood, with what it would change. It is carried out only
while that is still what it changes; it is taken back only while nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.errors import AccessDenied, EntryClosed, NotFound
from bot.domain.people import Role, Viewer
from bot.domain.plans import SheetPlan, SheetRefused
from bot.services import viewers
from bot.services.actors import Actor
from bot.services.import_rehearsals import (
    PLAN,
    UNREADABLE,
    Done,
    Wanted,
    carry_out,
    fingerprint,
    kind_of,
    refused,
    rehearse,
    resolution_of,
)
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.sheets.dropped import Dropped, packed, unpacked
from bot.sheets.packing import pack, unpack
from bot.slack.directory import Directory
from bot.views import imports as views
from bot.views.import_forms import Choices, PlaceForm
from bot.views.imports import ImportReport, ImportShown, ImportState
from storage.models import ImportBatch
from storage.unit_of_work import UnitOfWork

# A file that nobody has applied: long enough for a colleague to look at it after a weekend.
KEPT_FOR = timedelta(days=7)
# What undoes an import holds names and texts: no longer than somebody can still want it.
UNDO_KEPT_FOR = timedelta(days=90)


async def refuse_outsiders(office: Office, caller: Caller) -> None:
    """Raises AccessDenied unless the person coordinates a unit: nobody else's file is fetched."""
    async with office.database.read() as uow:
        await _coordinator(office, uow, caller)


async def take_in(
    office: Office, caller: Caller, directory: Directory, *, name: str, digest: str, read: Dropped
) -> ImportShown:
    """Store what was read from a file, and what it would change. Nothing of that is done yet."""
    async with office.database.read() as uow:
        viewer, units = await _coordinator(office, uow, caller)
        choices = await _usual_choices(uow, units, read.plans)
    resolution = await resolution_of(office, directory, read)
    by = Actor.of(viewer, units)
    done = await rehearse(office, Wanted(read, choices, by, resolution))
    return await _store(
        office, viewer, kind_of(read), name, digest, read=read, choices=choices, done=done
    )


async def take_in_refusal(
    office: Office, caller: Caller, *, name: str, digest: str, refusal: SheetRefused
) -> ImportShown:
    """Store that a file can't be read, with all its faults, to be paged through."""
    async with office.database.read() as uow:
        viewer, _ = await _coordinator(office, uow, caller)
    done = Done(refused(refusal))
    nothing, choices = Dropped(), Choices()
    return await _store(
        office, viewer, UNREADABLE, name, digest, read=nothing, choices=choices, done=done
    )


async def show(office: Office, caller: Caller, batch_id: int) -> ImportShown:
    """A batch as it was last shown. Raises AccessDenied to who does not coordinate its units."""
    async with office.database.read() as uow:
        _, batch = await batch_for(office, uow, caller, batch_id)
        return await shown_of(uow, batch)


async def place_form(office: Office, caller: Caller, batch_id: int) -> PlaceForm:
    """What can be chosen beside a plan: ward, fiscal year, and whether it is a draft."""
    async with office.database.read() as uow:
        viewer, batch = await batch_for(office, uow, caller, batch_id)
        _refuse_settled(batch)
        named = [unit for unit in await uow.units.all() if unit.id in _coordinated(viewer)]
        hints = [plan.year_hint for plan in _read(batch).plans if plan.year_hint]
    return PlaceForm(
        batch_id=batch_id,
        units=tuple((unit.code, unit.name) for unit in named),
        today=office.today(),
        chosen=unpack(Choices, batch.content["choices"]),
        year_hint=hints[0] if hints else None,
    )


async def choose(office: Office, caller: Caller, batch_id: int, choices: Choices) -> ImportShown:
    """Look again at a plan with other choices. Raises EntryClosed once it has been applied."""
    async with office.database.read() as uow:
        viewer, batch = await batch_for(office, uow, caller, batch_id)
    _refuse_settled(batch)
    by = Actor.of(viewer, _coordinated(viewer))
    done = await rehearse(office, Wanted(_read(batch), choices, by))
    return await _show_anew(office, caller, batch_id, choices, done)


async def apply(office: Office, caller: Caller, directory: Directory, batch_id: int) -> ImportShown:
    """Carry a batch out, if it still changes what was shown; else show what it changes now.

    Raises AccessDenied, and EntryClosed when it has been applied already.
    """
    async with office.database.read() as uow:
        _, batch = await batch_for(office, uow, caller, batch_id)
    _refuse_settled(batch)
    read, choices = _read(batch), unpack(Choices, batch.content["choices"])
    resolution = await resolution_of(office, directory, read)
    async with office.database.begin() as uow:
        viewer, batch = await batch_for(office, uow, caller, batch_id, hold=True)
        _refuse_settled(batch)
        by = Actor.of(viewer, _coordinated(viewer))
        done = await carry_out(office, uow, Wanted(read, choices, by, resolution))
        if not done.report.faults and fingerprint(done.report) == batch.content["fingerprint"]:
            await _keep(office, uow, viewer, batch, done)
            shown = await shown_of(uow, batch)
            await uow.commit()
            return shown
    return await _show_anew(office, caller, batch_id, choices, done, moved=True)


async def _store(
    office: Office,
    viewer: Viewer,
    kind: str,
    name: str,
    digest: str,
    *,
    read: Dropped,
    choices: Choices,
    done: Done,
) -> ImportShown:
    async with office.database.begin() as uow:
        now = office.now()
        await uow.imports.forget(unapplied=now - KEPT_FOR, applied=now - UNDO_KEPT_FOR)
        batch = ImportBatch(
            kind=kind,
            file_name=name,
            digest=digest,
            content={},
            undo={},
            entered_by=viewer.person_id,
            at=office.now(),
        )
        _write(batch, packed(read), choices, done)
        await uow.imports.add(batch)
        shown = await shown_of(uow, batch)
        await uow.commit()
    return shown


async def _show_anew(
    office: Office,
    caller: Caller,
    batch_id: int,
    choices: Choices,
    done: Done,
    *,
    moved: bool = False,
) -> ImportShown:
    async with office.database.begin() as uow:
        _, batch = await batch_for(office, uow, caller, batch_id, hold=True)
        _refuse_settled(batch)
        _write(batch, batch.content["read"], choices, done)
        await uow.imports.add(batch)
        shown = await shown_of(uow, batch)
        await uow.commit()
    return replace(shown, moved=moved)


async def _keep(
    office: Office, uow: UnitOfWork, viewer: Viewer, batch: ImportBatch, done: Done
) -> None:
    """It is done: what was read is not needed any more, what undoes it is."""
    batch.applied_at = office.now()
    batch.undo = {"changes": list(done.changes), "by": viewer.person_id}
    batch.content = {key: batch.content[key] for key in ("report", "units", "choices")}
    await uow.imports.add(batch)
    Trail(uow, office.now(), Actor.of(viewer)).note(
        "import.apply",
        f"import:{batch.id}",
        {"kind": batch.kind, "digest": batch.digest, "rows": len(done.changes)},
    )


def _write(batch: ImportBatch, read: Mapping[str, Any], choices: Choices, done: Done) -> None:
    batch.unit_id = done.unit_ids[0] if done.unit_ids else None
    batch.content = {
        "read": read,
        "choices": pack(choices),
        "report": pack(done.report),
        "units": list(done.unit_ids),
        "fingerprint": fingerprint(done.report),
    }


async def _coordinator(
    office: Office, uow: UnitOfWork, caller: Caller
) -> tuple[Viewer, frozenset[int]]:
    viewer = await viewers.registered(uow, caller, office.today())
    units = _coordinated(viewer)
    if not units:
        raise AccessDenied(views.MAY_NOT)
    return viewer, units


def _coordinated(viewer: Viewer) -> frozenset[int]:
    return frozenset(
        grant.unit_id
        for grant in viewer.grants
        if grant.role is Role.COORDINATOR and grant.unit_id is not None
    )


async def batch_for(
    office: Office, uow: UnitOfWork, caller: Caller, batch_id: int, *, hold: bool = False
) -> tuple[Viewer, ImportBatch]:
    """A batch for who may see it: the coordinators of all its units; of no unit's, its owner."""
    viewer, units = await _coordinator(office, uow, caller)
    batch = await (uow.imports.held if hold else uow.imports.get)(batch_id)
    if batch is None or not batch.content:
        raise NotFound(views.GONE)
    theirs = frozenset(batch.content.get("units", ()))
    if not theirs <= units or (not theirs and batch.entered_by != viewer.person_id):
        raise AccessDenied(views.NOT_YOURS)
    return viewer, batch


def _refuse_settled(batch: ImportBatch) -> None:
    if batch.applied_at is not None:
        raise EntryClosed(views.UNDONE if batch.undone_at else views.APPLIED)


def _read(batch: ImportBatch) -> Dropped:
    return unpacked(batch.content["read"])


async def shown_of(uow: UnitOfWork, batch: ImportBatch) -> ImportShown:
    """A batch as people see it."""
    report = unpack(ImportReport, batch.content["report"])
    by_whom = batch.undo.get("undone_by" if batch.undone_at else "by") or batch.entered_by
    person = await uow.people.get(int(by_whom))
    state = _state(batch, report)
    asks = state is ImportState.APPLIED and batch.kind == PLAN and batch.unit_id
    return ImportShown(
        batch_id=batch.id or 0,
        file_name=batch.file_name,
        state=state,
        report=report,
        takes_choices=batch.kind == PLAN,
        name=person.name if person else "",
        at=batch.undone_at or batch.applied_at or batch.at,
        unit_id=batch.unit_id or 0,
        lost=await uow.unreadable.count(batch.unit_id or 0) if asks else 0,
    )


def _state(batch: ImportBatch, report: ImportReport) -> ImportState:
    if batch.undone_at is not None:
        return ImportState.UNDONE
    if batch.applied_at is not None:
        return ImportState.APPLIED
    if report.faults:
        return ImportState.FAULTY
    return ImportState.READY if report.changes else ImportState.NOTHING_NEW


async def _usual_choices(
    uow: UnitOfWork, units: frozenset[int], sheets: Sequence[SheetPlan]
) -> Choices:
    """Whoever coordinates one unit means that one, where a sheet names none."""
    if len(units) != 1 or any(sheet.ward or sheet.ward_cells for sheet in sheets):
        return Choices()
    unit = await uow.units.get(next(iter(units)))
    return Choices(ward=unit.code if unit else "")
