"""CPU for each screen, from the request to the call that shows it. There is no must: look at it.

A new screen is a line in SCREENS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from tests.bench.bench import Bench
from tests.bench.city import Ward, store, ward_of
from tests.bench.load import Deed, People
from tests.bench.rows.interactions import cpu, slash
from tests.bench.table import Measured, Row

LARGEST = 145  # initiatives of one unit


@dataclass(frozen=True)
class Screen:
    """The nth somebody of a ward with 145 initiatives looks at something."""

    row: Row
    looks: Callable[[People, Ward, int], Deed]


def _status(people: People, ward: Ward, _nth: int) -> Deed:
    return people.asks(ward.manager, f"状況 {ward.name}")


def _mine(people: People, ward: Ward, nth: int) -> Deed:
    return people.asks(ward.owners[nth], "自分")


def _form(people: People, ward: Ward, nth: int) -> Deed:
    return people.opens(ward.items[nth])


def _home(people: People, ward: Ward, nth: int) -> Deed:
    return people.goes_home(ward.owners[nth])


def _row(name: str, work: str) -> Row:
    return Row(f"screen-{name}", f"CPU of a screen: {work}", "empty slash", "ms")


SCREENS = (
    Screen(_row("status", "status of 145 initiatives"), _status),
    Screen(_row("mine", "自分, 6 of 145 initiatives"), _mine),
    Screen(_row("form", "the form, 1 of 145 initiatives"), _form),
    Screen(_row("home", "Home of an owner, 6 of 145"), _home),
)
ROWS = tuple(screen.row for screen in SCREENS)


async def measure_screens(bench: Bench) -> list[Measured]:
    """Each screen again and again."""
    ward = ward_of(LARGEST)

    def fill(connection: Connection) -> None:
        store(connection, [ward])

    times = min(bench.size.deeds, len(ward.owners))
    url = bench.databases.copy("largest ward", fill)
    async with bench.bot(url) as (child, people), bench.floor() as (bare, callers):

        async def floor() -> float:
            return await cpu(bare, [callers.sends(slash(ward.items[0])) for _ in range(10 * times)])

        async def measure(screen: Screen) -> Measured:
            async def ours() -> float:
                return await cpu(child, [screen.looks(people, ward, nth) for nth in range(times)])

            return Measured(screen.row, *await bench.pairs(floor, ours))

        return [await measure(screen) for screen in SCREENS]
