"""An office in front of the stand-in for Slack: the whole bot runs, people click, days pass.

A story sets the clock and sweeps by itself; the bot's own timetable stands still unless asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from bot.app import Running, running
from bot.clock import SetClock
from bot.config import Settings
from bot.domain.calendar import at_tokyo
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from bot.sockets import PACE, Pace
from playground import Message, Person, SlackStandIn, User
from schedules.timetable import Entry
from storage.database import Database
from storage.models import CheckIn, Letter, Revision
from tests import processor
from tests.builders import TEAM, Ward, seed_ward

WAYS = ("socket", "http")
OPENING = "2026-09-01"

# On a busy machine a form may take longer than the bot waits for it: tests wait for the form.
PATIENCE = 2.0
# A story is over when it ends: nobody clicks once more while its bot stops.
QUIET = 0.005
# What is typed is written down as fast as it comes, nearly.
WRITING = 0.02
# Between two looks of a sweep at what Slack takes by now.
NAP = 0.02


def instant(day: str, hour: str = "09:30") -> datetime:
    """A Japanese date and time."""
    return at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))


def settings_for(slack: SlackStandIn, database_url: str, *, way: str) -> Settings:
    """The settings of a bot in that workspace; the system chooses the port."""
    settings = Settings(
        bot_token=slack.bot_token,
        signing_secret=slack.signing_secret,
        api_url=slack.api_url,
        database_url=database_url,
        host="127.0.0.1",
        port=0,
    )
    return replace(settings, app_token=slack.app_token) if way == "socket" else settings


@asynccontextmanager
async def running_in(
    slack: SlackStandIn,
    database_url: str,
    *,
    way: str,
    clock: SetClock,
    timetable: Sequence[Entry] = (),
    patience: float = PATIENCE,
    pace: Pace = PACE,
    quiet: float = QUIET,
    writing: float = WRITING,
    metrics_port: int | None = None,
) -> AsyncIterator[Running]:
    """The bot at work, reachable for Slack either way."""
    settings = replace(settings_for(slack, database_url, way=way), metrics_port=metrics_port)
    async with running(
        settings,
        clock=clock,
        timetable=timetable,
        patience=patience,
        pace=pace,
        quiet=quiet,
        writing=writing,
    ) as bot:
        if way == "http":
            slack.send_to(f"http://127.0.0.1:{bot.port}/slack/events")
        yield bot


@dataclass
class Story:
    """A workspace, a database, a clock, and the bot between them.

    ``ward`` holds the ids of what ``seed_ward`` made, where the story began with it; people are
    named by the part they play there: owner, deputy, manager, unit_manager, coordinator, observer.
    """

    slack: SlackStandIn
    office: Office
    clock: SetClock
    database_url: str
    ward: Ward
    bot: Running

    # who is there

    def user(self, part: str) -> User:
        """The account of one of the ward's people."""
        return self.slack.workspace.users[self.ward.accounts[part]]

    def person(self, part: str) -> Person:
        """One of the ward's people at their Slack."""
        return self.slack.as_user(self.user(part))

    def messages(self, part: str) -> list[Message]:
        """What stands in somebody's conversation with the bot, oldest first."""
        return self.slack.messages(self.user(part))

    def letter(self, part: str) -> Message:
        """Somebody's newest message as it stands now."""
        return self.messages(part)[-1]

    def whispers(self, part: str) -> list[Message]:
        """What only this person was shown, oldest first."""
        return self.slack.ephemerals(self.user(part))

    async def whispered(self, part: str, text: str) -> Message:
        """The answer of `/kaikaku` with this text, once it has come."""
        before = len(self.whispers(part))
        reply = await self.person(part).command("/kaikaku", text)
        assert reply.ok, reply.error
        await self.slack.wait_until(lambda: len(self.whispers(part)) > before)
        return self.whispers(part)[-1]

    # time

    def go_to(self, day: str, hour: str = "09:30") -> None:
        """It is that Japanese time now."""
        self.clock.instant = instant(day, hour)

    async def sweep(self, day: str, hour: str = "09:30") -> sweep.Report:
        """It is that Japanese time now, and the clock's work of that moment is done."""
        self.go_to(day, hour)
        token, base_url = self.slack.bot_token, self.slack.api_url
        async with connected(token=token, base_url=base_url) as courier:
            at = self.clock.now()
            return await sweep.run(self.office, courier, at=at, sleep=_nap)

    # what is stored

    async def check_in(self, number: int = 1, stage: str = "mid-year") -> CheckIn | None:
        """The answer about the n-th initiative of the ward."""
        async with self.office.database.read() as uow:
            initiative = self.ward.initiatives[number - 1]
            return await uow.check_ins.find(self.ward.plan_id, initiative, stage)

    async def revisions(self, number: int = 1, stage: str = "mid-year") -> list[Revision]:
        """The history of that answer, oldest first."""
        found = await self.check_in(number, stage)
        async with self.office.database.read() as uow:
            return await uow.check_ins.revisions([found.id or 0]) if found else []

    async def stored_letter(self, letter_id: int) -> Letter:
        """A letter as it is stored."""
        async with self.office.database.read() as uow:
            letter = await uow.outbox.get(letter_id)
        assert letter is not None
        return letter


@asynccontextmanager
async def telling(
    database_url: str,
    *,
    way: str,
    initiatives: int = 3,
    patience: float = PATIENCE,
    pace: Pace = PACE,
    writing: float = WRITING,
    metrics_port: int | None = None,
) -> AsyncIterator[Story]:
    """あおぞら区 on the morning on which its mid-year round opens; the letters are still to go."""
    clock = SetClock(instant(OPENING))
    async with SlackStandIn() as slack:
        processor.leave_out_waits(slack)
        database = Database(database_url)
        try:
            office = Office(database, clock, FORMS)
            ward = await settle_in(office, slack, initiatives=initiatives)
            async with running_in(
                slack,
                database_url,
                way=way,
                clock=clock,
                patience=patience,
                pace=pace,
                writing=writing,
                metrics_port=metrics_port,
            ) as bot:
                yield Story(slack, office, clock, database_url, ward, bot)
        finally:
            await database.dispose()


async def settle_in(office: Office, slack: SlackStandIn, **changes: Any) -> Ward:
    """``seed_ward`` with these changes, for people who have accounts in that workspace."""
    async with office.database.begin() as uow:
        ward = await seed_ward(uow, **changes)
        for account_id in ward.accounts.values():
            account = await uow.people.account(TEAM, account_id)
            assert account is not None
            account.team_id = slack.team_id
            await uow.people.add(account)
        await uow.commit()
    for part, account_id in ward.accounts.items():
        slack.workspace.put_user(User(account_id, part, f"{part}@example.jp"))
    return ward


async def _nap(seconds: float) -> None:
    await asyncio.sleep(min(seconds, NAP))
