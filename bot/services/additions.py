"""Items that join a plan during the year, with their owners."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.domain import people
from bot.domain.calendar import fiscal_year_of
from bot.domain.errors import AccessDenied, InvalidAnswers
from bot.domain.form import Form, Scope
from bot.domain.people import Viewer
from bot.domain.plan_fields import Half
from bot.domain.plans import TEXT_COLUMNS, PlanState
from bot.domain.units import fold_name
from bot.services import viewers
from bot.services.actors import Actor
from bot.services.exemptions import exemptable
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import additions as views
from bot.views.additions import (
    Added,
    AdditionForm,
    TypedItem,
)
from storage.models import IndicatorRow, Initiative, Ownership, Person, Plan, Unit
from storage.unit_of_work import UnitOfWork


async def open_form(office: Office, caller: Caller, plan_id: int) -> AdditionForm:
    """The form for a new item; AccessDenied for all but the unit's coordinator."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        plan, unit = await _plan(uow, viewer, plan_id)
        items = await uow.plans.initiatives(plan_id)
        return AdditionForm(
            plan_id=plan_id,
            title=_title(plan, unit, office.forms[plan.form]),
            items=len(items),
            code=str(max((item.number for item in items), default=0) + 1),
            today=office.today(),
            sections={row.id or 0: row.name for row in await uow.units.sections(unit.id or 0)},
            rounds=tuple(await exemptable(uow, office, plan)),
            item=office.forms[plan.form].item,
            texts=_texts_of(office.forms[plan.form]),
            indicator=_indicator_of(office.forms[plan.form]),
        )


def _texts_of(form: Form) -> tuple[tuple[str, str], ...]:
    """What is typed of a new item: the texts that stand under a label."""
    fields = [each for each in form.plan_fields if each.half is not Half.HEAD and each.labelled]
    return tuple((each.key, each.label) for each in fields)


def _indicator_of(form: Form) -> str:
    return form.indicator if Scope.INDICATOR in form.scopes else ""


async def add(office: Office, caller: Caller, typed: TypedItem) -> Added:
    """Store a new item at the end of its plan, once however often it comes.

    Its owner hears of it by the ladder of each round that runs. Raises InvalidAnswers for faults
    under fields, AccessDenied.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer = await viewers.registered(uow, caller, office.today())
        plan, unit = await _plan(uow, viewer, typed.plan_id)
        items = await uow.plans.initiatives(typed.plan_id)
        code = fold_name(typed.code)
        same = next((item for item in items if fold_name(item.code) == code), None)
        known = same is not None and (same.title, same.added_on) == (typed.title, typed.added_on)
        owner = await _owner(uow, caller.team_id, typed.owner)
        await _refuse_faults(uow, unit, plan, typed, taken=same is not None and not known)
        if not known:
            item = _initiative(typed, items, office.forms[plan.form])
            await uow.plans.add(item)
            await _add_indicators(uow, item, typed, office.forms[plan.form])
            if owner is not None:
                await _own(uow, item, owner, typed)
            Trail(uow, office.now(), Actor.of(viewer)).note(
                "item.add",
                f"initiative:{item.id}",
                {"plan": plan.id, "code": item.code, "owner": owner.id if owner else None},
            )
        added = Added(
            code=office.forms[plan.form].shown_code(typed.code),
            title=typed.title,
            plan_title=_title(plan, unit, office.forms[plan.form]),
            owner=owner.name if owner else "",
            asked=tuple(await _asked(uow, office, plan)),
            rounds=tuple(await exemptable(uow, office, plan)),
        )
        if not known:
            await uow.commit()
    return added


async def _plan(uow: UnitOfWork, viewer: Viewer, plan_id: int) -> tuple[Plan, Unit]:
    plan = await uow.plans.get(plan_id)
    unit = await uow.units.get(plan.unit_id) if plan else None
    if plan is None or unit is None or not people.is_coordinator(viewer, plan.unit_id):
        raise AccessDenied(views.MAY_NOT)
    return plan, unit


def _title(plan: Plan, unit: Unit, form: Form) -> str:
    return views.plan_title(unit.name, plan.last_year, form.name)


async def _asked(uow: UnitOfWork, office: Office, plan: Plan) -> list[str]:
    """The reviews of a plan that take answers today."""
    today, form = office.today(), office.forms[plan.form]
    return [
        form.stage(row.stage).title
        for row in await uow.rounds.of_plans([plan.id or 0])
        if plan.state == PlanState.FINAL and row.opens <= today <= row.closes
    ]


async def _refuse_faults(
    uow: UnitOfWork, unit: Unit, plan: Plan, typed: TypedItem, *, taken: bool
) -> None:
    faults = {}
    if not typed.code or taken:
        faults[views.CODE] = views.CODE_TAKEN if taken else views.CODE_MISSING
    if not typed.title:
        faults[views.NAME] = views.NAME_MISSING
    if typed.added_on is None:
        faults[views.ADDED_ON] = views.DAY_MISSING
    elif not plan.first_year <= fiscal_year_of(typed.added_on) <= plan.last_year:
        faults[views.ADDED_ON] = views.day_of_other_year(plan.first_year, plan.last_year)
    known = {row.id for row in await uow.units.sections(unit.id or 0)}
    if typed.section_id is not None and typed.section_id not in known:
        faults[views.SECTION] = views.SECTION_GONE
    if faults:
        raise InvalidAnswers(faults)


async def _owner(uow: UnitOfWork, team_id: str, slack_user_id: str) -> Person | None:
    if not slack_user_id:
        return None
    found = await uow.people.by_account(team_id, slack_user_id, active=True)
    if found is None:
        raise InvalidAnswers({views.OWNER: views.OWNER_UNKNOWN})
    return found


def _initiative(typed: TypedItem, items: Iterable[Initiative], form: Form) -> Initiative:
    details = {key for key, _ in _texts_of(form)} - set(TEXT_COLUMNS)
    columns: dict[str, Any] = {key: typed.texts.get(key) for key in TEXT_COLUMNS}
    last = max((item.position for item in items), default=0)
    return Initiative(
        plan_id=typed.plan_id,
        code=typed.code,
        position=last + 1,
        number=int(typed.code) if re.fullmatch(r"[0-9]{1,6}", typed.code) else last + 1,
        title=typed.title,
        added_on=typed.added_on,
        **columns,
        details={key: text for key, text in typed.texts.items() if key in details},
    )


async def _add_indicators(uow: UnitOfWork, item: Initiative, typed: TypedItem, form: Form) -> None:
    for place, (name, target) in enumerate(typed.indicators if _indicator_of(form) else (), 1):
        row = IndicatorRow(
            initiative_id=item.id or 0, position=place, name=name, target=target or None
        )
        await uow.plans.add(row)


async def _own(uow: UnitOfWork, item: Initiative, owner: Person, typed: TypedItem) -> None:
    await uow.people.add(
        Ownership(
            initiative_id=item.id or 0,
            person_id=owner.id or 0,
            section_id=typed.section_id,
            valid_from=typed.added_on,
        )
    )
