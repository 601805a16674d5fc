"""Rows for tests, with sensible defaults: a test names only what it is about.

The ward is あおぞら区, which does not exist; its round is the mid-year review of FY2026.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.letters import LetterKind, LetterState, scheduled_key
from bot.domain.people import Role
from bot.domain.rounds import RoundDates
from storage.models import (
    Account,
    IndicatorRow,
    Initiative,
    Ownership,
    Person,
    Plan,
    ReviewRound,
    RoleGrant,
    Unit,
)
from storage.unit_of_work import UnitOfWork

TEAM = "T0001"
WARD = "あおぞら区"
SECTION = "保健福祉課"
FISCAL_YEAR = 2026
MID_YEAR_DATES = RoundDates(
    opens=date(2026, 9, 1),
    due=date(2026, 9, 18),
    closes=date(2026, 10, 1),
    publishes=date(2026, 10, 5),
)


@dataclass(frozen=True)
class Ward:
    """What ``seed_ward`` made: the ids of its rows, by what they are to each other.

    ``people`` and ``accounts`` (Slack user ids) are by name of the part they play: owner, deputy,
    manager (of the section), unit_manager, coordinator, observer.
    """

    unit_id: int
    section_id: int
    plan_id: int
    round_id: int
    initiatives: tuple[int, ...]
    people: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> int:
        """The person who owns every initiative."""
        return self.people["owner"]


async def add_unit(uow: UnitOfWork, **changes: Any) -> int:
    """A unit that is none of the 24 wards."""
    values = {
        "code": "aozora",
        "name": WARD,
        "kana": "あおぞらく",
        "position": 25,
        "contact": "総務課(区政企画)",
        "extension": "1234",
    }
    unit = await uow.units.add(Unit(**{**values, **changes}))
    return known(unit.id)


async def add_section(uow: UnitOfWork, unit_id: int, name: str = SECTION) -> int:
    """A section of a unit."""
    return known((await uow.units.section(unit_id, name)).id)


async def add_plan(uow: UnitOfWork, unit_id: int, **changes: Any) -> int:
    """A final 様式3 of FY2026; ``year`` sets its first and last year at once."""
    year = changes.pop("year", FISCAL_YEAR)
    values = {"form": "youshiki3", "first_year": year, "last_year": year, "state": "final"}
    plan = Plan(unit_id=unit_id, **{"name": "市政改革プラン", **values, **changes})
    await uow.plans.add(plan)
    return known(plan.id)


async def add_initiative(uow: UnitOfWork, plan_id: int, position: int = 1, **changes: Any) -> int:
    """An initiative with its target and its activities; its number is its position."""
    values = {
        "code": str(position),
        "number": position,
        "title": f"取組その{position}",
        "target": "年12回開催する。",
        "activities": "毎月1回、講座を開く。",
    }
    initiative = Initiative(plan_id=plan_id, position=position, **{**values, **changes})
    await uow.plans.add(initiative)
    return known(initiative.id)


async def add_indicator(
    uow: UnitOfWork, initiative_id: int, position: int = 1, name: str = "参加した人の割合"
) -> int:
    """An indicator below an initiative."""
    row = IndicatorRow(initiative_id=initiative_id, position=position, name=name)
    await uow.plans.add(row)
    return known(row.id)


async def add_person(
    uow: UnitOfWork,
    name: str = "山田",
    *,
    account: str | None = None,
    email: str | None = None,
    team: str = TEAM,
) -> int:
    """A person; ``account`` is a Slack user id, without which there is none."""
    person = Person(name=name, email=email)
    await uow.people.add(person)
    person_id = known(person.id)
    if account:
        await uow.people.add(Account(person_id=person_id, team_id=team, slack_user_id=account))
    return person_id


async def add_grant(
    uow: UnitOfWork, person_id: int, role: Role, unit_id: int | None, **changes: Any
) -> int:
    """A role, always valid unless told."""
    grant = RoleGrant(person_id=person_id, role=role.value, unit_id=unit_id, **changes)
    await uow.people.add(grant)
    return known(grant.id)


async def add_ownership(uow: UnitOfWork, initiative_id: int, person_id: int, **changes: Any) -> int:
    """Who answers for an initiative, always valid unless told."""
    own = Ownership(initiative_id=initiative_id, person_id=person_id, **changes)
    await uow.people.add(own)
    return known(own.id)


async def add_round(
    uow: UnitOfWork,
    plan_id: int,
    stage: str = "mid-year",
    *,
    dates: RoundDates = MID_YEAR_DATES,
    **changes: Any,
) -> int:
    """A round with the usual dates of FY2026's mid-year review."""
    row = ReviewRound(
        plan_id=plan_id,
        stage=stage,
        opens=dates.opens,
        due=dates.due,
        closes=dates.closes,
        publishes=dates.publishes,
        **{"contact": "総務課(区政企画)", "extension": "1234", "ladder": {}, **changes},
    )
    return known((await uow.rounds.add(row)).id)


def letter_values(person_id: int, day: date = MID_YEAR_DATES.opens, **changes: Any) -> Any:
    """A scheduled notice that can be sent from 00:30 UTC (09:30 in Japan) of its day."""
    kind = changes.get("kind", LetterKind.NOTICE)
    values = {
        "key": scheduled_key(kind, person_id, day),
        "token": uuid.uuid4().hex,
        "kind": kind,
        "person_id": person_id,
        "day": day,
        "team_id": TEAM,
        "slack_user_id": "UOWNER",
        "state": LetterState.PENDING.value,
        "next_try_at": datetime.combine(day, time(0, 30), tzinfo=UTC),
        "text": "",
        "item_ids": [],
    }
    return {**values, **changes}


async def seed_ward(
    uow: UnitOfWork,
    *,
    initiatives: int = 3,
    unit: Mapping[str, Any] | None = None,
    plan: Mapping[str, Any] | None = None,
    stage: str = "mid-year",
    dates: RoundDates = MID_YEAR_DATES,
    account_prefix: str = "U",
) -> Ward:
    """A ward with a plan, its people and an open round; the caller commits.

    One owner with a deputy answers for all initiatives, in one section. A second ward in the same
    database needs a ``unit`` of another code and name, and another ``account_prefix``.
    """
    unit_id = await add_unit(uow, **(unit or {}))
    section_id = await add_section(uow, unit_id)
    plan_id = await add_plan(uow, unit_id, **(plan or {}))
    items = [await add_initiative(uow, plan_id, n) for n in range(1, initiatives + 1)]
    accounts = {part: f"{account_prefix}{part.upper().replace('_', '')}" for part in _PARTS}
    people = {
        part: await add_person(uow, name, account=accounts[part]) for part, name in _PARTS.items()
    }
    for item in items:
        own = {"deputy_id": people["deputy"], "section_id": section_id}
        await add_ownership(uow, item, people["owner"], **own)
    await add_grant(uow, people["manager"], Role.MANAGER, unit_id, section_id=section_id)
    await add_grant(uow, people["unit_manager"], Role.MANAGER, unit_id)
    await add_grant(uow, people["coordinator"], Role.COORDINATOR, unit_id)
    await add_grant(uow, people["observer"], Role.OBSERVER, None)
    round_id = await add_round(uow, plan_id, stage, dates=dates)
    return Ward(unit_id, section_id, plan_id, round_id, tuple(items), people, accounts)


_PARTS = {
    "owner": "山田",
    "deputy": "佐藤",
    "manager": "鈴木",
    "unit_manager": "高橋",
    "coordinator": "田中",
    "observer": "伊藤",
}


def known(row_id: int | None) -> int:
    """The id of a row that is stored."""
    assert row_id is not None
    return row_id
