"""C1: prompts that are missed because a bot was killed, restarted, or down at the minute."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SetClock
from playground import SlackStandIn
from schedules.timetable import TIMETABLE
from tests.peers.owners import messages_each, settle_owners
from tests.scenarios.office import instant, running_in
from tests.torture.killing import torture

OWNERS = 100
KILLS = 3  # and two hundred in `make torture`


@pytest.mark.parametrize(
    ("kind", "crew", "seed"), [("sqlite", 1, 7), ("postgres", 3, 1)], ids=["sqlite", "postgres"]
)
async def test_whoever_is_killed_at_whatever_moment_each_owner_is_reached_once(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, crew: int, seed: int
) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")

    toll = await torture(url, tmp_path, seed=seed, owners=OWNERS, kills=KILLS, crew=crew)

    assert toll.kills.total() > 0
    assert toll.messages == {1: OWNERS}


async def test_who_was_down_at_the_scheduled_minute_reaches_each_owner_when_started(
    slack: SlackStandIn, database_url: str
) -> None:
    owners = await settle_owners(database_url, slack, OWNERS)
    clock = SetClock(instant("2026-09-01", "16:05"))

    async with running_in(slack, database_url, way="http", clock=clock, timetable=TIMETABLE) as bot:
        await slack.wait_until(lambda: not messages_each(slack, owners)[0], timeout=30)
        await bot.background.drain(10)

    assert messages_each(slack, owners) == {1: OWNERS}


async def test_after_two_weeks_of_downtime_each_owner_hears_once_of_what_is_true_now(
    slack: SlackStandIn, database_url: str
) -> None:
    """The opening and the third day before the due date were missed: one letter, not two."""
    owners = await settle_owners(database_url, slack, OWNERS)
    clock = SetClock(instant("2026-09-16", "10:00"))

    async with running_in(slack, database_url, way="http", clock=clock, timetable=TIMETABLE) as bot:
        await slack.wait_until(lambda: not messages_each(slack, owners)[0], timeout=30)
        await bot.background.drain(10)
        clock.advance(timedelta(hours=3))
        await bot.background.drain(10)

    assert messages_each(slack, owners) == {1: OWNERS}
    assert all("あと2開庁日です" in slack.messages(user)[0].visible_text for user in owners)
