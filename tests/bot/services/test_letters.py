"""Delivery of many letters at once: fast, and held up by nobody but who must wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.calendar import WINDOW_OPENS, at_tokyo
from bot.domain.letters import LEASE, MENDED_WITHIN, LetterState
from bot.services import letters, sweep
from bot.services.letters import deliver, deliver_all
from playground import Fault
from playground.people import User
from storage.database import Database
from storage.models import Letter, LetterLine
from tests.bot.services.conftest import Post
from tests.builders import add_initiative, add_ownership, add_person, letter_values

AT = at_tokyo(date(2026, 9, 1), WINDOW_OPENS)
MANY = 70  # more than a batch


def _now() -> datetime:
    return AT


async def _add_owners(post: Post, number: int) -> None:
    async with post.office.database.begin() as uow:
        for n in range(number):
            person = await add_person(uow, f"担当{n}", account=f"UMANY{n}")
            item = await add_initiative(uow, post.ward.plan_id, 10 + n)
            await add_ownership(uow, item, person)
            user = User(f"UMANY{n}", f"many{n}", f"many{n}@example.jp")
            post.slack.workspace.put_user(user)
        await uow.commit()


async def _states(post: Post) -> dict[str, int]:
    async with post.office.database.read() as uow:
        return await uow.outbox.counts()


async def _attempts(post: Post) -> set[int]:
    async with post.office.database.read() as uow:
        return set(await uow._session.exec(select(Letter.attempts)))


async def _until(post: Post, state: LetterState, number: int) -> None:
    async with asyncio.timeout(10):
        while (await _states(post)).get(state, 0) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def _posted(post: Post) -> list[str]:
    return [call.args["channel"] for call in post.slack.calls("chat.postMessage")]


@pytest.fixture
async def planned(post: Post) -> Post:
    """Seventy-one letters that can be sent now."""
    await _add_owners(post, MANY)
    assert await sweep.plan(post.office, at=AT) == MANY + 1
    return post


async def test_batch_follows_batch_until_all_are_sent(planned: Post) -> None:
    taken = await deliver_all(planned.office, planned.courier, now=_now)

    assert taken == MANY + 1
    assert Counter(_posted(planned)).most_common(1)[0][1] == 1
    assert await _states(planned) == {"sent": MANY + 1}


async def test_a_letter_that_cannot_be_composed_holds_up_no_other(
    planned: Post, caplog: pytest.LogCaptureFixture
) -> None:
    async with planned.office.database.begin() as uow:
        broken = (await uow._session.exec(select(LetterLine).limit(1))).one()
        step = broken.step
        broken.step = f"{step}@nobody"  # as no version of ours writes it
        await uow.commit()

    await deliver_all(planned.office, planned.courier, now=_now)
    assert await _states(planned) == {"sent": MANY, "pending": 1}
    assert [each.__dict__["letter"] for each in caplog.records if each.exc_info] == [
        broken.letter_id
    ]
    async with planned.office.database.begin() as uow:  # somebody has mended it
        line = await uow._session.get(LetterLine, broken.id)
        assert line is not None
        line.step = step
        await uow.commit()
    planned.machine.advance(MENDED_WITHIN)
    await deliver_all(planned.office, planned.courier, now=_now)

    assert await _states(planned) == {"sent": MANY + 1}
    assert Counter(_posted(planned)).most_common(1)[0][1] == 1
    assert await _attempts(planned) == {1}


async def test_a_workspace_that_wants_to_be_left_alone_hears_from_few(planned: Post) -> None:
    planned.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=30))

    await deliver_all(planned.office, planned.courier, now=_now)

    assert len(_posted(planned)) <= 5
    assert await _states(planned) == {"pending": MANY + 1}


async def test_after_a_rate_limit_all_are_sent_and_it_has_cost_no_letter_a_try(
    planned: Post,
) -> None:
    planned.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=30), times=1)
    await deliver_all(planned.office, planned.courier, now=_now)
    before = len(_posted(planned))
    planned.machine.advance(timedelta(seconds=29))
    assert await deliver_all(planned.office, planned.courier, now=_now) == 0

    planned.machine.advance(timedelta(seconds=1))
    await deliver_all(planned.office, planned.courier, now=_now)

    assert len(_posted(planned)) == MANY + 2
    assert before <= 5
    assert await _attempts(planned) == {1}


async def test_who_takes_long_to_reach_holds_up_nobody(planned: Post) -> None:
    planned.slack.faults.on(
        "chat.postMessage", Fault.slow(60), where=lambda args: args["channel"] == "UMANY0"
    )

    sending = asyncio.create_task(deliver_all(planned.office, planned.courier, now=_now))
    await _until(planned, LetterState.SENT, MANY)

    assert not sending.done()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_one_conversation_takes_a_letter_a_second_and_the_others_do_not_wait(
    post: Post,
) -> None:
    post.slack.faults.per_channel_per_second = True
    await _add_owners(post, 3)
    async with post.office.database.begin() as uow:
        for step in ("opening", "before-3:2026-09-18", "due:2026-09-18"):
            due: dict[str, Any] = {"key": step, "next_try_at": post.machine.now()}
            values = letter_values(post.ward.owner, slack_user_id=_owner(post), **due)
            await uow.outbox.write(values, [(post.ward.round_id, step)])
        await uow.commit()
    await sweep.plan(post.office, at=AT)

    taken = [await deliver_all(post.office, post.courier, now=_now)]
    while "pending" in await _states(post):
        await post.nap(1)
        taken.append(await deliver_all(post.office, post.courier, now=_now))

    assert taken == [4, 1, 1]
    assert Counter(_posted(post))[_owner(post)] == len(post.messages("owner")) == 3


async def test_a_letter_whose_lease_runs_out_before_its_turn_is_left_to_who_claims_it_next(
    post: Post,
) -> None:
    await sweep.plan(post.office, at=AT)
    post.courier.flow.narrow()

    async with post.courier.flow:
        sending = asyncio.create_task(deliver(post.office, post.courier, at=AT))
        await _until(post, LetterState.SENDING, 1)
        post.machine.advance(LEASE / 2)
    await sending

    assert _posted(post) == []
    assert (await _states(post), await _attempts(post)) == ({"pending": 1}, {0})
    assert await deliver(post.office, post.courier, at=AT) == 1
    assert len(_posted(post)) == 1


async def test_once_a_stop_is_asked_for_what_has_not_begun_is_given_back(planned: Post) -> None:
    stopping = False
    planned.slack.faults.on("chat.postMessage", Fault.slow(0.3))

    sending = asyncio.create_task(
        deliver_all(planned.office, planned.courier, now=_now, stopping=lambda: stopping)
    )
    await planned.slack.wait_until(lambda: planned.slack.calls("chat.postMessage"))
    stopping = True
    await sending

    states = await _states(planned)
    assert set(states) == {"sent", "pending"}
    assert states["sent"] == len(_posted(planned)) < letters.BATCH


async def test_what_was_sent_and_could_not_be_recorded_is_found_by_its_key(
    post: Post, sqlite_url: str
) -> None:
    """The database is locked by another process for longer than a record may wait."""
    if not post.office.database.is_sqlite:
        pytest.skip("PostgreSQL has no lock that holds up every writer")
    await sweep.plan(post.office, at=AT)
    post.slack.faults.on("chat.postMessage", Fault.slow(0.2), times=1)
    hasty, rival = Database(sqlite_url, wait=0.2), Database(sqlite_url)
    office = type(post.office)(hasty, post.office.clock, post.office.forms, post.machine)

    sending = asyncio.create_task(deliver(office, post.courier, at=AT))
    await post.slack.wait_until(lambda: post.slack.calls("chat.postMessage"))
    async with rival.begin():
        with pytest.raises(ExceptionGroup, match="could not be recorded"):
            await sending
    assert await _states(post) == {"sending": 1}
    post.machine.advance(LEASE)
    await deliver(post.office, post.courier, at=AT)

    assert await _states(post) == {"sent": 1}
    assert len(post.messages("owner")) == 1
    for each in (hasty, rival):
        await each.dispose()


async def test_a_claim_that_has_been_taken_over_is_not_recorded_by_who_held_it_first(
    post: Post,
) -> None:
    await sweep.plan(post.office, at=AT)
    post.slack.faults.on("chat.postMessage", Fault.slow(0.3), times=1)

    first = asyncio.create_task(deliver(post.office, post.courier, at=AT))
    await post.slack.wait_until(lambda: post.slack.calls("chat.postMessage"))
    post.machine.advance(LEASE)
    async with post.office.database.begin() as uow:
        [again] = await uow.outbox.claim(now=post.machine.now(), day=AT.date(), limit=5)
        await uow.commit()
    await first

    assert again.doubtful
    assert (await _states(post), await _attempts(post)) == ({"sending": 1}, {2})


def _owner(post: Post) -> str:
    return post.ward.accounts["owner"]


async def test_what_is_due_is_found_while_another_process_writes(
    post: Post, sqlite_url: str
) -> None:
    """On SQLite a look that took the writer's lock would hold up every submission."""
    if not post.office.database.is_sqlite:
        pytest.skip("PostgreSQL has no lock that holds up every writer")
    hasty, rival = Database(sqlite_url, wait=0.2), Database(sqlite_url)
    office = type(post.office)(hasty, post.office.clock, post.office.forms, post.machine)

    async with rival.begin():
        planned = await sweep.decide(office, at=AT)
        before = at_tokyo(date(2026, 8, 31), WINDOW_OPENS)
        nothing_due = await sweep.plan(office, at=before)
        nothing_sent = await deliver_all(office, post.courier, now=_now)

    assert ([each.account.person_id for each in planned]) == [post.ward.owner]
    assert (nothing_due, nothing_sent) == (0, 0)
    for each in (hasty, rival):
        await each.dispose()
