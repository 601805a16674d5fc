"""C11: messages that are dropped when Slack says 429, or sent again when it was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from playground import Fault, SlackStandIn, User
from storage.database import Database
from tests.peers.owners import messages_each, settle_owners
from tests.scenarios.office import OPENING, instant

OWNERS = 200
TRIES = 60


@dataclass
class Morning:
    """Two hundred owners whose round opens; waiting moves the clocks and takes no time."""

    slack: SlackStandIn
    owners: Sequence[User]
    database_url: str
    machine: SetClock

    async def nap(self, seconds: float) -> None:
        """Let time pass, here and at Slack."""
        self.machine.advance(timedelta(seconds=seconds))
        self.slack.clock.advance(seconds)

    async def sweep(self) -> sweep.Report:
        """One sweep, by a process that has just been started."""
        database = Database(self.database_url)
        office = Office(database, self.machine, FORMS, self.machine)
        token, base_url = self.slack.bot_token, self.slack.api_url
        try:
            async with connected(token=token, base_url=base_url) as courier:
                return await sweep.run(office, courier, at=office.now(), sleep=self.nap)
        finally:
            await database.dispose()

    async def until_all_are_reached(self) -> None:
        """Sweep as often as it takes, within reason."""
        for _ in range(TRIES):
            report = await self.sweep()
            if not report.counts()["deferred"] and not messages_each(self.slack, self.owners)[0]:
                return
            await self.nap(15)


@pytest.fixture
async def morning(slack: SlackStandIn, database_url: str) -> Morning:
    owners = await settle_owners(database_url, slack, OWNERS)
    return Morning(slack, owners, database_url, SetClock(instant(OPENING)))


async def test_at_fifty_calls_a_minute_two_hundred_owners_are_reached_once(
    morning: Morning,
) -> None:
    morning.slack.faults.limit("chat.postMessage", per_minute=50)

    await morning.until_all_are_reached()

    assert messages_each(morning.slack, morning.owners) == {1: OWNERS}


async def test_nothing_is_posted_before_the_time_that_slack_asks_for_whoever_posts(
    morning: Morning,
) -> None:
    morning.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=90), times=1)
    await morning.sweep()
    posted = len(morning.slack.calls("chat.postMessage"))

    await morning.nap(20)
    await morning.sweep()
    assert len(morning.slack.calls("chat.postMessage")) == posted

    await morning.nap(75)
    await morning.until_all_are_reached()
    assert messages_each(morning.slack, morning.owners) == {1: OWNERS}


async def test_a_slack_that_drops_refuses_and_fails_costs_nobody_a_message_and_doubles_none(
    morning: Morning,
) -> None:
    """Of all calls 10 % are taken and cut off, 5 % answered with 429, and 5 % with 500;
    and some are cut off before they are taken, or end in Slack's own doubt.
    """
    morning.slack.faults.seed(20260901)
    for method in ("chat.postMessage", "conversations.open", "conversations.history"):
        _befalls(morning.slack, method)

    await morning.until_all_are_reached()

    ends = [call.outcome for call in morning.slack.calls("chat.postMessage")]
    assert messages_each(morning.slack, morning.owners) == {1: OWNERS}
    assert ends.count("drop_after") >= OWNERS // 20
    assert ends.count("ratelimited")
    assert ends.count("status")


def _befalls(slack: SlackStandIn, method: str) -> None:
    """Each is asked after the one before has let the call pass."""
    slack.faults.on(method, Fault.drop_after(), probability=0.10)
    slack.faults.on(method, Fault.rate_limited(retry_after=1), probability=0.05 / 0.90)
    slack.faults.on(method, Fault.server_error(500), probability=0.05 / 0.85)
    slack.faults.on(method, Fault.error("fatal_error"), probability=0.02)
    slack.faults.on(method, Fault.drop(), probability=0.02)
