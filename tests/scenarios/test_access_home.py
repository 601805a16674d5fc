"""The access table of Home: each kind of person at each tab of あおぞら区, forged or not.

Item 2 is answered ②; a tab that is not theirs is their own first one, and shows nothing of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.domain.errors import NotRegistered
from bot.services import home
from bot.services.viewers import Caller
from bot.views.home import Place, build_home
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.targets import Filter, PageTarget
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import forge
from tests.scenarios.office import Story

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class May:
    """What one kind of person sees of あおぞら区 on Home."""

    tab: HomeTab | None = None  # theirs by their role; None: no role in あおぞら区
    text: bool = False  # of item 2
    counts: bool = False  # a page of the round's status
    registered: bool = True


TABLE = {
    "owner": May(HomeTab.OWNER, text=True, counts=True),
    "deputy": May(HomeTab.OWNER, text=True, counts=True),
    "manager": May(HomeTab.MANAGER, text=True, counts=True),
    "unit_manager": May(HomeTab.MANAGER, text=True, counts=True),
    "coordinator": May(HomeTab.COORDINATOR, text=True, counts=True),
    "observer": May(HomeTab.OBSERVER, counts=True),
    "former_owner": May(HomeTab.OWNER),  # which is empty
    "future_owner": May(HomeTab.OWNER),
    "neighbour_manager": May(HomeTab.MANAGER, counts=True),
    "other_manager": May(),
    "other_coordinator": May(),
    "left": May(registered=False),
    "stranger": May(registered=False),
    "guest": May(registered=False),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with access.answered(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(asked: Story) -> Story:
    return asked


def places(story: Story) -> list[Place]:
    """Every place that a button may name of あおぞら区, and one that does not exist."""
    unit, round_id = story.ward.unit_id, story.ward.round_id
    tabs = [HomeTarget(tab, id_, page) for tab in HomeTab for id_ in (0, unit) for page in (0, 1)]
    return [*tabs, *(PageTarget(round_id, each) for each in Filter), PageTarget(999)]


@pytest.mark.parametrize("part", TABLE)
async def test_home_shows_what_the_role_grants_wherever_one_asks_to_go(
    story: Story, part: str
) -> None:
    may, caller = TABLE[part], Caller(story.slack.team_id, story.user(part).id)
    before = dump(story.database_url)
    if not may.registered:
        for place in places(story):
            with pytest.raises(NotRegistered):
                await home.read(story.office, caller, place)
        return

    shown = [(await home.read(story.office, caller, each)).home for each in places(story)]

    texts = [str(build_home(each)["blocks"]) for each in shown]
    assert any(access.SECRET in text for text in texts) == may.text
    reached = {each.place.tab for each in shown if isinstance(each.place, HomeTarget)}
    tabs = {tab.target.tab for tab in shown[0].tabs}
    assert reached <= tabs | {HomeTab.PAST}
    if may.tab is not None:
        assert may.tab in tabs
    pages = [each for each in shown if isinstance(each.place, PageTarget)]
    assert bool(pages) == may.counts
    named = {each.place.unit_id for each in shown if isinstance(each.place, HomeTarget)}
    assert (story.ward.unit_id in named) == (may.tab in (HomeTab.MANAGER, HomeTab.COORDINATOR))
    assert dump(story.database_url) == before


@pytest.mark.parametrize("part", ["other_manager", "former_owner", "stranger", "guest"])
async def test_a_forged_tab_over_slack_shows_nothing_of_the_ward(story: Story, part: str) -> None:
    for place in places(story):
        message = await forge(story, part, "home:tab", place.encode())
        await story.person(part).press(message, "押す")
    await story.bot.background.drain(10)

    seen = story.person(part).home
    assert seen is None or access.SECRET not in seen.visible_text
