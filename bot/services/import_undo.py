"""An import taken back: everything as it was before, as long as nothing has come to rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.errors import EntryClosed
from bot.services.actors import Actor
from bot.services.imports import batch_for, shown_of
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import imports as views
from bot.views.imports import ImportShown
from storage.imports import unpacked
from storage.journal import RowChange
from storage.models import ImportBatch
from storage.unit_of_work import UnitOfWork

# A new person who was written to, or whose section is used, stays: what was sent keeps its name.
_MAY_STAY = ("person", "account", "section")
# Slack itself says when an account is deactivated or comes back.
_MOVES_BY_ITSELF = ("account",)


async def undo(office: Office, caller: Caller, batch_id: int) -> ImportShown:
    """Take an applied batch back. The audit trail keeps both steps.

    Raises AccessDenied; EntryClosed when it is not applied, when what it brought has been changed
    since, when a round runs on it, or when an answer has been given to it or by who came with it.
    """
    async with office.database.begin() as uow:
        viewer, batch = await batch_for(office, uow, caller, batch_id, hold=True)
        await uow.units.hold()  # after the batch, as whoever applies one does
        if batch.applied_at is None:
            raise EntryClosed(views.NOT_APPLIED)
        if batch.undone_at is not None:
            raise EntryClosed(views.UNDONE)
        changes = unpacked(batch.undo["changes"])
        await _refuse_answered(uow, changes, batch.applied_at)
        await _take_back(uow, changes)
        await _refresh_letters(office, uow, changes)
        await _note(office, uow, batch, viewer.person_id)
        shown = await shown_of(uow, batch)
        await uow.commit()
    return shown


async def _take_back(uow: UnitOfWork, changes: Sequence[RowChange]) -> None:
    undoing = uow.imports.undoing(changes)
    moved = [each for each in await undoing.moved_on() if each.table not in _MOVES_BY_ITSELF]
    if moved:
        raise EntryClosed(views.CHANGED_SINCE)
    needed = await undoing.needed()
    if needed.keys() - set(_MAY_STAY):
        raise EntryClosed(views.ROUND_SET if "plan" in needed else views.USED_SINCE)
    await undoing.take_back(keep=_with_accounts(changes, needed))


def _with_accounts(
    changes: Iterable[RowChange], needed: Mapping[str, set[int]]
) -> dict[str, set[int]]:
    """Who stays keeps the account: letters that were sent are still updated."""
    people = needed.get("person", set())
    theirs = {
        each.id
        for each in changes
        if each.table == "account" and (each.after or {}).get("person_id") in people
    }
    return {**needed, "account": needed.get("account", set()) | theirs}


async def _refuse_answered(
    uow: UnitOfWork, changes: Sequence[RowChange], applied_at: datetime
) -> None:
    answers = [each for each in changes if each.table == "check_in"]
    rows = [await uow.imports.row(each) for each in answers]
    if any(row.get("published") is not None for row in rows):
        raise EntryClosed(views.PUBLISHED_SINCE)
    items, people = await _touched(uow, changes)
    if await uow.imports.answered_since(items, people, applied_at):
        raise EntryClosed(views.ANSWERED_SINCE)


async def _touched(uow: UnitOfWork, changes: Iterable[RowChange]) -> tuple[set[int], set[int]]:
    """The initiatives that a batch speaks of, and the people to whom it gave a role."""
    items: set[int] = set()
    people: set[int] = set()
    for each in changes:
        row = each.before if each.after is None else await uow.imports.row(each)
        row = row or {}
        if each.table == "initiative":
            items.add(each.id)
        if each.table in ("ownership", "check_in", "indicator"):
            items.add(int(row.get("initiative_id") or 0))
        if each.table == "role_grant":
            people.add(int(row.get("person_id") or 0))
    return items - {0}, people - {0}


async def _refresh_letters(office: Office, uow: UnitOfWork, changes: Sequence[RowChange]) -> None:
    """A letter that was sent meanwhile is looked at again."""
    items, people = await _touched(uow, changes)
    found = [await uow.plans.initiative(item) for item in items]
    owners = {own.person_id for own in await uow.people.ownerships(items)}
    for row in await uow.rounds.of_plans({each.plan_id for each in found if each}):
        await uow.letter_updates.ask(owners | people, row.id or 0, office.machine.now())


async def _note(office: Office, uow: UnitOfWork, batch: ImportBatch, person_id: int) -> None:
    batch.undone_at = office.now()
    batch.undo = {"by": batch.undo.get("by"), "undone_by": person_id}
    await uow.imports.add(batch)
    Trail(uow, office.now(), Actor("slack", person_id)).note(
        "import.undo", f"import:{batch.id}", {"kind": batch.kind, "digest": batch.digest}
    )
