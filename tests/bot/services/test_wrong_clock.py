"""A clock that ran ahead by a year and is right again: nothing waits until that year is over."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.services import sweep
from bot.services.account_changes import read_directory
from bot.services.letter_updates import refresh
from bot.services.letters import deliver_all
from bot.services.wrong_clock import put_right
from bot.slack.directory import Directory
from playground import Fault
from storage.letter_claims import Claimed
from tests.bot.services.conftest import Post
from tests.scenarios.office import instant

AHEAD = timedelta(days=365)
AT = instant("2026-09-01", "09:30")


@pytest.fixture
async def planned(post: Post) -> Post:
    """The opening's letters wait, and the clock is wrong."""
    assert await sweep.plan(post.office, at=AT)
    post.machine.advance(AHEAD)
    return post


def set_right(post: Post) -> None:
    post.machine.advance(-AHEAD)


async def deliver(post: Post) -> int:
    await deliver_all(post.office, post.courier, now=lambda: AT)
    return len(post.messages("owner"))


async def claim(post: Post) -> list[Claimed]:
    async with post.office.database.begin() as uow:
        now = post.office.machine.now()
        claimed = await uow.outbox.claim(now=now, day=AT.date(), limit=9)
        await uow.commit()
    return claimed


async def test_what_slack_wanted_to_be_left_alone_for_is_sent(planned: Post) -> None:
    planned.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=30), times=1)
    assert await deliver(planned) == 0
    set_right(planned)
    planned.machine.advance(timedelta(minutes=5))
    assert await deliver(planned) == 0

    assert await put_right(planned.office)

    assert await deliver(planned) == 1
    assert await put_right(planned.office) == 0


async def test_a_letter_that_a_dead_process_held_is_looked_for_and_sent(planned: Post) -> None:
    assert await claim(planned)
    set_right(planned)
    assert await deliver(planned) == 0

    await put_right(planned.office)

    assert await deliver(planned) == 1
    assert planned.slack.calls("conversations.history")


async def test_the_directory_is_read_the_next_morning(post: Post) -> None:
    post.machine.instant = instant("2026-09-01", "08:00") + AHEAD
    async with aiohttp.ClientSession() as session:
        directory = Directory(
            token=post.slack.bot_token,
            base_url=post.slack.api_url,
            session=session,
            team_id=post.slack.team_id,
        )
        await read_directory(post.office, directory, at=post.office.now())
        set_right(post)
        assert await read_directory(post.office, directory, at=post.office.now()) is None

        await put_right(post.office)

        assert await read_directory(post.office, directory, at=post.office.now()) is not None


async def test_what_is_put_off_by_a_clock_that_is_right_stays_put_off(planned: Post) -> None:
    set_right(planned)
    planned.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=3600), times=1)
    assert await deliver(planned) == 0
    held = await claim(planned)

    assert await put_right(planned.office) == 0
    planned.machine.advance(timedelta(minutes=59))
    assert await deliver(planned) == 0
    assert held == []


async def test_a_message_is_brought_up_to_date(planned: Post) -> None:
    set_right(planned)
    await deliver(planned)
    planned.machine.advance(AHEAD)
    async with planned.office.database.begin() as uow:
        asked_at = planned.office.machine.now()
        await uow.letter_updates.ask([planned.ward.owner], planned.ward.round_id, asked_at)
        await uow.commit()
    set_right(planned)
    assert await refresh(planned.office, planned.courier, at=AT) == 0

    await put_right(planned.office)
    planned.machine.advance(timedelta(seconds=2))  # the conversation has just had a letter

    assert await refresh(planned.office, planned.courier, at=AT) == 1
