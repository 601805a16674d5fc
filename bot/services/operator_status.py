"""How a unit stands, for an operator at the command line: all of it, whoever asks."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.calendar import OfficeCalendar
from bot.domain.rounds import default_dates
from bot.services import round_state
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.services.rounds import new_round
from bot.services.status import NoPlan, NoRound, choose_round
from bot.views.status import UnitStatus
from storage.models import ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


async def for_command_line(
    office: Office,
    unit: Unit,
    *,
    year: int | None,
    stage_key: str | None,
    today: date,
    form_key: str | None = None,
) -> RoundState | NoPlan | NoRound:
    """A unit's round as of a date, for an operator: everything, nobody's access in question.

    Answers that a sheet brought are counted where no round has been set, too.
    """
    async with office.database.read() as uow:
        chosen = await choose_round(
            uow, unit, today=today, year=year, stage_key=stage_key, form_key=form_key
        )
        if isinstance(chosen, NoPlan):
            return chosen
        row = chosen or await _unscheduled(
            uow, office, unit, year=year, stage_key=stage_key, form_key=form_key
        )
        if row is None:
            return NoRound(unit.name, None)
        return await round_state.load(uow, row, today=today, forms=office.forms)


async def _unscheduled(
    uow: UnitOfWork,
    office: Office,
    unit: Unit,
    *,
    year: int | None,
    stage_key: str | None,
    form_key: str | None,
) -> ReviewRound | None:
    """A round that is not stored, on the newest plan meant, with the usual dates of its stage."""
    for plan in await uow.plans.of_unit(unit.id or 0):
        if year is not None and not plan.first_year <= year <= plan.last_year:
            continue
        if form_key not in (None, plan.form):
            continue
        for stage in office.forms[plan.form].stages:
            if stage_key in (None, stage.key):
                calendar = OfficeCalendar((await uow.units.closures([unit.id or 0]))[unit.id or 0])
                dates = default_dates(stage, plan.last_year, calendar)
                return new_round(plan.id or 0, stage.key, dates)
    return None


def unrestricted(state: RoundState, now: datetime) -> UnitStatus:
    """A round's status with every text, for an operator at the command line."""
    return UnitStatus(
        round=state.info,
        counts=state.counts(),
        items=state.statuses,
        now=now,
        days_left=state.days_left,
        days_late=state.days_late,
        readable=frozenset(item.id for item in state.items),
    )
