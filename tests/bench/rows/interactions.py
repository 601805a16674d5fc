"""CPU for what people do: open a form, answer it, ask by command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from tests.bench import payloads
from tests.bench.bench import Bench
from tests.bench.city import Item, Ward, store, wards
from tests.bench.load import Deed, People, perform
from tests.bench.processes import Child
from tests.bench.table import Measured, Row

AT_ONCE = 20

OPEN = Row("open", "CPU of a click that reads and opens a modal", "empty slash", "ms", 9, 6)
COMMAND = Row("command", "CPU of /kaikaku 自分, read and answered", "empty slash", "ms", 9, 6)
ANSWER = Row("answer", "CPU of an answered modal, committed", "empty submission", "ms", 8, 6)


@asynccontextmanager
async def city_at_work(bench: Bench) -> AsyncIterator[tuple[Child, People, list[Item]]]:
    """The bot in a city whose rounds have just opened, before any letter; and its items."""
    city = wards(bench.size.wards)

    def fill(connection: Connection) -> None:
        store(connection, city)

    async with bench.bot(bench.databases.copy("city", fill)) as (child, people):
        yield child, people, _in_turn_by_ward(city)[: bench.size.deeds]


async def measure_open(bench: Bench) -> list[Measured]:
    """Ours acknowledges, reads and calls views.open."""
    async with city_at_work(bench) as (child, people, items), bench.floor() as (bare, callers):

        async def floor() -> float:
            return await _cpu(bare, [callers.sends(slash(item)) for item in items])

        async def ours() -> float:
            return await _cpu(child, [people.opens(item) for item in items])

        return [Measured(OPEN, *await bench.pairs(floor, ours))]


async def measure_command(bench: Bench) -> list[Measured]:
    """Ours acknowledges, reads and calls the response URL."""
    async with city_at_work(bench) as (child, people, items), bench.floor() as (bare, callers):

        async def floor() -> float:
            return await _cpu(bare, [callers.sends(slash(item)) for item in items])

        async def ours() -> float:
            return await _cpu(child, [people.asks(item.user_id, "自分") for item in items])

        return [Measured(COMMAND, *await bench.pairs(floor, ours))]


async def measure_answer(bench: Bench) -> list[Measured]:
    """Both are sent the very same submissions. Each of ours is committed, and says what is next."""
    async with city_at_work(bench) as (child, people, items), bench.floor() as (bare, callers):

        async def floor() -> float:
            await perform(child, [people.opens(item) for item in items], at_once=AT_ONCE)
            bodies = [people.filled_in(item) for item in items]
            return await _cpu(bare, [callers.sends(body) for body in bodies])

        async def ours() -> float:
            return await _cpu(child, [people.submits(item) for item in items])

        return [Measured(ANSWER, *await bench.pairs(floor, ours))]


async def _cpu(child: Child, deeds: Sequence[Deed]) -> float:
    return (await perform(child, deeds, at_once=AT_ONCE)).cpu * 1000


def slash(item: Item) -> bytes:
    """What the floors are sent."""
    return payloads.command(item.user_id, "自分")


def _in_turn_by_ward(city: Sequence[Ward]) -> list[Item]:
    """All items, those that act at the same time in wards of their own."""
    items = [item for ward in city for item in ward.items]
    return sorted(items, key=lambda item: (item.place, item.round_id))
