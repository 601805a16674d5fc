"""An office that is run by its commands: `kaikaku` acts on the database beside the running bot.

The commands run in this process, with settings of the environment as an office sets them; people
are known by short names, and days pass by sweeping at their hours.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import SetClock
from playground import Message, Person, SlackStandIn, User
from tests.bot.cli.command import Command, Ended
from tests.scenarios.office import instant, running_in


@dataclass
class CommandedOffice:
    """A workspace, a database, and the command between them; ``ward`` is what it is about."""

    slack: SlackStandIn
    kaikaku: Command
    clock: SetClock
    ward: str
    users: dict[str, User] = field(default_factory=dict)

    # who is there

    def join(self, *names: str) -> None:
        """These people have accounts, with addresses of their names."""
        for name in names:
            self.users[name] = self.slack.add_user(name, email=address(name))

    def person(self, name: str) -> Person:
        """Somebody at their Slack."""
        return self.slack.as_user(self.users[name])

    def messages(self, name: str) -> list[Message]:
        """Somebody's direct messages, oldest first."""
        return self.slack.messages(self.users[name])

    def letter(self, name: str) -> Message:
        """Somebody's newest message as it stands now."""
        return self.messages(name)[-1]

    async def whispered(self, name: str, text: str) -> Message:
        """What `/kaikaku` with this text answers."""
        known = len(self.slack.ephemerals(self.users[name]))
        reply = await self.person(name).command("/kaikaku", text)
        assert reply.ok, reply.error
        return await self.next_whisper(name, known)

    async def next_whisper(self, name: str, known: int) -> Message:
        """The first message for this person's eyes only beyond those that are known."""
        user = self.users[name]
        await self.slack.wait_until(lambda: len(self.slack.ephemerals(user)) > known, timeout=15)
        return self.slack.ephemerals(user)[-1]

    # the command

    async def run(self, *arguments: str) -> Ended:
        """A command that must end well."""
        ended = await self.kaikaku.beside(*arguments)
        assert ended.code == 0, ended.err
        return ended

    async def record(self, *arguments: str) -> Mapping[str, Any]:
        """The JSON object of a command that must end well."""
        return (await self.run(*arguments, "--json")).record

    async def status(self, kind: str) -> dict[str, Any]:
        """The counts of a round, as of the office's own time."""
        at = self.clock.now().isoformat()
        found = await self.record("status", self.ward, "--kind", kind, "--at", at)
        return dict(found)

    # time

    def go_to(self, day: str, hour: str = "09:30") -> datetime:
        """It is that Japanese time now."""
        self.clock.instant = instant(day, hour)
        return self.clock.instant

    async def told(self, day: str, hour: str = "09:30", *, until: str = "") -> set[str]:
        """It is that time now, the clock's work is done: who has got a message, one each.

        ``until`` is a later day: the work of all mornings up to it is done at once.
        """
        before = {name: len(self.messages(name)) for name in self.users}
        at = self.go_to(day, hour)
        later = ("--until", self.go_to(until).isoformat()) if until else ()
        report = await self.record("sweep", "--at", at.isoformat(), *later)
        new = {name: len(self.messages(name)) - known for name, known in before.items()}
        told = {name for name, count in new.items() if count}
        assert report["planned"] == report["sent"] == sum(new.values()), report
        assert report["deferred"] == report["undeliverable"] == report["unknown"] == 0, report
        assert until or all(new[name] == 1 for name in told), new
        return told


def address(name: str) -> str:
    """The e-mail address of somebody with a short name."""
    return f"{name}@example.jp"


def csv_file(header: str, rows: Sequence[Sequence[str]]) -> str:
    """A table as a .csv, every cell quoted."""
    quoted = (",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    return "\n".join([header, *quoted]) + "\n"


@asynccontextmanager
async def commanded(
    command: Command, database_url: str, *, way: str, ward: str, day: str
) -> AsyncIterator[CommandedOffice]:
    """The bot runs in a workspace where nobody has joined yet; it is 9:00 of that day."""
    clock = SetClock(instant(day, "09:00"))
    async with SlackStandIn() as slack:
        command.settings.update(
            DATABASE_URL=database_url,
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_API_URL=slack.api_url,
        )
        async with running_in(slack, database_url, way=way, clock=clock):
            yield CommandedOffice(slack, command, clock, ward)
