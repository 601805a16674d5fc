"""Where a round is set: a plan's review and its unit, and the same review of other units."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import people
from bot.domain.calendar import OfficeCalendar
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.form import Form
from bot.domain.people import Viewer
from bot.domain.rounds import RoundDates, default_dates
from bot.services import round_state
from bot.services.office import Office
from bot.services.rounds import new_round
from bot.views import entry_words
from bot.views import round_settings as views
from bot.views.targets import RoundTarget
from bot.views.typed_rounds import TypedRound
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Place:
    """A review of a plan, with its round where there is one."""

    unit: Unit
    plan: Plan
    form: Form
    stage: str
    row: ReviewRound | None
    calendar: OfficeCalendar

    @property
    def usual(self) -> RoundDates:
        """The dates that such a round usually has."""
        return default_dates(self.form.stage(self.stage), self.plan.last_year, self.calendar)

    @property
    def title(self) -> str:
        """「あおぞら区　令和8年度 中間振り返り」, plain text."""
        row = self.row or new_round(self.plan.id or 0, self.stage, self.usual)
        round_ = round_state.to_round(row, self.plan, self.form, self.unit)
        return round_state.round_info(round_, self.unit, self.form).full_title


async def place_at(uow: UnitOfWork, office: Office, viewer: Viewer, target: RoundTarget) -> Place:
    """What a button means; NotFound, and AccessDenied for all but the unit's coordinator."""
    row = await uow.rounds.get(target.round_id) if target.round_id else None
    plan = await uow.plans.get(row.plan_id if row else target.plan_id)
    if plan is None or (target.round_id and row is None):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    unit = await _unit(uow, viewer, plan.unit_id)
    form = office.forms[plan.form]
    stage = row.stage if row else target.stage or await _next_stage(uow, office, plan, form)
    return await _at(uow, unit, plan, form, stage)


async def place_of(uow: UnitOfWork, office: Office, viewer: Viewer, typed: TypedRound) -> Place:
    """What a form was about; raises the same."""
    plan = await uow.plans.get(typed.plan_id)
    if plan is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    unit = await _unit(uow, viewer, plan.unit_id)
    return await _at(uow, unit, plan, office.forms[plan.form], typed.stage)


async def _at(uow: UnitOfWork, unit: Unit, plan: Plan, form: Form, stage: str) -> Place:
    if all(each.key != stage for each in form.stages):
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    row = await uow.rounds.find(plan.id or 0, stage)
    closures = (await uow.units.closures([plan.unit_id]))[plan.unit_id]
    return Place(unit, plan, form, stage, row, OfficeCalendar(closures))


async def _unit(uow: UnitOfWork, viewer: Viewer, unit_id: int) -> Unit:
    unit = await uow.units.get(unit_id)
    if unit is None or not people.is_coordinator(viewer, unit_id):
        raise AccessDenied(views.MAY_NOT)
    return unit


async def _next_stage(uow: UnitOfWork, office: Office, plan: Plan, form: Form) -> str:
    """The review that comes next among those without a round."""
    stored = {row.stage for row in await uow.rounds.of_plans([plan.id or 0])}
    left = [stage for stage in form.stages if stage.key not in stored] or list(form.stages)
    calendar = OfficeCalendar()
    coming = [
        stage
        for stage in left
        if default_dates(stage, plan.last_year, calendar).closes >= office.today()
    ]
    return (coming or left[-1:])[0].key


async def places_of(
    uow: UnitOfWork, office: Office, viewer: Viewer, typed: TypedRound
) -> list[Place]:
    """The unit itself, then the further ones that were chosen, in official order.

    Raises as ``place_of`` does, for each of them.
    """
    first = await place_of(uow, office, viewer, typed)
    found = {each.unit.id: each for each in await alike(uow, office, viewer, first)}
    if any(unit_id not in found for unit_id in typed.others):
        raise AccessDenied(views.MAY_NOT)
    return [first, *(each for key, each in found.items() if key in typed.others)]


async def alike(uow: UnitOfWork, office: Office, viewer: Viewer, place: Place) -> list[Place]:
    """The same review of other units that the person coordinates, in official order."""
    mine = {
        grant.unit_id
        for grant in viewer.grants
        if grant.unit_id != place.unit.id and grant.unit_id is not None
    }
    units = [unit for unit in await uow.units.all() if unit.id in mine] if mine else []
    found = []
    for unit in units:
        if not people.is_coordinator(viewer, unit.id or 0):
            continue
        plan = await uow.plans.find(unit.id or 0, place.plan.form, place.plan.last_year)
        if plan is not None:
            found.append(await _at(uow, unit, plan, office.forms[plan.form], place.stage))
    return found
