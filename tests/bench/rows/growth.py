"""What a status and an idle sweep cost in tables of a million check-ins, against five hundred."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from tests.bench.bench import A_MORNING, Bench
from tests.bench.city import Ward, store, wards
from tests.bench.databases import Fill
from tests.bench.load import People, perform
from tests.bench.past import Past, store_past
from tests.bench.processes import Child
from tests.bench.rows.interactions import send_letters
from tests.bench.table import Measured, Row
from tests.scenarios.office import OPENING, instant

STATUS = Row(
    "status", "status of 40 initiatives, 1,000,000 check-ins", "500 check-ins", "ms", 1.2, 1.05
)
SWEEP = Row(
    "sweep", "sweep that finds nothing due, 1,000,000 check-ins", "500 check-ins", "ms", 1.5, 1.1
)

_OWN_YEARS, _ANSWERED = 6, 20  # of あおぞら区: 480 check-ins and 20 of this round
# The other units, five plans a year: 47 × 25 × 5 × 85 initiatives, each answered twice a year.
_MIGRATED, _ITEMS = 24, 85
_FORMS_OF_OTHERS = ("youshiki3", *(f"past-{n}" for n in range(1, 5)))


async def measure_status(bench: Bench) -> list[Measured]:
    """The manager of あおぞら区 asks; its years are the same in both, all others' are added."""
    times = max(bench.size.deeds // 5, 2)
    async with on_both(bench) as (small, large, ward):

        async def asked(child: Child, people: People) -> float:
            deeds = [people.asks(ward.manager, f"状況 {ward.name}") for _ in range(times)]
            batch = await perform(child, deeds, at_once=1)
            return (batch.cpu if bench.is_sqlite else batch.wall) * 1000

        return [Measured(STATUS, *await bench.pairs(lambda: asked(*small), lambda: asked(*large)))]


async def measure_sweep(bench: Bench) -> list[Measured]:
    """24 rounds are open, and everything that was due has been sent."""
    times = max(bench.size.deeds // 25, 1)
    async with on_both(bench) as ((small, _), (large, _), _):

        async def looked(child: Child) -> float:
            took = await child.ask("sweep", times=times)
            return float(took["cpu" if bench.is_sqlite else "wall"]) / times * 1000

        return [Measured(SWEEP, *await bench.pairs(lambda: looked(small), lambda: looked(large)))]


@asynccontextmanager
async def on_both(
    bench: Bench,
) -> AsyncIterator[tuple[tuple[Child, People], tuple[Child, People], Ward]]:
    """A bot on the small database, a bot on the large one, and the ward that both have.

    PostgreSQL works in processes of its own: there the time is taken, not the bot's CPU.
    """
    city = wards(bench.size.wards)

    def few(connection: Connection) -> None:
        store(connection, city, answered=_ANSWERED)
        own = Past((city[0].id,), years=_OWN_YEARS, first=100_001)
        store_past(connection, own)

    def many(connection: Connection) -> None:
        few(connection)
        units = (*range(1, _MIGRATED + 1), *(ward.id for ward in city[1:]))
        years = bench.size.past_years
        others = Past(units, years, first=10_000_001, forms=_FORMS_OF_OTHERS, items=_ITEMS)
        store_past(connection, others)

    small = await _nothing_due(bench, "five hundred", few)
    large = await _nothing_due(bench, "a million", many)
    async with bench.bot(small) as at_small, bench.bot(large) as at_large:
        yield at_small, at_large, city[0]


async def _nothing_due(bench: Bench, name: str, fill: Fill) -> str:
    """A database in which nothing is due any more on the morning of the measurement."""
    url = bench.databases.filled(name, fill)
    for at in (instant(OPENING), A_MORNING):
        await send_letters(bench, url, at)
    return url
