"""Who lives in a simulated year: wards with two years' plans, their people, and their rounds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.calendar import OfficeCalendar
from bot.domain.people import Role
from bot.domain.rounds import RoundDates, default_dates
from bot.domain.youshiki3 import YOUSHIKI3
from storage.models import Account, Initiative
from storage.unit_of_work import UnitOfWork
from tests.builders import (
    add_grant,
    add_ownership,
    add_person,
    add_plan,
    add_round,
    add_section,
    add_unit,
    known,
)
from tests.simulation.slack import TEAM, title_of

FIRST_YEAR = 2025
ROUNDS = ((2025, "year-end"), (2026, "mid-year"), (2026, "year-end"))


@dataclass(frozen=True)
class Temper:
    """How somebody answers: ``willing``, chance a day; ``hasty``, of pressing more than once;
    ``wavering``, of coming back to correct; ``unsure``, of figures that are not final yet.
    """

    willing: float
    hasty: float
    wavering: float
    unsure: float


@dataclass
class Resident:
    """Somebody with a Slack account, or (``user`` empty) without one."""

    person_id: int
    user: str
    temper: Temper


@dataclass
class Ward:
    """One unit. ``plans`` by fiscal year; ``rounds`` by fiscal year and stage."""

    unit_id: int
    name: str
    owners: list[Resident] = field(default_factory=list)
    staff: dict[str, Resident] = field(default_factory=dict)
    plans: dict[int, int] = field(default_factory=dict)
    items: dict[int, list[int]] = field(default_factory=dict)
    rounds: dict[tuple[int, str], int] = field(default_factory=dict)
    edited_at: float = 0.0  # seconds: when its people, dates, closures or pause last changed

    @property
    def residents(self) -> list[Resident]:
        """Everybody, owners first."""
        return [*self.owners, *self.staff.values()]


@dataclass
class Town:
    """All wards, everybody by person id and by account, and the initiatives by their titles."""

    wards: list[Ward] = field(default_factory=list)
    titles: dict[int, int] = field(default_factory=dict)  # number in the title -> initiative

    @property
    def residents(self) -> dict[int, Resident]:
        """Everybody by person id."""
        return {each.person_id: each for ward in self.wards for each in ward.residents}

    def ward_of(self, unit_id: int) -> Ward:
        """The ward of a unit."""
        return next(ward for ward in self.wards if ward.unit_id == unit_id)


async def settle(uow: UnitOfWork, rng: random.Random, *, is_large: bool) -> Town:
    """Found a town: one office, or all twenty-four wards with little in each."""
    town = Town()
    if is_large:
        for unit in (await uow.units.all())[:24]:
            town.wards.append(Ward(known(unit.id), unit.name))
    else:
        town.wards.append(Ward(await add_unit(uow), "あおぞら区"))
    for ward in town.wards:
        await _people(uow, rng, ward, owners=1 if is_large else rng.randint(2, 5))
        for year in (FIRST_YEAR, FIRST_YEAR + 1):
            await _plan(uow, rng, town, ward, year, items=1 if is_large else rng.randint(2, 6))
        for year, stage in ROUNDS:
            await _round(uow, rng, ward, year, stage)
    return town


async def _people(uow: UnitOfWork, rng: random.Random, ward: Ward, *, owners: int) -> None:
    section_id = await add_section(uow, ward.unit_id)
    for number in range(owners):
        has_account = number == 0 or rng.random() > 0.1
        ward.owners.append(await _resident(uow, rng, ward, f"担当{number}", account=has_account))
    for part, role, scope in (
        ("manager", Role.MANAGER, section_id),
        ("unit_manager", Role.MANAGER, None),
        ("coordinator", Role.COORDINATOR, None),
    ):
        resident = await _resident(uow, rng, ward, part, account=True)
        ward.staff[part] = resident
        await add_grant(uow, resident.person_id, role, ward.unit_id, section_id=scope)
    ward.staff["head"] = await _resident(uow, rng, ward, "区長", account=True)


async def _resident(
    uow: UnitOfWork, rng: random.Random, ward: Ward, name: str, *, account: bool
) -> Resident:
    person_id = await add_person(uow, f"{name} {ward.unit_id}")
    user = f"U{person_id:05}" if account else ""
    if user:
        row = Account(person_id=person_id, team_id=TEAM, slack_user_id=user)
        await uow.people.add(row)
    temper = Temper(
        willing=rng.choice((0.0, 0.1, 0.4, 0.8)),
        hasty=rng.choice((0.0, 0.3)),
        wavering=rng.choice((0.0, 0.1)),
        unsure=rng.choice((0.0, 0.4)),
    )
    return Resident(person_id, user, temper)


async def _plan(
    uow: UnitOfWork, rng: random.Random, town: Town, ward: Ward, year: int, *, items: int
) -> None:
    plan_id = ward.plans[year] = await add_plan(uow, ward.unit_id, year=year)
    section_id = await add_section(uow, ward.unit_id)
    ward.items[year] = []
    for position in range(1, items + 1):
        number = len(town.titles) + 1
        initiative = Initiative(
            plan_id=plan_id,
            code=str(position),
            number=position,
            position=position,
            title=title_of(number),
            target="年12回開催する。",
        )
        await uow.plans.add(initiative)
        item = town.titles[number] = known(initiative.id)
        ward.items[year].append(item)
        await _own(uow, rng, ward, item, section_id)


async def _own(uow: UnitOfWork, rng: random.Random, ward: Ward, item: int, section_id: int) -> None:
    """Most items have an owner; one in fifteen has none."""
    if rng.random() < 0.07:
        return
    owner, *others = rng.sample(ward.owners, len(ward.owners))
    deputy = others[0].person_id if others and rng.random() < 0.3 else None
    await add_ownership(uow, item, owner.person_id, deputy_id=deputy, section_id=section_id)


async def _round(uow: UnitOfWork, rng: random.Random, ward: Ward, year: int, stage: str) -> None:
    dates: RoundDates = default_dates(YOUSHIKI3.stage(stage), year, OfficeCalendar())
    has_head = rng.random() < 0.3
    ladder: Mapping[str, object] = (
        {"ward_head_id": ward.staff["head"].person_id} if has_head else {}
    )
    ward.rounds[year, stage] = await add_round(
        uow, ward.plans[year], stage, dates=dates, ladder=ladder, levels=rng.choice((0, 1, 2))
    )
