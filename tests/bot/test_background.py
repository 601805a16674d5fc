from __future__ import annotations

import asyncio

from bot.background import Background


async def test_a_stop_waits_for_what_runs_and_for_what_that_begins() -> None:
    background, ended = Background(), []

    async def second() -> None:
        await asyncio.sleep(0)
        ended.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        background.start(second(), action="second")
        ended.append("first")

    background.start(first(), action="first")

    assert await background.drain(5)
    assert ended == ["first", "second"]


async def test_what_does_not_end_is_cut_short_in_time() -> None:
    background = Background()
    task = background.start(asyncio.Event().wait(), action="endless")  # type: ignore[arg-type]

    assert not await background.drain(0.15)
    assert task.cancelled()


async def test_a_failure_ends_nothing_else() -> None:
    background, ended = Background(), []

    async def fail() -> None:
        raise ValueError

    async def go_on() -> None:
        ended.append("went on")

    background.start(fail(), action="fail")
    background.start(go_on(), action="go-on")

    assert await background.drain(5)
    assert ended == ["went on"]


async def test_a_stop_waits_for_a_request_but_not_for_its_connection() -> None:
    """The task of a kept-alive connection goes on when its request has been answered."""
    background, answered, leave = Background(), asyncio.Event(), asyncio.Event()

    async def connection() -> None:
        with background.busy():
            await answered.wait()
        await leave.wait()

    task = asyncio.create_task(connection())
    draining = asyncio.create_task(background.drain(5))
    await asyncio.sleep(0)
    answered.set()

    assert await draining
    assert not task.done()
    leave.set()
    await task
