"""The access table of rounds, pauses, items added and the digest, for each kind of person.

Only the unit's coordinator does any of it; ids of that unit, forged by anybody else into a button
or a form, change nothing and show nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.services import additions, digests, exemptions, pauses, round_changes
from bot.slack.delivery import Courier, connected
from bot.views.actions import (
    DIGEST_OPEN,
    EXEMPT_OPEN,
    ITEMS_OPEN,
    PAUSE_END,
    PAUSE_OPEN,
    ROUND_BACK,
    ROUND_CLOSE,
    ROUND_OPEN,
)
from bot.views.additions import TypedItem
from bot.views.digests import TypedDigest
from bot.views.exemptions import TypedExempt
from bot.views.pauses import TypedPause
from bot.views.targets import RoundTarget
from bot.views.typed_rounds import TypedRound
from tests.builders import add_plan, add_round
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling
from tests.scenarios.test_access_imports import OTHERS, caller, settle_the_rest

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRETS = ("山田", "取組その", "令和8年度", "1234", "保健福祉課")
EVERYBODY = pytest.mark.parametrize("part", OTHERS)


@asynccontextmanager
async def settled(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 in the middle of its round, and ひかり区, which has a coordinator of its own."""
    async with telling(database_url, way="socket") as told:
        await settle_the_rest(told)
        yield told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with settled(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with settled(sqlite_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def courier(asked: Story) -> AsyncIterator[Courier]:
    async with connected(token=asked.slack.bot_token, base_url=asked.slack.api_url) as found:
        yield found


def _buttons(story: Story) -> dict[str, str]:
    ward = story.ward
    return {
        ROUND_OPEN: str(ward.round_id),
        f"{ROUND_OPEN}:year-end": f"new:{ward.plan_id}:year-end",
        ROUND_CLOSE: str(ward.round_id),
        ROUND_BACK: "back",
        PAUSE_OPEN: str(ward.unit_id),
        PAUSE_END: str(ward.unit_id),
        DIGEST_OPEN: str(ward.unit_id),
        ITEMS_OPEN: str(ward.plan_id),
        EXEMPT_OPEN: str(ward.round_id),
    }


@EVERYBODY
async def test_no_button_opens_a_form_of_another_unit(asked: Story, part: str) -> None:
    before = dump(asked.database_url)

    for action_id, value in _buttons(asked).items():
        modal = await opened(asked, part, action_id, value)
        shown = "\n".join([modal.visible_text, *map(str, modal.blocks)])
        assert modal.submit_text is None, action_id
        assert [secret for secret in SECRETS if secret in shown] == [], action_id
        await modal.close()

    assert dump(asked.database_url) == before


@pytest.mark.parametrize("value", ["", "0", "999999", "new:", "new:1:nothing", "-1", "1:a", "１"])
async def test_no_value_of_their_own_making_changes_anything(asked: Story, value: str) -> None:
    before = dump(asked.database_url)

    for action_id in _buttons(asked):
        modal = await opened(asked, "coordinator", action_id, value or "x")
        assert modal.submit_text is None, action_id
        await modal.close()

    assert dump(asked.database_url) == before


@EVERYBODY
async def test_no_form_of_their_own_making_stores_anything(
    asked: Story, courier: Courier, part: str
) -> None:
    before = dump(asked.database_url)

    for act in _acts(asked, courier, part):
        with pytest.raises(KaikakuError):
            await act()

    assert dump(asked.database_url) == before


@pytest.mark.parametrize("part", ["coordinator", "other_coordinator"])
async def test_a_coordinator_takes_no_other_unit_along(story: Story, part: str) -> None:
    """あおぞら区's names ひかり区 beside the own unit, and the other way round."""
    ward = story.ward
    async with story.office.database.begin() as uow:
        other = next(unit.id or 0 for unit in await uow.units.all() if unit.name == "ひかり区")
        plan = await add_plan(uow, other)
        await add_round(uow, plan)
        await uow.commit()
    own, foreign = (ward.unit_id, other) if part == "coordinator" else (other, ward.unit_id)
    typed = _round(ward.plan_id if part == "coordinator" else plan)
    before = dump(story.database_url)
    who = caller(story, part)

    with pytest.raises(KaikakuError):
        await round_changes.look(story.office, who, replace(typed, others=(foreign,)))
    with pytest.raises(KaikakuError):
        await round_changes.change(story.office, who, replace(typed, others=(foreign,)))
    with pytest.raises(KaikakuError):
        await pauses.pause(story.office, who, TypedPause(own, date(2026, 9, 30), (foreign,)))

    assert dump(story.database_url) == before


def _acts(
    story: Story, courier: Courier, part: str
) -> list[Callable[[], Coroutine[Any, Any, object]]]:
    """What each form would do, whether or not it would open."""
    ward, office, who = story.ward, story.office, caller(story, part)
    item = TypedItem(ward.plan_id, "24", "もう一つの取組", date(2026, 9, 10))
    digest = TypedDigest(ward.unit_id, True, "C0KUSEI01", 0, True)
    round_ = _round(ward.plan_id)
    return [
        lambda: round_changes.look(office, who, round_),
        lambda: round_changes.retyped(office, who, round_),
        lambda: round_changes.change(office, who, round_),
        lambda: round_changes.open_form(office, who, RoundTarget(ward.round_id)),
        lambda: pauses.pause(office, who, TypedPause(ward.unit_id, date(2026, 9, 30))),
        lambda: pauses.resume(office, who, ward.unit_id),
        lambda: additions.add(office, who, item),
        lambda: exemptions.exempt(office, who, TypedExempt(ward.round_id, ward.initiatives)),
        lambda: digests.settle(office, courier, who, digest),
    ]


def _round(plan_id: int) -> TypedRound:
    return TypedRound(
        plan_id,
        "mid-year",
        opens=date(2026, 9, 1),
        due=date(2026, 9, 25),
        closes=date(2026, 10, 1),
        publishes=date(2026, 10, 5),
        levels=1,
    )
