"""Once a day the directory is read: who has left is known before letters are planned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.domain.calendar import WINDOW_OPENS, at_tokyo
from bot.domain.errors import Refused
from bot.services import sweep
from bot.services.account_changes import READ_FROM, is_being_read, read_directory
from bot.services.letters import deliver_all
from bot.slack.directory import Directory
from playground import Fault
from schedules import jobs
from schedules.jobs import Desk
from tests.bot.services.conftest import Post
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.office import instant

pytestmark = EITHER_KIND


@pytest.fixture
async def directory(post: Post) -> AsyncIterator[Directory]:
    """The accounts are those of the stand-in's workspace; waiting takes no time."""
    async with post.office.database.begin() as uow:
        for account_id in post.ward.accounts.values():
            account = await uow.people.account("T0001", account_id)
            assert account is not None
            account.team_id = post.slack.team_id
            await uow.people.add(account)
        await uow.commit()
    async with aiohttp.ClientSession() as session:
        yield Directory(
            token=post.slack.bot_token,
            base_url=post.slack.api_url,
            session=session,
            sleep=post.nap,
            team_id=post.slack.team_id,
        )


async def read(post: Post, directory: Directory, day: str, hour: str = "08:00") -> int | None:
    post.machine.instant = instant(day, hour)
    return await read_directory(post.office, directory, at=post.office.now())


def leave(post: Post, part: str) -> None:
    post.slack.deactivate(post.slack.workspace.users[post.ward.accounts[part]])


async def test_who_has_left_is_not_written_to_and_the_coordinator_is_told(
    post: Post, directory: Directory
) -> None:
    leave(post, "owner")

    assert await read(post, directory, "2026-09-01") == 1

    await post.sweep("2026-09-01")
    (report,) = post.messages("coordinator")
    assert [call.args["channel"] for call in post.slack.calls("chat.postMessage")] == [
        post.ward.accounts["coordinator"]
    ]
    assert "利用停止 1人" in str(report.blocks)


async def test_who_leaves_after_a_letter_was_planned_is_not_written_to_either(
    post: Post, directory: Directory
) -> None:
    await sweep.plan(post.office, at=instant("2026-09-01"))
    leave(post, "owner")
    assert await read(post, directory, "2026-09-01", "11:00") == 1

    await deliver_all(post.office, post.courier, now=lambda: instant("2026-09-01", "11:00"))

    assert post.messages("owner") == []
    post.slack.change(post.slack.workspace.users[post.ward.accounts["owner"]], deleted=False)
    await read(post, directory, "2026-09-02")
    await post.sweep("2026-09-02")
    assert len(post.messages("owner")) == 1


async def test_who_comes_back_is_written_to_again(post: Post, directory: Directory) -> None:
    leave(post, "owner")
    await read(post, directory, "2026-08-31")
    post.slack.change(post.slack.workspace.users[post.ward.accounts["owner"]], deleted=False)

    assert await read(post, directory, "2026-09-01") == 1

    await post.sweep("2026-09-01")
    assert len(post.messages("owner")) == 1


async def test_it_is_read_once_a_day_page_by_page(post: Post, directory: Directory) -> None:
    read_at = [("2026-09-01", hour) for hour in ("07:59", "08:00", "08:05", "12:00", "17:30")]
    found = [await read(post, directory, *each) for each in [*read_at, ("2026-09-02", "08:00")]]

    assert found == [None, 0, None, None, None, 0]
    pages = [call.args["cursor"] for call in post.slack.calls("users.list")]
    assert pages.count("") == 2  # two readings, each of more than one page
    assert len(pages) > 2


async def test_of_processes_at_once_one_reads(post: Post, directory: Directory) -> None:
    post.machine.instant = instant("2026-09-01", "08:00")

    found = await asyncio.gather(
        *(read_directory(post.office, directory, at=post.office.now()) for _ in range(4))
    )

    assert sorted(found, key=str) == [0, None, None, None]
    assert [call.args["cursor"] for call in post.slack.calls("users.list")].count("") == 1


async def test_the_wait_that_slack_asks_for_is_kept(post: Post, directory: Directory) -> None:
    leave(post, "owner")
    post.slack.faults.on("users.list", Fault.rate_limited(retry_after=30), times=2)

    assert await read(post, directory, "2026-09-01") == 1

    assert post.machine.now() == instant("2026-09-01", "08:01")


async def test_what_failed_is_tried_again(post: Post, directory: Directory) -> None:
    leave(post, "owner")
    post.slack.faults.on("users.list", Fault.error("internal_error"), times=1)
    with pytest.raises(Refused):
        await read(post, directory, "2026-09-01")

    assert await read(post, directory, "2026-09-01", "08:01") == 1


async def test_whoever_died_over_it_is_followed_and_letters_wait_but_not_for_ever(
    post: Post, directory: Directory
) -> None:
    at = instant("2026-09-01", "09:30")
    async with post.office.database.begin() as uow:
        claim = {"now": at, "until": at + timedelta(minutes=30)}
        assert await uow.api_pauses.claim_method(post.slack.team_id, "users.list", **claim)
        await uow.commit()

    held = [
        await is_being_read(post.office, directory, at=instant("2026-09-01", hour))
        for hour in ("09:30", "09:34", "09:35")
    ]
    followed = [await read(post, directory, "2026-09-01", hour) for hour in ("09:59", "10:00")]

    assert held == [True, True, False]
    assert followed == [None, 0]


async def test_a_bot_that_starts_in_the_morning_reads_before_it_writes(
    post: Post, directory: Directory
) -> None:
    leave(post, "owner")
    post.machine.instant = instant("2026-09-01", "09:40")
    post.slack.faults.on("users.list", Fault.slow(0.3), times=1)
    desk = Desk(post.office, post.courier, directory)

    await asyncio.gather(jobs.accounts(desk), jobs.plan(desk))

    assert post.messages("owner") == []
    assert len(post.messages("coordinator")) == 1


@EACH_KIND
async def test_a_directory_that_slack_refuses_holds_up_no_letter(
    post: Post, directory: Directory
) -> None:
    post.machine.instant = instant("2026-09-01", "09:40")
    post.slack.faults.on("users.list", Fault.error("missing_scope"))

    await jobs.plan(Desk(post.office, post.courier, directory))

    assert len(post.messages("owner")) == 1


def test_it_is_read_before_the_first_letters_of_the_day() -> None:
    day = instant("2026-09-01").date()

    assert at_tokyo(day, READ_FROM) < at_tokyo(day, WINDOW_OPENS)
