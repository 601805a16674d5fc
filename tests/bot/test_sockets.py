"""Socket Mode over real connections that are refreshed, cut, or open and dead."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot import log
from bot.sockets import CONNECTIONS, Pace
from playground.socket_mode import Connection
from tests.scenarios.office import Story, telling

QUICK = Pace(ping=0.2, patience=0.4, look=0.05)
TITLE = "中間振り返り 取組項目1(1/3)"


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with telling(sqlite_url, way="socket", pace=QUICK) as told:
        await told.sweep("2026-09-01")
        yield told


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, stream = list(root.handlers), io.StringIO()
    log.setup("DEBUG", stream)
    yield stream
    root.handlers[:] = before


def answering(story: Story) -> list[Connection]:
    """The connections on which the bot would hear of a click."""
    return [each for each in story.slack.sockets.connections if not (each.dead or each.retiring)]


async def click(story: Story) -> str:
    return (await story.person("owner").click(story.letter("owner"), "入力する")).title


async def test_a_bot_holds_two_connections(story: Story) -> None:
    assert len(story.slack.sockets.connections) == CONNECTIONS == 2


async def test_a_click_in_the_very_moment_of_a_refresh_is_answered(story: Story) -> None:
    await story.slack.sockets.request_refresh()

    assert await click(story) == TITLE
    await story.slack.wait_until(lambda: len(answering(story)) == CONNECTIONS)
    assert await click(story) == TITLE


async def test_connections_that_are_asked_to_refresh_together_do_so_one_after_the_other(
    story: Story,
) -> None:
    """Both were opened in the same second, and grow old together."""
    old, fewest = list(story.slack.sockets.connections), CONNECTIONS
    await story.slack.sockets.request_refresh(warning=True, every=True)

    async with asyncio.timeout(5):
        while set(map(id, answering(story))) & set(map(id, old)) or fewest == CONNECTIONS:
            await asyncio.sleep(0)
            fewest = min(fewest, len(answering(story)))

    assert fewest == 1
    await story.slack.wait_until(lambda: len(answering(story)) == CONNECTIONS)
    assert await click(story) == TITLE


async def test_connections_that_were_cut_come_back(story: Story) -> None:
    old = list(story.slack.sockets.connections)
    await story.slack.sockets.cut()
    await story.slack.wait_until(
        lambda: len([each for each in answering(story) if each not in old]) == CONNECTIONS
    )

    assert await click(story) == TITLE


async def test_connections_that_are_open_and_dead_are_replaced(story: Story) -> None:
    story.slack.sockets.go_dead()
    assert answering(story) == []

    await story.slack.wait_until(lambda: len(answering(story)) == CONNECTIONS)

    assert await click(story) == TITLE


async def test_the_watchdog_replaces_a_connection_that_the_sdk_has_given_up(
    sqlite_url: str, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As has been seen: the SDK's own monitor has stopped, and nothing says so."""
    asleep = asyncio.Event()

    async def monitor(_client: SocketModeClient) -> None:
        await asleep.wait()

    async with telling(sqlite_url, way="socket", pace=QUICK) as story:
        monkeypatch.setattr(SocketModeClient, "monitor_current_session", monitor)
        await story.sweep("2026-09-01")
        await story.slack.sockets.request_refresh()  # from here on, one without a monitor
        await story.slack.wait_until(lambda: len(answering(story)) == CONNECTIONS)
        story.slack.sockets.go_dead()

        await story.slack.wait_until(lambda: len(answering(story)) == CONNECTIONS)

        assert await click(story) == TITLE
    assert "socket.replaced" in lines.getvalue()


async def test_a_peer_that_does_not_say_goodbye_is_not_waited_for_and_nothing_stays_open(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence = asyncio.Event()

    async def disconnect(_client: SocketModeClient) -> None:
        await silence.wait()

    before = asyncio.all_tasks()
    async with telling(sqlite_url, way="socket") as story:
        monkeypatch.setattr(SocketModeClient, "disconnect", disconnect)

    await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() - before if not task.done()]
    assert left == []
    assert story.slack.sockets.connections == []
