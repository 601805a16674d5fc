"""C4: modals that come too late for their trigger, and people who press again and answer twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from handlers.deps import PATIENCE
from playground import Fault, Screen, SlackStandIn, User
from storage.database import Database
from tests import processor
from tests.handlers.filling import IMPLEMENTATION
from tests.peers.owners import settle_owners
from tests.scenarios.office import OPENING, instant, running_in
from tests.storage.processes import holding_all_writes

CLICKS = 100
API_SECONDS = 0.4
ACK_SECONDS = 3.0


async def test_of_a_hundred_clicks_in_one_second_on_a_slow_slack_each_opens_its_modal(
    slack: SlackStandIn, way_and_url: tuple[str, str]
) -> None:
    way, url = way_and_url
    owners = await _asked_owners(slack, url)
    processor.leave_out_waits(slack)
    async with running_in(slack, url, way=way, clock=_clock(), patience=PATIENCE):
        slack.faults.on("*", Fault.slow(API_SECONDS))

        modals = await _clicked(slack, owners, within=1.0)

        assert [call.outcome for call in slack.calls("views.open")] == ["ok"] * CLICKS
        for modal in modals:
            await modal.until(lambda screen: IMPLEMENTATION in screen.labels(), timeout=30)


async def test_while_the_database_is_held_up_each_click_opens_a_modal_that_is_filled_later(
    slack: SlackStandIn, postgres_url: str
) -> None:
    """On PostgreSQL a reader can be held up; on SQLite none ever is."""
    owners = await _asked_owners(slack, postgres_url)
    async with running_in(slack, postgres_url, way="http", clock=_clock(), patience=PATIENCE):
        with holding_all_writes(postgres_url):
            modals = await _clicked(slack, owners[:10], within=0.5)
            waiting = [modal.visible_text for modal in modals]
            await asyncio.sleep(3.0)  # longer than any trigger lives

        assert len(waiting) == 10
        assert [text for text in waiting if "読み込んでいます" not in text] == []
        for modal in modals:
            await modal.until(lambda screen: IMPLEMENTATION in screen.labels())


async def _asked_owners(slack: SlackStandIn, url: str) -> list[User]:
    """Each has a letter with a button."""
    owners = await settle_owners(url, slack, CLICKS)
    database = Database(url)
    office = Office(database, _clock(), FORMS)
    async with connected(token=slack.bot_token, base_url=slack.api_url) as courier:
        await sweep.run(office, courier, at=office.now(), sleep=asyncio.sleep)
    await database.dispose()
    return owners


def _clock() -> SetClock:
    return SetClock(instant(OPENING))


async def _clicked(slack: SlackStandIn, owners: Sequence[User], *, within: float) -> list[Screen]:
    """What each of them sees after a click, the clicks spread evenly over so many seconds.

    Raises TimeoutError when somebody sees nothing.
    """

    async def click(turn: int, user: User) -> Screen:
        await asyncio.sleep(within * turn / len(owners))
        [letter] = slack.messages(user)
        person, pressed_at = slack.as_user(user), slack.clock.monotonic()
        reply = await person.press(letter, "入力する")
        assert reply.ok
        assert slack.clock.monotonic() - pressed_at < ACK_SECONDS
        return await person.wait_for_modal(timeout=10)

    return await asyncio.gather(*(click(turn, user) for turn, user in enumerate(owners)))
