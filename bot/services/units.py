"""Units: finding the one that a person names, adding one, and setting what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.errors import NotFound, Refused
from bot.domain.people import Viewer
from bot.domain.reminders import falls_in_pause
from bot.domain.units import Match, UnitKind, UnitName, fold_name, match
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.trails import Trail
from storage.models import Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class UnitFacts:
    """A unit with its sections and closures, for a list."""

    name: UnitName
    kind: str
    contact: str
    extension: str
    sections: tuple[str, ...]
    closures: tuple[date, ...]
    paused_until: date | None = None  # None unless the letters rest today


@dataclass(frozen=True)
class UnitChange:
    """What to set; None leaves it as it is. Sections are added, never taken away."""

    name: str | None = None
    kana: str | None = None
    contact: str | None = None
    extension: str | None = None
    sections: tuple[str, ...] = ()
    closures: tuple[date, ...] | None = None  # all of them
    close: tuple[date, ...] = ()  # further ones
    reopen: tuple[date, ...] = field(default=())  # no longer ones


async def names(uow: UnitOfWork) -> list[UnitName]:
    """What every unit is called, in official order."""
    return [unit_name(unit) for unit in await uow.units.all()]


def unit_name(unit: Unit) -> UnitName:
    """What a stored unit is called."""
    return UnitName(unit.id or 0, unit.code, unit.name, unit.kana)


async def find(uow: UnitOfWork, text: str) -> Unit:
    """The unit that a text names. Raises NotFound, with the candidates when there are several."""
    known = await uow.units.all()
    found = match(text, [unit_name(unit) for unit in known])
    if found.unit is None:
        raise NotFound(mismatch(text, found))
    return next(unit for unit in known if unit.id == found.unit.id)


async def named(office: Office, text: str) -> Unit:
    """The same, looked up on its own."""
    async with office.database.read() as uow:
        return await find(uow, text)


def own_id(viewer: Viewer) -> int | None:
    """The unit whose contact somebody is given: that of a role of theirs, else of their items."""
    ids = [grant.unit_id for grant in viewer.grants if grant.unit_id] + sorted(viewer.owner_units)
    return ids[0] if ids else None


async def own(uow: UnitOfWork, viewer: Viewer) -> Unit | None:
    """The same unit as it is stored."""
    unit_id = own_id(viewer)
    return await uow.units.get(unit_id) if unit_id else None


def mismatch(text: str, found: Match) -> str:
    """Why a text names no unit, and what to do next."""
    if not found.candidates:
        return f"「{text}」という区は見つかりませんでした。例：西区"
    candidates = "、".join(unit.name for unit in found.candidates)
    return (
        f"「{text}」に当てはまる区が{len(found.candidates)}つあります。"
        f"どれかにしてください：{candidates}"
    )


async def section_id(uow: UnitOfWork, unit_id: int, name: str) -> int:
    """The section of that name in any width and spacing, entered if it is new."""
    for section in await uow.units.sections(unit_id):
        if fold_name(section.name) == fold_name(name):
            return section.id or 0
    return (await uow.units.section(unit_id, name)).id or 0


def pause_on(unit: Unit, today: date) -> date | None:
    """The last day of the pause in which the unit's letters rest today, None when they do not."""
    return unit.paused_until if falls_in_pause(today, unit.paused_until) else None


async def list_units(office: Office) -> list[UnitFacts]:
    """Every unit in official order."""
    async with office.database.read() as uow:
        units = await uow.units.all()
        closures = await uow.units.closures([unit.id or 0 for unit in units])
        return [await _facts(uow, unit, closures, office.today()) for unit in units]


async def add_unit(office: Office, *, name: str, code: str, kana: str, kind: UnitKind) -> bool:
    """Add a unit after the last one; False when it is there already, just so.

    Raises Refused when another unit has its name or its code.
    """
    async with office.database.begin() as uow:
        known = await uow.units.all()
        rival = next((unit for unit in known if unit.name == name or unit.code == code), None)
        wanted = (name, code, kana, kind.value)
        if rival is not None:
            if (rival.name, rival.code, rival.kana, rival.kind) == wanted:
                return False
            raise Refused(_taken(rival))
        position = max((unit.position for unit in known), default=0) + 1
        unit = Unit(name=name, code=code, kana=kana, kind=kind.value, position=position)
        await uow.units.add(unit)
        Trail(uow, office.now(), COMMAND_LINE).note("unit.add", f"unit:{unit.id}", {"code": code})
        await uow.commit()
    return True


async def set_unit(office: Office, text: str, change: UnitChange) -> tuple[str, tuple[str, ...]]:
    """Set what is known of a unit: its name afterwards, and the fields that changed.

    Raises NotFound when there is no such unit, and Refused when another has the new name.
    """
    async with office.database.begin() as uow:
        unit = await find(uow, text)
        changed = await carry_out(office, uow, unit, change)
        if changed:
            await uow.commit()
        return unit.name, changed


async def carry_out(
    office: Office, uow: UnitOfWork, unit: Unit, change: UnitChange, by: Actor = COMMAND_LINE
) -> tuple[str, ...]:
    """The same in a unit of work of the caller's, who commits; the fields that changed."""
    if change.name is not None:
        await _refuse_taken(uow, change.name, unit)
    changed = [
        *_set_texts(unit, change),
        *await _add_sections(uow, unit, change.sections),
        *await _set_closures(uow, unit, change),
    ]
    if changed:
        await uow.units.add(unit)
        Trail(uow, office.now(), by).note("unit.set", f"unit:{unit.id}", {"fields": changed})
    return tuple(changed)


def _taken(rival: Unit) -> str:
    return (
        f"同じ名前かコードの区・局がすでにあります：{rival.name}(コード {rival.code})。"
        "その内容を変えるには kaikaku units set を使ってください。"
    )


async def _refuse_taken(uow: UnitOfWork, name: str, unit: Unit) -> None:
    for rival in await uow.units.all():
        if rival.name == name and rival.id != unit.id:
            raise Refused(_taken(rival))


def _set_texts(unit: Unit, change: UnitChange) -> list[str]:
    changed = []
    for key in ("name", "kana", "contact", "extension"):
        wanted = getattr(change, key)
        if wanted is not None and wanted != getattr(unit, key):
            setattr(unit, key, wanted)
            changed.append(key)
    return changed


async def _add_sections(uow: UnitOfWork, unit: Unit, wanted: Sequence[str]) -> list[str]:
    before = len(await uow.units.sections(unit.id or 0))
    for name in wanted:
        await section_id(uow, unit.id or 0, name)
    return ["sections"] if len(await uow.units.sections(unit.id or 0)) > before else []


async def _set_closures(uow: UnitOfWork, unit: Unit, change: UnitChange) -> list[str]:
    unit_id = unit.id or 0
    stored = (await uow.units.closures([unit_id]))[unit_id]
    base = stored if change.closures is None else frozenset(change.closures)
    wanted = (base | set(change.close)) - set(change.reopen)
    if wanted == stored:
        return []
    await uow.units.set_closures(unit_id, wanted)
    return ["closures"]


async def _facts(
    uow: UnitOfWork, unit: Unit, closures: Mapping[int, frozenset[date]], today: date
) -> UnitFacts:
    unit_id = unit.id or 0
    return UnitFacts(
        name=unit_name(unit),
        kind=unit.kind,
        contact=unit.contact,
        extension=unit.extension,
        sections=tuple(section.name for section in await uow.units.sections(unit_id)),
        closures=tuple(sorted(closures[unit_id])),
        paused_until=pause_on(unit, today),
    )
