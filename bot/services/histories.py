"""An item's history for who may read it: on a screen, or as a file."""

from __future__ import annotations

import re

from bot.domain import people
from bot.domain.calendar import era_year
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.people import Refusal, Viewer
from bot.services import history_rows, units, viewers
from bot.services.actors import Actor
from bot.services.history_events import Subject, history_of
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat, ExportTable, render_in_child
from bot.slack.uploads import Upload
from bot.views import entry_words
from bot.views import histories as views
from bot.views.histories import History
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.targets import HistoryTarget
from storage.unit_of_work import UnitOfWork

# What names of files do not take.
_UNFIT_FOR_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


async def open_history(office: Office, caller: Caller, target: HistoryTarget) -> History:
    """Everything about one item, for who may read it. Raises AccessDenied or NotFound."""
    async with office.database.read() as uow:
        subject = await subject_for(uow, office, caller, target)
        return await history_of(uow, subject, target)


async def export(
    office: Office,
    caller: Caller,
    target: HistoryTarget,
    format: ExportFormat,  # noqa: A002 - the option's name
) -> tuple[History, Upload]:
    """The same, and a file of it, made in a child process; it is noted who asked.

    Raises AccessDenied or NotFound, NotRendered.
    """
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        subject = await subject_for(uow, office, caller, target)
        history = await history_of(uow, subject, target)
        Trail(uow, office.now(), Actor.of(viewer)).note("history.export", subject.key)
        await uow.commit()
    table = history_rows.table_of(history)
    return history, await file_of("履歴", subject, history.code, table, format)


async def file_of(
    kind: str,
    subject: Subject,
    code: str,
    table: ExportTable,
    format: ExportFormat,  # noqa: A002 - the option's name
) -> Upload:
    """「履歴_あおぞら区_令和8年度_7.xlsx」, made in a child process. Raises NotRendered."""
    called = f"{kind}_{subject.unit_name}_{era_year(subject.plan.last_year)}_{code}"
    name = f"{_UNFIT_FOR_NAMES.sub('_', called)}.{format.value}"
    return Upload(name, await render_in_child(table, format), title=name)


async def of_item(office: Office, ward: str, code: str, *, year: int) -> ExportTable:
    """The history of the item that a unit's plan of that year prints under this code.

    Raises NotFound when there is no such unit, plan or item.
    """
    async with office.database.read() as uow:
        unit = await units.find(uow, ward)
        for plan in await uow.plans.in_year(unit.id or 0, year):
            for each in await uow.plans.initiatives(plan.id or 0):
                if each.code == code:
                    target = HistoryTarget(0, each.id or 0)
                    subject = await _subject(uow, office, target)
                    return history_rows.table_of(await history_of(uow, subject, target))
    raise NotFound(f"{unit.name}の{era_year(year)}の計画に、番号{code}の項目はありません。")


async def subject_for(
    uow: UnitOfWork, office: Office, caller: Caller, target: HistoryTarget
) -> Subject:
    """What a history is of, if this person may read it today.

    Raises AccessDenied or NotFound.
    """
    today = office.today()
    viewer = await viewers.registered(uow, caller, today)
    subject = await _subject(uow, office, target)
    access = people.Item(
        subject.id,
        subject.plan.unit_id,
        frozenset(own.section_id for own in subject.owned_on(today) if own.section_id),
    )
    if not people.may_read_history(viewer, access):
        raise AccessDenied(_refusal(viewer, subject))
    return subject


def _refusal(viewer: Viewer, subject: Subject) -> str:
    if people.may_see_counts(viewer, subject.plan.unit_id):
        return views.MAY_NOT_READ
    facts = RefusalFacts(subject.unit_name, subject.contact, subject.extension)
    return refusal_words(Refusal.OTHER_UNIT, facts)


async def _subject(uow: UnitOfWork, office: Office, target: HistoryTarget) -> Subject:
    initiative = await uow.plans.initiative(target.initiative_id) if target.initiative_id else None
    row = await uow.rounds.get(target.round_id) if target.round_id else None
    plan_id = row.plan_id if row else initiative.plan_id if initiative else 0
    plan = await uow.plans.get(plan_id)
    unit = await uow.units.get(plan.unit_id) if plan else None
    if plan is None or unit is None or bool(row) != bool(target.round_id):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if bool(initiative) != bool(target.initiative_id):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if initiative is not None and initiative.plan_id != plan.id:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    owned = await uow.people.ownerships([initiative.id or 0]) if initiative else []
    form = office.forms[plan.form]
    return Subject(plan, unit.name, unit.contact, unit.extension, form, initiative, owned)
