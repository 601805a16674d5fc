"""A post office on real parts: a database, the stand-in for Slack, and clocks that are set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import SetClock
from bot.domain.calendar import at_tokyo
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import Courier, connected
from playground import SlackStandIn
from playground.messages import Message
from playground.people import User
from storage.database import Database
from tests.builders import Ward, seed_ward


@dataclass
class Post:
    """What a test of letters needs: who they are, and a sweep at a Japanese time."""

    office: Office
    slack: SlackStandIn
    courier: Courier
    ward: Ward
    machine: SetClock

    async def sweep(self, day: str, hour: str = "09:30") -> sweep.Report:
        """Sweep at that Japanese time; naps move the machine's clock and take no time."""
        at = at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))
        return await sweep.run(self.office, self.courier, at=at, sleep=self.nap)

    async def nap(self, seconds: float) -> None:
        """Let time pass for the machine and for Slack."""
        self.machine.advance(timedelta(seconds=seconds))
        self.slack.clock.advance(seconds)

    def messages(self, part: str) -> list[Message]:
        """The direct messages of one of the ward's people, by the part they play."""
        account = self.ward.accounts[part]
        return list(self.slack.messages(self.slack.workspace.users[account]))


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """A workspace of our own."""
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def courier(slack: SlackStandIn) -> AsyncIterator[Courier]:
    """The bot's way of sending, over a real connection."""
    async with connected(token=slack.bot_token, base_url=slack.api_url) as opened:
        yield opened


@pytest.fixture
async def post(database: Database, slack: SlackStandIn, courier: Courier) -> Post:
    """あおぞら区 with its people, all of whom are in the workspace, and an open round."""
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        await uow.commit()
    for part, account in ward.accounts.items():
        slack.workspace.put_user(User(account, part, f"{part}@example.jp"))
    machine = SetClock(datetime(2026, 8, 31, 23, 0, tzinfo=UTC))
    office = Office(database, machine, FORMS, machine)
    return Post(office, slack, courier, ward, machine)
