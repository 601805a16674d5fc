"""Letting a unit's letters rest, for an election or a disaster, and going on before time."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain import people
from bot.domain.calendar import era_year
from bot.domain.errors import AccessDenied, InvalidAnswers, Refused
from bot.domain.people import Viewer
from bot.services import viewers
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.units import find, pause_on
from bot.services.viewers import Caller
from bot.views import pauses as views
from bot.views.pauses import PauseForm, TypedPause
from storage.models import Unit
from storage.unit_of_work import UnitOfWork

_AHEAD = timedelta(days=366)


async def pause_unit(office: Office, text: str, *, until: date) -> str:
    """Send nothing about a unit up to and including a Japanese date; the unit's name.

    What falls due by then is never made up for: afterwards the ladder goes on from the first step
    whose day comes after the pause. Figures that were to be confirmed meanwhile are asked for on
    the first business day after it, since no later step would.
    Letters written but not yet sent are withdrawn. Answers are taken as ever, and letters that
    were sent before are still updated with them. Raises Refused when the date has passed.
    """
    if until < office.today():
        raise Refused(f"{until} は過ぎています。今日以後の日付にしてください。")
    async with office.database.begin() as uow:
        unit = await find(uow, text)
        await _set(office, uow, unit, "unit.pause", until=until, by=COMMAND_LINE)
        await uow.commit()
    return unit.name


async def resume_unit(office: Office, text: str) -> tuple[str, bool]:
    """End a unit's pause: the unit's name, and whether its letters were resting.

    The pause then ended yesterday: what is due today is sent, what was due before is not.
    """
    async with office.database.begin() as uow:
        unit = await find(uow, text)
        return await _resumed(office, uow, unit, COMMAND_LINE)


async def open_form(office: Office, caller: Caller, unit_id: int) -> PauseForm:
    """Until when a unit's letters rest, and what comes.

    Raises AccessDenied for all but its coordinator.
    """
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        unit = await _unit(uow, viewer, unit_id)
        others = {
            each.id or 0: each.name
            for each in await uow.units.all()
            if each.id != unit_id and people.is_coordinator(viewer, each.id or 0)
        }
        coming = await _coming(uow, office, unit_id)
    return PauseForm(unit_id, unit.name, pause_on(unit, today), tuple(coming), others)


async def pause(office: Office, caller: Caller, typed: TypedPause) -> tuple[tuple[str, ...], date]:
    """Let the letters of one or several units rest, as ``pause_unit`` says; their names.

    Raises InvalidAnswers for a day that can't be, AccessDenied for a unit of others.
    """
    today = office.today()
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, today)
        units = [await _unit(uow, viewer, each) for each in (typed.unit_id, *typed.others)]
        until = _refuse_faults(typed.until, today)
        actor = Actor.of(viewer)
        for unit in units:
            if unit.paused_until != until:
                await _set(office, uow, unit, "unit.pause", until=until, by=actor)
        await uow.commit()
    return tuple(unit.name for unit in units), until


async def resume(office: Office, caller: Caller, unit_id: int) -> tuple[str, bool]:
    """End a unit's pause as ``resume_unit`` does; AccessDenied for all but its coordinator."""
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        unit = await _unit(uow, viewer, unit_id)
        return await _resumed(office, uow, unit, Actor.of(viewer))


def _refuse_faults(until: date | None, today: date) -> date:
    if until is None:
        raise InvalidAnswers({views.UNTIL: views.DAY_MISSING})
    if until < today:
        raise InvalidAnswers({views.UNTIL: views.DAY_PAST})
    if until > today + _AHEAD:
        raise InvalidAnswers({views.UNTIL: views.DAY_FAR})
    return until


async def _unit(uow: UnitOfWork, viewer: Viewer, unit_id: int) -> Unit:
    unit = await uow.units.get(unit_id)
    if unit is None or not people.is_coordinator(viewer, unit_id):
        raise AccessDenied(views.MAY_NOT)
    return unit


async def _coming(uow: UnitOfWork, office: Office, unit_id: int) -> list[tuple[str, date]]:
    """The unit's due dates and last days of entry from today on, the next first."""
    today = office.today()
    plans = {plan.id or 0: plan for plan in await uow.plans.of_unit(unit_id)}
    found = []
    for row in await uow.rounds.of_plans(plans):
        plan = plans[row.plan_id]
        title = f"{era_year(plan.last_year)} {office.forms[plan.form].stage(row.stage).title}"
        days = (("入力期限", row.due), ("入力できる最後の日", row.closes))
        found += [(f"{title}の{what}", day) for what, day in days if day >= today]
    return sorted(found, key=lambda each: each[1])


async def _resumed(office: Office, uow: UnitOfWork, unit: Unit, actor: Actor) -> tuple[str, bool]:
    if pause_on(unit, office.today()) is None:
        return unit.name, False
    ended = office.today() - timedelta(days=1)
    await _set(office, uow, unit, "unit.resume", until=ended, by=actor)
    await uow.commit()
    return unit.name, True


async def _set(
    office: Office, uow: UnitOfWork, unit: Unit, action: str, *, until: date, by: Actor
) -> None:
    unit.paused_until = until
    await uow.units.add(unit)
    Trail(uow, office.now(), by).note(action, f"unit:{unit.id}", {"until": until.isoformat()})
