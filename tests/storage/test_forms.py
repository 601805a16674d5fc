"""Answers to forms of other makes are stored and read back with no code changed."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.answers import settle
from bot.domain.checkins import State, state_of
from bot.domain.fields import Indicator, fields_of
from bot.domain.form import Scope
from storage.database import Database
from tests.builders import add_indicator, add_initiative, add_plan, add_unit
from tests.sample_forms import INDICATORS, TEXT_ONLY

NOW = datetime(2027, 4, 9, 1, 0, tzinfo=UTC)


async def test_marks_of_indicators_and_the_units_texts_are_stored(database: Database) -> None:
    stage = INDICATORS.stage("year-end")
    async with database.begin() as uow:
        plan = await add_plan(uow, await add_unit(uow), form=INDICATORS.key)
        initiative = await add_initiative(uow, plan)
        for position in (2, 1):
            await add_indicator(uow, initiative, position, f"指標{position}")
        rows = await uow.plans.indicators([initiative])
        fields = fields_of(stage, indicators=[Indicator(str(r.id), r.name) for r in rows])
        answers = {field.key: "A" if "mark" in field.key else "80%" for field in fields}
        overall = {"overall": "おおむね達成した。", "next": "続ける。"}
        for about, given in ((initiative, answers), (None, overall)):
            held = await uow.check_ins.locked(plan, about, stage.key, NOW)
            held.answers, held.revision = given, 1
            await uow.check_ins.add(held)
        await uow.commit()

    async with database.read() as uow:
        mine = await uow.check_ins.find(plan, initiative, stage.key)
        units = await uow.check_ins.find(plan, None, stage.key)
    assert [row.name for row in rows] == ["指標1", "指標2"]
    assert mine is not None
    assert units is not None
    assert state_of(fields, mine.answers) is State.SUBMITTED
    assert settle(fields, mine.answers) == answers
    assert state_of(fields_of(stage, Scope.UNIT), units.answers) is State.SUBMITTED


async def test_a_text_alone_is_stored(database: Database) -> None:
    stage = TEXT_ONLY.stage("year-end")
    async with database.begin() as uow:
        plan = await add_plan(uow, await add_unit(uow), form=TEXT_ONLY.key)
        initiative = await add_initiative(uow, plan)
        held = await uow.check_ins.locked(plan, initiative, stage.key, NOW)
        held.answers = {"review": "よくできた。"}
        await uow.check_ins.add(held)
        await uow.commit()

    async with database.read() as uow:
        (stored,) = await uow.check_ins.of_plan(plan, stage.key)
    assert state_of(fields_of(stage), stored.answers) is State.SUBMITTED
