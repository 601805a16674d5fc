"""A digest is written once, sent once, and never by guessing."""

from __future__ import annotations

import asyncio
from datetime import date, time

import pytest

from bot.domain.calendar import OfficeCalendar, at_tokyo
from bot.domain.digests import is_digest_day
from bot.domain.letters import LetterState
from bot.services import digests
from bot.services.reach import reach
from bot.services.round_state import load_by_id
from playground.messages import Channel
from storage.models import Digest, Letter
from tests.bot.services.conftest import Post
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

MONDAY = date(2026, 9, 7)
AT = at_tokyo(MONDAY, time(9, 30))


@pytest.fixture
async def channel(post: Post) -> Channel:
    """A channel with the bot, to which あおぞら区's digest goes on Mondays."""
    workspace = post.slack.workspace
    members = (workspace.bot_user_id, post.ward.accounts["coordinator"])
    found = workspace.add_channel("C", "区政企画", members)
    row = Digest(
        unit_id=post.ward.unit_id,
        team_id=post.slack.team_id,
        channel=found.id,
        weekday=0,
        set_by=post.ward.people["coordinator"],
    )
    async with post.office.database.begin() as uow:
        await uow.digests.add(row)
        await uow.commit()
    return found


async def _letter(post: Post) -> Letter | None:
    async with post.office.database.read() as uow:
        return await uow.digests.newest_letter(f"digest:{post.ward.unit_id}:")


async def test_two_processes_write_one(post: Post, channel: Channel) -> None:
    written = await asyncio.gather(*(digests.plan(post.office, at=AT) for _ in range(2)))

    assert sorted(written) == [0, 1]


async def test_one_that_may_have_been_sent_is_not_sent_again(post: Post, channel: Channel) -> None:
    await digests.plan(post.office, at=AT)
    letter = await _letter(post)
    assert letter is not None
    async with post.office.database.begin() as uow:
        stored = await uow.outbox.get(letter.id or 0)
        assert stored is not None
        stored.state = LetterState.UNKNOWN.value
        await uow.outbox.add(stored)
        await uow.commit()

    await post.sweep(MONDAY.isoformat())

    assert channel.messages == {}
    after = await _letter(post)
    assert after is not None
    assert (after.state, after.next_try_at) == (LetterState.UNKNOWN.value, None)


async def test_one_that_is_switched_off_before_it_is_sent_stays_unsent(
    post: Post, channel: Channel
) -> None:
    await digests.plan(post.office, at=AT)
    async with post.office.database.begin() as uow:
        row = await uow.digests.of_unit(post.ward.unit_id)
        assert row is not None
        row.active = False
        await uow.digests.add(row)
        await uow.commit()

    await post.sweep(MONDAY.isoformat())

    assert channel.messages == {}


@EACH_KIND
async def test_a_channel_that_is_not_reached_makes_nobody_unreachable(
    post: Post, channel: Channel
) -> None:
    channel.members = ()
    await post.sweep(MONDAY.isoformat())
    letter = await _letter(post)
    assert letter is not None
    assert (letter.state, letter.reason) == (LetterState.UNDELIVERABLE.value, "not_in_channel")

    async with post.office.database.read() as uow:
        refused = await uow.correspondence.undeliverable(post.ward.round_id)
        state = await load_by_id(uow, post.ward.round_id, today=MONDAY, forms=post.office.forms)
        assert state is not None
        known = await reach(uow, state)

    assert refused == {}
    assert known.unreachable == {}


async def test_an_answer_does_not_change_what_was_said_on_monday(
    post: Post, channel: Channel
) -> None:
    await post.sweep(MONDAY.isoformat())
    [before] = channel.messages.values()
    async with post.office.database.begin() as uow:
        person = post.ward.people["coordinator"]
        await uow.letter_updates.ask([person], post.ward.round_id, post.machine.now())
        await uow.commit()

    await post.sweep(MONDAY.isoformat(), "10:00")

    assert list(channel.messages.values()) == [before]


@pytest.mark.parametrize(
    ("today", "weekday", "is_due"),
    [
        ("2026-09-07", 0, True),
        ("2026-09-08", 0, False),
        ("2026-09-21", 0, False),  # a holiday, as the two days after it
        ("2026-09-24", 0, True),
        ("2026-09-25", 0, False),
        ("2026-09-24", 2, True),
        ("2026-09-24", 3, True),
    ],
)
def test_the_day_is_the_weekday_or_the_next_business_day(
    today: str, weekday: int, is_due: bool
) -> None:
    assert is_digest_day(date.fromisoformat(today), weekday, OfficeCalendar()) is is_due
