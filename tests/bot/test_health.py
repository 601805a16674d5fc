"""What /healthz and /metrics tell of a running bot."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest

from bot.app import Running, running
from bot.clock import SetClock
from bot.health import Monitor
from bot.metrics import Metrics
from bot.slack.delivery import Courier
from bot.views.blocks import Rendered
from playground import Fault, Outcome, SlackStandIn
from schedules.jobs import Pulse
from schedules.timetable import TIMETABLE
from tests.handlers.filling import fill, opened
from tests.scenarios.conftest import unspaced
from tests.scenarios.office import instant, settings_for, telling
from tests.storage.processes import holding_all_writes

__all__ = ["unspaced"]

NOON = SetClock(instant("2026-09-01", "12:00"))


async def read(port: int, path: str) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return await answer.text()


async def metrics(bot: Running) -> dict[str, float]:
    return read_page(await read(bot.metrics_port, "/metrics"))


def read_page(page: str) -> dict[str, float]:
    lines = [line for line in page.splitlines() if not line.endswith("NaN")]
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


async def test_letters_that_wait_are_counted_with_the_age_of_the_oldest(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        story.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=3600))
        await story.sweep("2026-09-01")
        story.go_to("2026-09-01", "12:00")

        found = await Monitor(story.office, Pulse(), Metrics()).look()

    assert found.faults == ()
    assert found.vitals is not None
    assert (found.vitals.waiting, found.vitals.oldest_seconds) == (1, 2.5 * 3600)
    assert found.vitals.letters == {"pending": 1}


async def test_a_sweep_that_has_come_to_a_stop_is_a_fault(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        pulse = Pulse()
        pulse.at -= 301

        found = await Monitor(story.office, pulse, Metrics()).look()
        pulse.beat()
        after = await Monitor(story.office, pulse, Metrics()).look()

    assert (found.faults, found.record()["ready"], found.record()["live"]) == (
        ("sweep",),
        False,
        True,
    )
    assert after.faults == ()


async def test_a_finished_look_for_what_is_due_sets_the_lag_back(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http") as story:
        settings = settings_for(story.slack, sqlite_url, way="http")
        settings = replace(settings, metrics_port=0)
        async with running(settings, listens=False, clock=NOON, timetable=TIMETABLE) as bot:
            await story.slack.wait_until(lambda: story.messages("owner"))
            assert await bot.background.drain(5)

            found = await metrics(bot)

    assert found["kaikaku_sweep_lag_seconds"] < 5
    assert found['kaikaku_letters{state="sent"}'] == 1
    assert found['kaikaku_slack_calls_total{method="chat.postMessage",outcome="ok"}'] == 1


async def test_a_form_that_the_database_did_not_take_has_failed_and_is_no_refusal(
    sqlite_url: str,
) -> None:
    async with telling(sqlite_url, way="http", metrics_port=0) as story:
        modal = await opened(story)
        await fill(modal, attainment="②", issues="相談の経過")
        await story.bot.background.drain(5)
        with holding_all_writes(sqlite_url):
            refused = await modal.submit()

        found = await metrics(story.bot)

    assert refused.outcome is Outcome.ERRORS
    assert found['kaikaku_submissions_total{outcome="failed"}'] == 1
    assert 'kaikaku_refusals_total{reason="form"}' not in found


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_submissions_refusals_and_requests_are_counted(
    sqlite_url: str, way: str, unspaced: None
) -> None:
    async with telling(sqlite_url, way=way, metrics_port=0) as story:
        modal = await opened(story)
        await fill(modal, attainment="②", issues="なし")
        refused = await modal.submit()
        await fill(modal, attainment="②", issues="相談の経過")
        saved = await modal.submit()

        found = await metrics(story.bot)
        page = await read(story.bot.metrics_port, "/metrics")

    assert (refused.outcome, saved.outcome) == (Outcome.ERRORS, Outcome.UPDATED)
    assert found['kaikaku_submissions_total{outcome="refused"}'] == 1
    assert found['kaikaku_submissions_total{outcome="accepted"}'] == 1
    assert found['kaikaku_refusals_total{reason="form"}'] == 1
    assert found['kaikaku_request_seconds_count{kind="submission"}'] == 2
    assert found['kaikaku_slack_calls_total{method="views.open",outcome="ok"}'] == 1
    assert found["kaikaku_slack_connections"] == (2 if way == "socket" else 0)
    assert "相談" not in page
    assert "山田" not in page


async def test_calls_are_counted_by_how_they_ended() -> None:
    counts, ends = Metrics(), []
    async with (
        SlackStandIn() as slack,
        aiohttp.ClientSession(trace_configs=[counts.tracing()]) as session,
    ):
        courier = Courier(token=slack.bot_token, base_url=slack.api_url, session=session)
        for fault in (Fault.rate_limited(), Fault.server_error(500), Fault.drop_after()):
            slack.faults.on("chat.update", fault, times=1)
            ends.append(await courier.update("D1", "1.0", Rendered("text", [])))
        ends.append(await courier.update("D1", "1.0", Rendered("text", [])))
        await courier.find("U1", keys=["none"])

    found = read_page(counts.page(None, lag=0, connections=0).decode())
    called = {
        name: number for name, number in found.items() if '_total{method="chat.update' in name
    }
    assert len(ends) == 4
    assert called == {
        f'kaikaku_slack_calls_total{{method="chat.update",outcome="{outcome}"}}': 1
        for outcome in ("limited", "failed", "dropped", "refused")
    }


async def test_a_request_that_slack_did_not_sign_is_counted(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http", metrics_port=0) as story:
        url = f"http://127.0.0.1:{story.bot.port}/slack/events"
        async with aiohttp.ClientSession() as session, session.post(url, data="{}"):
            pass

        assert (await metrics(story.bot))['kaikaku_refusals_total{reason="unsigned"}'] == 1


async def test_metrics_are_not_on_the_port_that_slack_reaches(sqlite_url: str) -> None:
    async with telling(sqlite_url, way="http", metrics_port=0) as story:
        assert await read(story.bot.port, "/metrics") == "404: Not Found"
