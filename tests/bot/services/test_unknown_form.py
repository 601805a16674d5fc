"""A plan of a form that came after this process was started."""

from __future__ import annotations

import logging

import pytest

from tests.bot.services.conftest import Post
from tests.builders import add_initiative, add_ownership, add_person, add_plan, add_round, add_unit


@pytest.mark.parametrize(("form", "stage"), [("events", "mid-year"), ("youshiki3", "autumn")])
async def test_it_holds_up_no_other_wards_letters_and_the_log_says_what_to_do(
    post: Post, caplog: pytest.LogCaptureFixture, form: str, stage: str
) -> None:
    async with post.office.database.begin() as uow:
        unit = await add_unit(uow, name="みどり区", code="midori")
        plan = await add_plan(uow, unit, form=form)
        strange = await add_round(uow, plan, stage)
        item = await add_initiative(uow, plan)
        await add_ownership(uow, item, await add_person(uow, account="UEVENTS"))
        await uow.commit()

    await post.sweep("2026-09-01")

    assert len(post.messages("owner")) == 1
    complaints = [line for line in caplog.records if line.levelno == logging.ERROR]
    assert complaints
    assert {vars(line)["round"] for line in complaints} == {strange}
