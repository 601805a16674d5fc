"""CPU for what people do: open a form, answer it, ask by command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from storage.database import Database
from tests.bench import payloads
from tests.bench.bench import Bench
from tests.bench.city import Item, Ward, store, wards
from tests.bench.databases import change
from tests.bench.load import Deed, People, perform
from tests.bench.processes import Child
from tests.bench.table import Measured, Row
from tests.scenarios.office import OPENING, instant

AT_ONCE = 20
# Writers take turns, and each waits 1.5 s at most: on a busy machine twenty may be too many.
WRITERS = 5

OPEN = Row("open", "CPU of a click that reads and opens a modal", "empty slash", "ms", 9, 6)
COMMAND = Row("command", "CPU of /kaikaku 自分, read and answered", "empty slash", "ms", 9, 6)
ANSWER = Row("answer", "CPU of an answered modal, committed", "empty submission", "ms", 8, 6)
WITH_LETTER = Row("answer-letter", "the same, and its letter brought up to date", "the same", "ms")


@dataclass(frozen=True)
class CityAtWork:
    """The bot in a city whose rounds have just opened, and some items of different wards."""

    child: Child
    people: People
    items: Sequence[Item]
    url: str

    def refuse_lost_answers(self, submitted: int) -> None:
        """Raise unless so many submissions have become revisions."""

        def count(connection: Connection) -> None:
            stored = connection.execute(text("SELECT count(*) FROM revision")).scalar()
            if stored != submitted:
                raise RuntimeError(f"{submitted} answers were given, {stored} are stored")

        change(self.url, count)


@asynccontextmanager
async def city_at_work(bench: Bench, *, letters: bool = False) -> AsyncIterator[CityAtWork]:
    """``letters``: the notices of the opening day have been sent; else none has."""
    city = wards(bench.size.wards)

    def fill(connection: Connection) -> None:
        store(connection, city)

    url = bench.databases.copy("city", fill)
    if letters:
        await send_letters(bench, url, instant(OPENING))
    async with bench.bot(url) as (child, people):
        yield CityAtWork(child, people, _one_after_the_other(city)[: bench.size.deeds], url)


async def measure_open(bench: Bench) -> list[Measured]:
    """Ours acknowledges, reads and calls views.open."""
    async with city_at_work(bench) as at, bench.floor() as (bare, callers):

        async def floor() -> float:
            return await cpu(bare, [callers.sends(slash(item)) for item in at.items])

        async def ours() -> float:
            return await cpu(at.child, [at.people.opens(item) for item in at.items])

        return [Measured(OPEN, *await bench.pairs(floor, ours))]


async def measure_command(bench: Bench) -> list[Measured]:
    """Ours acknowledges, reads and calls the response URL."""
    async with city_at_work(bench) as at, bench.floor() as (bare, callers):

        async def floor() -> float:
            return await cpu(bare, [callers.sends(slash(item)) for item in at.items])

        async def ours() -> float:
            return await cpu(at.child, [at.people.asks(item.user_id, "自分") for item in at.items])

        return [Measured(COMMAND, *await bench.pairs(floor, ours))]


async def measure_answer(bench: Bench) -> list[Measured]:
    """Nobody has a letter yet that would have to change."""
    return [await _answers(bench, ANSWER, letters=False)]


async def measure_answer_with_letter(bench: Bench) -> list[Measured]:
    """As it is on a working day: the receipt is written into the letter by chat.update."""
    return [await _answers(bench, WITH_LETTER, letters=True)]


async def _answers(bench: Bench, row: Row, *, letters: bool) -> Measured:
    """Floor and ours are sent the same forms, filled in; each of ours is stored."""
    async with city_at_work(bench, letters=letters) as at, bench.floor() as (bare, callers):

        async def floor() -> float:
            await perform(at.child, [at.people.opens(i) for i in at.items], at_once=AT_ONCE)
            filled_in = [at.people.filled_in(item) for item in at.items]
            return await cpu(bare, [callers.sends(body) for body in filled_in], at_once=WRITERS)

        async def ours() -> float:
            given = [at.people.submits(item) for item in at.items]
            return await cpu(at.child, given, at_once=WRITERS)

        pairs = await bench.pairs(floor, ours)
        at.refuse_lost_answers((bench.size.runs + 1) * len(at.items))
        return Measured(row, *pairs)


async def cpu(child: Child, deeds: Sequence[Deed], *, at_once: int = AT_ONCE) -> float:
    """Milliseconds of CPU for each of these deeds."""
    return (await perform(child, deeds, at_once=at_once)).cpu * 1000


def slash(item: Item) -> bytes:
    """What the floors are sent."""
    return payloads.command(item.user_id, "自分")


async def send_letters(bench: Bench, url: str, at: datetime) -> None:
    """Everything that is due at an instant is sent."""
    database = Database(url)
    try:
        async with connected(token="xoxb-bench", base_url=bench.slack.api_url) as courier:
            office = Office(database, SetClock(at), FORMS)
            await sweep.run(office, courier, at=at, sleep=asyncio.sleep)
    finally:
        await database.dispose()


def _one_after_the_other(city: Sequence[Ward]) -> list[Item]:
    """All items, so that those who act at the same time belong to different wards."""
    items = [item for ward in city for item in ward.items]
    return sorted(items, key=lambda item: (item.place, item.round_id))
