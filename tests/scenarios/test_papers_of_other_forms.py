"""From a paper of another form to its round: plan, modal, status and export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.errors import InvalidAnswers
from bot.domain.forms.form_files import load_forms
from bot.domain.people import UNIT_ITEM, Role
from bot.domain.plans import SheetPlan
from bot.domain.rounds import RoundDates
from bot.services import checkins, export, status
from bot.services.checkins import Stored
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import import_plans
from bot.services.viewers import Caller
from bot.sheets.files import read
from bot.views import checkin_form
from bot.views.status import UnitStatus
from bot.views.targets import Target
from storage.database import Database
from tests.bot.sheets.samples import sample
from tests.builders import TEAM, add_grant, add_ownership, add_person, add_round, add_unit
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.test_other_forms import fill

pytestmark = EITHER_KIND

DATES = RoundDates(date(2026, 9, 1), date(2026, 9, 18), date(2026, 9, 30), date(2026, 10, 5))
OWNER, COORDINATOR = Caller(TEAM, "UOWNER"), Caller(TEAM, "UCOORD")
YEARS = {"vision": 2019, "policy": 2020, "outcome": 2024, "committee": 2026}


@dataclass(frozen=True)
class Desk:
    """An office with a plan of one form, whose round is open."""

    office: Office
    form: str
    unit_id: int
    round_id: int
    items: dict[str, int]  # by code

    async def answer(self, caller: Caller, item: int, **typed: str) -> Any:
        """Open the modal, fill in what is named, leave the rest, and submit."""
        entry = await checkins.open_entry(self.office, caller, Target(self.round_id, item))
        given = {each.key: typed.get(each.key.replace("@", "_at_"), "") for each in entry.fields}
        view = checkin_form.build(entry)
        return await checkins.submit(
            self.office, caller, checkin_form.read(fill(view, {**given, **typed}))
        )

    async def status(self) -> UnitStatus:
        """What the coordinator sees."""
        found = await status.of_unit(self.office, COORDINATOR, self.unit_id)
        assert isinstance(found, UnitStatus)
        return found

    async def exported(self) -> dict[str, Any]:
        """The record of the plan."""
        year = YEARS[self.form]
        table = await export.export_plan(self.office, "あおぞら区", year=year, form_key=self.form)
        assert isinstance(table.record, dict)
        return table.record


def blank(form: str) -> SheetPlan:
    """The form's paper before anybody has answered."""
    (plan,) = read(sample(form).encode())
    items = tuple(replace(each, answers={}) for each in plan.initiatives)
    return replace(plan, initiatives=items, answers={})


async def desk_of(database: Database, form: str, stage: str) -> Desk:
    """A ward that has taken in the form's paper, nothing of it answered yet."""
    clock = SetClock(datetime(2026, 9, 3, 1, 0, tzinfo=UTC))
    office = Office(database, clock, load_forms(), clock)
    async with database.begin() as uow:
        unit_id = await add_unit(uow)
        await uow.commit()
    await import_plans(office, [blank(form)], ImportOptions())
    async with database.begin() as uow:
        plan = await uow.plans.find(unit_id, form, YEARS[form])
        assert plan is not None
        items = {each.code: each.id or 0 for each in await uow.plans.initiatives(plan.id or 0)}
        owner = await add_person(uow, "山田", account=OWNER.user_id)
        for item in items.values():
            await add_ownership(uow, item, owner)
        coordinator = await add_person(uow, "田中", account=COORDINATOR.user_id)
        await add_grant(uow, coordinator, Role.COORDINATOR, unit_id)
        round_id = await add_round(uow, plan.id or 0, stage, dates=DATES)
        await uow.commit()
    return Desk(office, form, unit_id, round_id, items)


@EACH_KIND
async def test_a_vision_is_reviewed_row_by_row_with_what_it_aimed_at(database: Database) -> None:
    desk = await desk_of(database, "vision", "review")
    row = desk.items["1-1-1-2"]

    with pytest.raises(InvalidAnswers) as refused:
        await desk.answer(OWNER, row, achieved="", remaining="○参加者が固定している。")
    stored = await desk.answer(OWNER, row, achieved="○毎月掃除をした。")

    entry = await checkins.open_entry(desk.office, OWNER, Target(desk.round_id, row))
    shown = str(checkin_form.build(entry))
    seen = await desk.status()
    record = (await desk.exported())["initiatives"][1]
    assert list(refused.value.faults) == ["achieved"]
    assert isinstance(stored, Stored)
    assert "どの家からも歩いて10分のところに木陰がある状態" in shown
    assert "公園の掃除を続ける" in shown
    assert (seen.counts.submitted, seen.counts.total) == (1, 8)
    assert (record["code"], record["group"]) == ("1-1-1-2", "緑・水辺")
    assert record["review"]["achieved"] == "○毎月掃除をした。"


async def test_a_meeting_inside_the_office_asks_for_each_action_and_why_it_is_behind(
    database: Database,
) -> None:
    desk = await desk_of(database, "policy", "pdca-2")
    first, second = desk.items["1-1-1"], desk.items["1-3-2"]

    with pytest.raises(InvalidAnswers) as refused:
        await desk.answer(OWNER, first, progress="behind", report="")
    await desk.answer(OWNER, first, progress="behind", report="雨で2回延びた。11月に歩く。")
    await desk.answer(OWNER, second, progress="on-track")

    entry = await checkins.open_entry(desk.office, OWNER, Target(desk.round_id, first))
    seen = await desk.status()
    record = (await desk.exported())["initiatives"][1]
    assert list(refused.value.faults) == ["report"]
    assert ("予算額", "1,250千円") in entry.plan
    assert seen.counts.marks["progress"] == {"on-track": 1, "behind": 1}
    assert (seen.counts.submitted, seen.counts.total) == (2, 3)
    assert (record["budget"], record["ward_cm_budget"]) == ("380", "4100")
    assert record["pdca_2"]["progress"] == "on-track"


async def test_the_policys_self_evaluation_is_asked_once_for_the_whole_ward(
    database: Database,
) -> None:
    desk = await desk_of(database, "policy", "year-end")
    words = {"results_and_next": "訓練を続けた。", "issues_and_improvements": "倉庫を直す。"}

    stored = await desk.answer(COORDINATOR, UNIT_ITEM, **words)

    seen = await desk.status()
    unit = (await desk.exported())["unit"]
    assert isinstance(stored, Stored)
    assert (seen.counts.submitted, seen.counts.total) == (1, 1)
    assert {key: unit["year_end"][key] for key in words} == words
    assert unit["details"]["goal"] == "雨の日も晴れの日も、顔の見える区"


async def test_an_opinion_that_is_not_reflected_needs_a_reason(database: Database) -> None:
    desk = await desk_of(database, "committee", "response")
    opinion = desk.items["1-3"]

    with pytest.raises(InvalidAnswers) as refused:
        await desk.answer(OWNER, opinion, reflected="no", action="協議を続ける。", reason="なし")
    reason = "川の管理者との協議に時間がかかるため。"
    await desk.answer(OWNER, opinion, reflected="no", action="協議を続ける。", reason=reason)
    await desk.answer(COORDINATOR, UNIT_ITEM, rating="３人、５人、１人、０人", rating_comments="")

    seen = await desk.status()
    record = await desk.exported()
    assert list(refused.value.faults) == ["reason"]
    assert seen.counts.marks["reflected"] == {"yes": 0, "partly": 0, "no": 1}
    assert record["initiatives"][2]["response"]["reason"] == reason
    assert record["unit"]["response"]["rating"] == "3;5;1;0"
