"""CPU for each screen, from the request to the call that shows it. There is no must: look at it.

A new screen is a line in SCREENS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.views.actions import CONFIRM_LIST, HISTORY_OPEN, OWNERS_OPEN
from bot.views.targets import HistoryTarget
from tests.bench.bench import Bench
from tests.bench.city import (
    Ward,
    add_coordinator,
    add_observer,
    store,
    ward_of,
    wards_around,
)
from tests.bench.load import Deed, People
from tests.bench.rows.interactions import AT_ONCE, cpu, slash
from tests.bench.table import Measured, Row

LARGEST = 145  # initiatives of one unit
WARDS = 24
OBSERVER, COORDINATOR = "UBOBSERVER", "UBCOORDINATOR"


@dataclass(frozen=True)
class Screen:
    """The nth somebody of a ward with 145 initiatives looks at something."""

    row: Row
    looks: Callable[[People, Ward, int], Deed]
    at_once: int = AT_ONCE  # 1 where all are the same person


def _status(people: People, ward: Ward, _nth: int) -> Deed:
    return people.asks(ward.manager, f"状況 {ward.name}")


def _mine(people: People, ward: Ward, nth: int) -> Deed:
    return people.asks(ward.owners[nth], "自分")


def _form(people: People, ward: Ward, nth: int) -> Deed:
    return people.opens(ward.items[nth])


def _home(people: People, ward: Ward, nth: int) -> Deed:
    return people.goes_home(ward.owners[nth])


def _home_of_manager(people: People, ward: Ward, _nth: int) -> Deed:
    return people.goes_home(ward.manager)


def _home_of_coordinator(people: People, _ward: Ward, _nth: int) -> Deed:
    return people.goes_home(COORDINATOR)


def _list_to_confirm(people: People, ward: Ward, _nth: int) -> Deed:
    return people.presses(ward.manager, CONFIRM_LIST, str(ward.items[0].round_id))


def _owners(people: People, ward: Ward, _nth: int) -> Deed:
    return people.presses(COORDINATOR, OWNERS_OPEN, str(ward.id))


def _history(people: People, ward: Ward, nth: int) -> Deed:
    item = ward.items[nth]
    value = HistoryTarget(item.round_id, item.initiative_id).encode()
    return people.presses(ward.manager, HISTORY_OPEN, value)


def _home_of_observer(people: People, _ward: Ward, _nth: int) -> Deed:
    return people.goes_home(OBSERVER)


def _row(name: str, work: str) -> Row:
    return Row(f"screen-{name}", f"CPU of a screen: {work}", "empty slash", "ms")


SCREENS = (
    Screen(_row("status", "status of 145 initiatives"), _status),
    Screen(_row("mine", "自分, 6 of 145 initiatives"), _mine),
    Screen(_row("form", "the form, 1 of 145 initiatives"), _form),
    Screen(_row("home", "Home of an owner, 6 of 145"), _home),
)
# In a city of 24 wards, with half of the largest one's answers in.
HOMES = (
    Screen(_row("home-manager", "Home of a manager of 145"), _home_of_manager, 1),
    Screen(_row("home-coordinator", "Home of a coordinator of 145"), _home_of_coordinator, 1),
    Screen(_row("home-observer", "Home of an observer, 24 wards"), _home_of_observer, 1),
    Screen(_row("to-confirm", "the list to confirm, 50 of 72"), _list_to_confirm),
    Screen(_row("owners", "the owners of 145, 30 on a page"), _owners),
    Screen(_row("history", "the history of 1 of 145"), _history),
)
ROWS = tuple(screen.row for screen in (*SCREENS, *HOMES))


async def measure_screens(bench: Bench) -> list[Measured]:
    """Each screen again and again."""
    ward = ward_of(LARGEST)

    def fill(connection: Connection) -> None:
        store(connection, [ward])

    def fill_city(connection: Connection) -> None:
        store(connection, wards_around(ward, WARDS), answered=LARGEST // 2)
        add_observer(connection, OBSERVER)
        add_coordinator(connection, ward, COORDINATOR)

    return [
        *await _measure(bench, bench.databases.copy("largest ward", fill), ward, SCREENS),
        *await _measure(bench, bench.databases.copy("24 wards", fill_city), ward, HOMES),
    ]


async def _measure(bench: Bench, url: str, ward: Ward, screens: Sequence[Screen]) -> list[Measured]:
    times = min(bench.size.deeds, len(ward.owners))
    async with bench.bot(url) as (child, people), bench.floor() as (bare, callers):

        async def floor() -> float:
            return await cpu(bare, [callers.sends(slash(ward.items[0])) for _ in range(10 * times)])

        async def measure(screen: Screen) -> Measured:
            async def ours() -> float:
                looks = [screen.looks(people, ward, nth) for nth in range(times)]
                return await cpu(child, looks, at_once=screen.at_once)

            return Measured(screen.row, *await bench.pairs(floor, ours))

        return [await measure(screen) for screen in screens]
