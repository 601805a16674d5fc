"""How many calls are under way at once."""

from __future__ import annotations

import asyncio

from bot.slack.flow import Flow


async def _hold(flow: Flow, under_way: list[int], number: int, end: asyncio.Event) -> None:
    async with flow:
        under_way.append(number)
        await end.wait()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_few_calls_are_under_way_at_first_and_one_more_with_each_that_slack_takes() -> None:
    flow, under_way, end = Flow(most=7), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(_hold(flow, under_way, n, end)) for n in range(9)]
    await _settle()
    assert under_way == [0, 1, 2, 3, 4]

    end.set()
    for _ in range(9):
        flow.widen()
    await asyncio.gather(*tasks)

    assert under_way == list(range(9)), "first come, first served"
    again = asyncio.Event()
    under_way.clear()
    tasks = [asyncio.create_task(_hold(flow, under_way, n, again)) for n in range(9)]
    await _settle()
    assert len(under_way) == 7, "never more than the most"
    again.set()
    await asyncio.gather(*tasks)


async def test_after_a_refusal_the_next_call_is_made_alone() -> None:
    flow, under_way = Flow(), list[int]()
    ends = [asyncio.Event() for _ in range(4)]
    flow.narrow()
    tasks = [asyncio.create_task(_hold(flow, under_way, n, ends[n])) for n in range(4)]
    await _settle()
    assert under_way == [0]

    flow.widen()
    ends[0].set()
    await _settle()

    assert under_way == [0, 1, 2]
    for end in ends:
        end.set()
    await asyncio.gather(*tasks)


async def test_who_stops_waiting_takes_nobodys_place() -> None:
    flow, under_way, end = Flow(most=1), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(_hold(flow, under_way, n, end)) for n in range(3)]
    await _settle()

    tasks[1].cancel()
    end.set()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert under_way == [0, 2]
    async with asyncio.timeout(1), flow:
        pass
