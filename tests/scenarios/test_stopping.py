"""SIGTERM to a real process: it ends within ten seconds, whatever Slack does meanwhile."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from bot.clock import SystemClock
from playground import Fault
from tests.scenarios.office import instant, telling
from tests.scenarios.processes import environment_for, kaikaku, kaikaku_running


async def test_a_slack_that_never_answers_holds_no_stop_up_and_costs_no_letter(
    sqlite_url: str, module_url: str, tmp_path: Path
) -> None:
    """Of `run` and of `work`, each in an office of its own, at the same time."""
    await asyncio.gather(
        _stops_in_time(sqlite_url, tmp_path, "run"), _stops_in_time(module_url, tmp_path, "work")
    )


async def _stops_in_time(sqlite_url: str, tmp_path: Path, command: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        shift = instant("2026-09-01", "09:31") - SystemClock().now()
        (tmp_path / "offset").write_text(str(shift.total_seconds()), encoding="ascii")
        env = environment_for(story.slack, sqlite_url, way="socket")
        story.slack.faults.on("chat.postMessage", Fault.hang())
        async with kaikaku_running(
            command, env={**env, "KAIKAKU_CLOCK": str(tmp_path / "offset")}
        ) as process:
            await story.slack.wait_until(lambda: story.slack.calls("chat.postMessage"), timeout=25)

            assert await process.stop(signal.SIGTERM) == 0

        assert "Traceback" not in "".join(process.said)
        assert story.slack.sockets.connections == []
        assert (await story.stored_letter(1)).state in {"pending", "sending", "unknown"}


async def test_a_wrong_app_token_ends_the_start_with_one_readable_line(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        env = environment_for(story.slack, sqlite_url, way="socket")

        ended = await kaikaku("run", env={**env, "SLACK_APP_TOKEN": "xapp-wrong"})

    assert (ended.code, ended.out) == (1, "")
    (line,) = ended.err.splitlines()
    assert line.startswith("SLACK_APP_TOKEN が使えません(invalid_auth)。")
