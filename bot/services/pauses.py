"""Letting a unit's letters rest, for an election or a disaster, and going on before time."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.errors import Refused
from bot.services.office import Office
from bot.services.units import find, pause_on
from storage.models import Unit
from storage.unit_of_work import UnitOfWork


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
        await _set(office, uow, unit, "unit.pause", until)
        await uow.commit()
    return unit.name


async def resume_unit(office: Office, text: str) -> tuple[str, bool]:
    """End a unit's pause: the unit's name, and whether its letters were resting.

    The pause then ended yesterday: what is due today is sent, what was due before is not.
    """
    async with office.database.begin() as uow:
        unit = await find(uow, text)
        if pause_on(unit, office.today()) is None:
            return unit.name, False
        await _set(office, uow, unit, "unit.resume", office.today() - timedelta(days=1))
        await uow.commit()
    return unit.name, True


async def _set(office: Office, uow: UnitOfWork, unit: Unit, action: str, until: date) -> None:
    unit.paused_until = until
    await uow.units.add(unit)
    uow.audit.note(
        action,
        at=office.now(),
        actor="cli",
        subject=f"unit:{unit.id}",
        detail={"until": until.isoformat()},
    )
