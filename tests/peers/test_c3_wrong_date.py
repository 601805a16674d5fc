"""C3: wrong dates and hours. A server whose own clock is on UTC keeps those of Japan."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.clock import SetClock, SystemClock
from bot.domain.rounds import RoundDates
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from playground import Message, Outcome, Person, SlackStandIn
from storage.database import Database
from tests.bot.cli.command import Command
from tests.builders import MID_YEAR_DATES, Ward
from tests.handlers.filling import fill
from tests.scenarios.office import instant, settle_in
from tests.scenarios.processes import environment_for, free_port, kaikaku_running

OVER_NEW_YEAR = RoundDates(
    opens=date(2026, 11, 21),
    due=date(2026, 12, 28),
    closes=date(2027, 1, 20),
    publishes=date(2027, 1, 25),
)


@dataclass
class UtcServer:
    """Bot and command run with TZ=UTC; ``clock_file`` says how far their time is from ours."""

    slack: SlackStandIn
    ward: Ward
    kaikaku: Command
    clock_file: Path

    def person(self, part: str) -> Person:
        """One of the ward's people at their Slack."""
        return self.slack.as_user(self.slack.workspace.users[self.ward.accounts[part]])

    def messages(self, part: str) -> list[Message]:
        """Their direct messages."""
        return self.slack.messages(self.slack.workspace.users[self.ward.accounts[part]])

    async def whispered(self, part: str, text: str) -> Message:
        """What `/kaikaku` with this text answers."""
        user = self.slack.workspace.users[self.ward.accounts[part]]
        known = len(self.slack.ephemerals(user))
        reply = await self.person(part).command("/kaikaku", text)
        assert reply.ok, reply.error
        await self.slack.wait_until(lambda: len(self.slack.ephemerals(user)) > known)
        return self.slack.ephemerals(user)[-1]

    def go_to(self, moment: datetime) -> None:
        """It is that instant now, for every process."""
        seconds = (moment - SystemClock().now()).total_seconds()
        self.clock_file.write_text(f"{seconds:.3f}", encoding="ascii")

    async def planned(self, at: str) -> int:
        """How many letters a sweep at this instant writes; all of them are sent."""
        ended = await self.kaikaku.beside("sweep", "--at", at, "--json")
        assert ended.code == 0, ended.err
        assert ended.record["sent"] == ended.record["planned"]
        return int(ended.record["planned"])


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """`kaikaku` in this process, which is on UTC as well."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield Command(tmp_path, monkeypatch, capsys)
    time.tzset()


@asynccontextmanager
async def on_utc(
    database_url: str, command: Command, *, way: str, dates: RoundDates = MID_YEAR_DATES
) -> AsyncIterator[UtcServer]:
    """あおぞら区 on a server of its own."""
    clock_file, port = command.folder / "clock", free_port()
    async with SlackStandIn() as slack:
        database = Database(database_url)
        ward = await settle_in(
            Office(database, SetClock(instant("2026-09-01")), FORMS), slack, dates=dates
        )
        await database.dispose()
        if way == "http":
            slack.send_to(f"http://127.0.0.1:{port}/slack/events")
        command.settings.update(environment_for(slack, database_url, way=way, port=port))
        command.settings.update(TZ="UTC", KAIKAKU_CLOCK=str(clock_file))
        yield UtcServer(slack, ward, command, clock_file)


async def test_what_is_answered_at_half_past_eight_in_japan_has_the_japanese_date(
    way_and_url: tuple[str, str], command: Command
) -> None:
    way, url = way_and_url
    async with on_utc(url, command, way=way) as server:
        server.go_to(instant("2026-09-10", "08:30"))
        async with kaikaku_running("run", env=command.settings) as process:
            await process.until_it_says("bot.running")

            said = await server.whispered("owner", "自分")
            modal = await server.person("owner").click(said, "入力する")
            await fill(modal)
            result = await modal.submit()

            assert result.outcome is Outcome.UPDATED
            assert "9月10日(木) 8:3" in (await server.whispered("owner", "自分")).visible_text
            await _fiscal_years_change_at_midnight_in_japan(server)
        export = await command.beside("export", "あおぞら区", "--format", "json")
        [first, *_] = export.record["initiatives"]
        assert first["mid_year"]["history"]["first_at"].startswith("2026-09-10T08:3")


async def _fiscal_years_change_at_midnight_in_japan(server: UtcServer) -> None:
    asked = "状況 あおぞら区 今年度 中間振り返り"
    server.go_to(instant("2027-03-31", "23:58"))
    assert "令和8年度 中間振り返り" in (await server.whispered("owner", asked)).visible_text

    server.go_to(instant("2027-04-01", "00:00"))
    later = (await server.whispered("owner", asked)).visible_text
    assert "令和9年度の計画はまだ登録されていません" in later


async def test_nothing_leaves_on_days_off_nor_outside_office_hours_in_japan(
    sqlite_url: str, command: Command
) -> None:
    async with on_utc(sqlite_url, command, way="http", dates=OVER_NEW_YEAR) as server:
        for closed in (
            "2026-11-21T10:00",  # Saturday, on which the round opens
            "2026-11-23T10:00",  # 勤労感謝の日
            "2026-12-25T08:31Z",  # 17:31
            "2027-01-01T10:00",
            "2027-01-04T00:29Z",  # 9:29 of the first business day of the year
        ):
            assert await server.planned(closed) == 0, closed

        assert await server.planned("2027-01-04T00:30Z") > 0

        [letter] = server.messages("owner")
        assert "入力期限を過ぎた項目が3件あります" in letter.visible_text


async def test_an_instant_without_an_offset_is_japanese(sqlite_url: str, command: Command) -> None:
    async with on_utc(sqlite_url, command, way="http", dates=OVER_NEW_YEAR) as server:
        assert await server.planned("2027-01-04T09:30") > 0
