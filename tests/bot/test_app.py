from __future__ import annotations

import asyncio
import gc
import io
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import log
from bot.app import running, settle
from bot.clock import SetClock, SystemClock
from bot.domain.errors import Refused
from playground import Fault, Outcome, Signature, SlackStandIn
from schedules.timetable import TIMETABLE
from tests.bot.cli.command import Command
from tests.bot.cli.conftest import bare_kaikaku
from tests.handlers.filling import fill, opened
from tests.scenarios.conftest import unspaced
from tests.scenarios.office import WAYS, instant, running_in, settings_for, telling
from tests.scenarios.processes import environment_for, kaikaku, kaikaku_running

__all__ = ["bare_kaikaku", "unspaced"]

_QUICK = tuple(replace(entry, every=0.05) for entry in TIMETABLE)


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the bot logs at its most talkative; the suite's own handlers come back afterwards."""
    root = logging.getLogger()
    before, stream = list(root.handlers), io.StringIO()
    log.setup("DEBUG", stream)
    yield stream
    root.handlers[:] = before


# --- start and stop ------------------------------------------------------------------------------


def test_what_a_process_holds_once_it_has_started_is_not_collected_again_and_again() -> None:
    held = len(gc.get_objects())
    try:
        settle()

        assert gc.get_freeze_count() >= held * 0.99
        assert len(gc.get_objects()) < held * 0.01
    finally:
        gc.unfreeze()  # a suite holds what it does not want to keep
        gc.collect()
        gc.freeze()  # and what it does, as tests/conftest.py says


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("way", WAYS)
async def test_a_signal_ends_a_running_bot_in_order(
    slack: SlackStandIn, sqlite_url: str, way: str, number: int
) -> None:
    env = environment_for(slack, sqlite_url, way=way)
    async with kaikaku_running("run", env=env) as process:
        await process.until_it_says("bot.running")

        code = await process.stop(number)

    assert code == 0
    assert slack.sockets.connections == []
    assert "Traceback" not in "".join(process.said)


async def test_a_signal_ends_a_worker_too(slack: SlackStandIn, sqlite_url: str) -> None:
    env = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    async with kaikaku_running("work", env={**env, "DATABASE_URL": sqlite_url}) as process:
        await process.until_it_says("bot.running")

        assert await process.stop(signal.SIGTERM) == 0


async def test_what_is_running_when_the_stop_comes_is_still_answered(
    sqlite_url: str, unspaced: None
) -> None:
    async with telling(sqlite_url, way="socket") as story:
        modal = await opened(story)
        await fill(modal)
        story.slack.faults.on("chat.update", Fault.slow(0.5))

        result = await modal.submit()
        stopping = asyncio.create_task(story.bot.background.drain(5))

        assert result.outcome is Outcome.UPDATED
        assert await stopping
        assert "保存しました" in str(story.letter("owner").blocks)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN が使えません(invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN が使えません(invalid_auth)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slackに接続できませんでした"),
    ],
)
async def test_a_wrong_setting_ends_the_start_with_a_readable_line(
    slack: SlackStandIn, sqlite_url: str, changes: dict[str, str], named: str
) -> None:
    env = {**environment_for(slack, sqlite_url, way="socket"), **changes}

    ended = await kaikaku("run", env=env)

    assert ended.code == 1
    assert named in ended.err
    assert "Traceback" not in ended.err
    assert "wrong" not in ended.err


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN を設定してください"),
        ("SLACK_APP_TOKEN", "SLACK_APP_TOKEN または SLACK_SIGNING_SECRET"),
    ],
)
async def test_a_missing_setting_ends_the_start_with_a_readable_line(
    slack: SlackStandIn, sqlite_url: str, bare_kaikaku: Command, missing: str, named: str
) -> None:
    settings = {**environment_for(slack, sqlite_url, way="socket"), missing: ""}

    ended = await bare_kaikaku.beside("run", **settings)

    assert ended.code == 1
    assert named in ended.err
    assert "Traceback" not in ended.err


async def test_a_port_that_is_taken_is_named(slack: SlackStandIn, sqlite_url: str) -> None:
    settings = settings_for(slack, sqlite_url, way="http")
    async with running(settings, timetable=()) as bot:
        with pytest.raises(Refused, match=f"{bot.port} 番ポート"):
            async with running(replace(settings, port=bot.port), timetable=()):
                pass


# --- what is listened to -------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
async def test_healthz_says_that_all_is_well(
    slack: SlackStandIn, sqlite_url: str, way: str
) -> None:
    async with (
        running(settings_for(slack, sqlite_url, way=way), timetable=()) as bot,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/healthz") as answer,
    ):
        assert answer.status == 200
        told = await answer.json()
        assert told.pop("sweep_lag_seconds") < 60
        assert told == {
            "status": "ok",
            "faults": [],
            "live": True,
            "ready": True,
            "letters_waiting": 0,
            "oldest_letter_seconds": 0,
            "slack_connections": 2 if way == "socket" else None,
        }


async def test_healthz_names_a_database_that_is_away(slack: SlackStandIn, tmp_path: Path) -> None:
    settings = settings_for(slack, f"sqlite:///{tmp_path}/none/k.db", way="http")
    async with (
        running(settings, timetable=()) as bot,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/healthz") as answer,
    ):
        assert answer.status == 503
        assert (await answer.json())["faults"] == ["database"]


async def test_in_socket_mode_the_port_takes_nothing_from_slack(
    slack: SlackStandIn, sqlite_url: str
) -> None:
    async with (
        running(settings_for(slack, sqlite_url, way="socket"), timetable=()) as bot,
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{bot.port}/slack/events", data="{}") as answer,
    ):
        assert answer.status == 404


@pytest.mark.parametrize("signature", [Signature.INVALID, Signature.STALE, Signature.MISSING])
async def test_a_request_that_slack_did_not_sign_is_refused_and_its_body_not_logged(
    sqlite_url: str, lines: io.StringIO, signature: Signature
) -> None:
    async with telling(sqlite_url, way="http") as story:
        modal = await opened(story)
        await fill(modal, attainment="②", issues="秘密の相談の経過")
        story.slack.http.signature = signature

        result = await modal.submit()

        assert result.outcome is Outcome.ERROR
        assert await story.check_in() is None
    assert "秘密の相談" not in lines.getvalue()


@pytest.mark.parametrize("way", WAYS)
async def test_no_token_answer_or_name_is_in_the_log_at_any_level(
    sqlite_url: str, lines: io.StringIO, way: str, unspaced: None
) -> None:
    async with telling(sqlite_url, way=way) as story:
        modal = await opened(story)
        await fill(modal, attainment="②", issues="相談の経過がここにある")
        await modal.submit()
        await story.whispered("owner", "状況 あおぞら区")
        story.slack.faults.on("chat.update", Fault.error("fatal_error"), times=1)
        await modal.submit()
        secrets = (story.slack.bot_token, story.slack.app_token, story.slack.signing_secret)

    written = lines.getvalue()
    assert "letter.sent" in written
    found = [word for word in (*secrets, "相談の経過", "山田", "@example.jp") if word in written]
    assert found == []


async def test_a_request_asks_slack_nothing_about_who_we_are(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        for text in ("自分", "状況 あおぞら区", "ヘルプ"):
            await story.whispered("owner", text)

        assert len(story.slack.calls("auth.test")) == 1


# --- the clock -----------------------------------------------------------------------------------


async def test_a_running_bot_plans_and_sends_what_is_due_by_its_own_clock(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="socket") as story:
        async with running_in(
            story.slack,
            story.database_url,
            way="http",
            clock=story.clock,
            timetable=TIMETABLE,
        ):
            await story.slack.wait_until(lambda: story.messages("owner"))

        assert story.letter("owner").text.startswith("令和8年度 中間振り返りの入力のお願い")


async def test_a_running_bot_sends_nothing_before_the_window_opens(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="socket") as story:
        early = SetClock(instant("2026-09-01", "09:29"))
        async with running_in(
            story.slack, story.database_url, way="http", clock=early, timetable=_QUICK
        ) as bot:
            await bot.background.drain(5)
            before = story.messages("owner")

            early.advance(timedelta(minutes=1))
            await story.slack.wait_until(lambda: story.messages("owner"))

        assert before == []
        assert len(story.messages("owner")) == 1


async def test_a_shifted_clock_takes_effect_while_the_bot_runs(
    sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "offset"
    async with telling(sqlite_url, way="socket") as story:
        settings = settings_for(story.slack, sqlite_url, way="http")
        async with running(replace(settings, clock_file=file), timetable=_QUICK) as bot:
            await bot.background.drain(5)
            before = story.messages("owner")

            shift = instant("2026-09-01", "09:31") - SystemClock().now()
            file.write_text(str(shift.total_seconds()), encoding="ascii")
            await story.slack.wait_until(lambda: story.messages("owner"))

    assert before == []


async def test_a_letter_on_its_way_when_the_stop_comes_is_recorded_as_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with telling(sqlite_url, way="http") as story:
        shift = instant("2026-09-01", "09:31") - SystemClock().now()
        (tmp_path / "offset").write_text(str(shift.total_seconds()), encoding="ascii")
        env = environment_for(story.slack, sqlite_url, way="socket")
        story.slack.faults.on("chat.postMessage", Fault.slow(1.5))
        async with kaikaku_running(
            "work", env={**env, "KAIKAKU_CLOCK": str(tmp_path / "offset")}
        ) as process:
            await story.slack.wait_until(lambda: story.slack.calls("chat.postMessage"), timeout=20)

            assert await process.stop(signal.SIGTERM) == 0

        assert len(story.messages("owner")) == 1
        assert (await story.stored_letter(1)).state == "sent"


async def test_missing_scopes_are_warned_of_and_the_bot_runs(
    slack: SlackStandIn, sqlite_url: str, lines: io.StringIO
) -> None:
    slack.workspace.scopes = tuple(s for s in slack.workspace.scopes if s != "files:read")

    async with running(settings_for(slack, sqlite_url, way="http"), timetable=()):
        pass

    assert "scopes.missing" in lines.getvalue()
    assert "reason=files:read" in lines.getvalue()
