"""`make torture`: what sends is killed at 200 random moments, and messages are counted."""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.schema import upgrade
from tests.postgres_server import find_programs, running_postgres
from tests.torture.killing import OWNERS, Toll, torture

_KILLS_A_ROUND = 8
_SIDE_BY_SIDE = 2

Fresh = Callable[[Path], str]  # DATABASE_URL of a fresh database; a file of it is in that folder


def main() -> int:
    """Kill, count and tell; 1 when somebody has no message, or two."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each kind of database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="only this one")
    arguments = parser.parse_args()
    _say(f"seed {arguments.seed}")
    ends: list[bool] = []
    if arguments.database != "postgres":
        with _sqlite() as fresh:
            ends.append(_measured("SQLite", fresh, 1, arguments))
    if arguments.database != "sqlite":
        ends.append(_on_postgres(arguments))
    return 0 if all(ends) else 1


def _on_postgres(arguments: argparse.Namespace) -> bool:
    if find_programs() is None:
        _say("PostgreSQL: its programs (initdb, postgres) are not installed here")
        return True
    with _postgres() as fresh:
        return _measured("PostgreSQL", fresh, 3, arguments)


def _measured(kind: str, fresh: Fresh, crew: int, arguments: argparse.Namespace) -> bool:
    """Torture until so many have been killed; whether each owner has exactly one message."""
    started = time.monotonic()
    rounds = asyncio.run(_rounds(fresh, crew, arguments.kills, arguments.seed))
    toll = sum(rounds, Toll())
    owners, once = toll.messages.total(), toll.messages[1]
    none, several = toll.messages[0], owners - once - toll.messages[0]
    _say(
        f"{kind}, processes: {crew}, rounds of {OWNERS} owners: {len(rounds)}, "
        f"in {time.monotonic() - started:.0f} s",
        f"  killed {toll.kills.total()}: {toll.kills['before']} before the first message, "
        f"{toll.kills['between']} between, {toll.kills['after']} after the last",
        f"  letters in dead hands {toll.taken}, of which {toll.arrived} had reached Slack",
        f"  owners with one message {once} of {owners}, with none {none}, with more {several}",
    )
    return once == owners


async def _rounds(fresh: Fresh, crew: int, kills: int, seed: int) -> list[Toll]:
    """Rounds side by side, as many as it takes; the first waits for leases in real time."""
    ends: list[Toll] = []
    seeds = iter(range(seed, seed + 10**6))

    async def go_on() -> None:
        while (left := kills - sum(end.kills.total() for end in ends)) > 0:
            number = next(seeds)
            ends.append(
                await _round(fresh, crew, min(left, _KILLS_A_ROUND), number, number == seed)
            )

    await asyncio.gather(*(go_on() for _ in range(_SIDE_BY_SIDE)))
    return ends


async def _round(fresh: Fresh, crew: int, kills: int, seed: int, real_leases: bool) -> Toll:
    with tempfile.TemporaryDirectory() as folder:
        url = fresh(Path(folder))
        toll = await torture(
            url, Path(folder), seed=seed, kills=kills, crew=crew, real_leases=real_leases
        )
    if toll.messages[1] != OWNERS:
        _say(f"  the round of seed {seed}: messages {dict(toll.messages)}")
    return toll


@contextmanager
def _sqlite() -> Iterator[Fresh]:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        upgrade(f"sqlite:///{template}")

        def fresh(place: Path) -> str:
            shutil.copyfile(template, place / "kaikaku.db")
            return f"sqlite:///{place / 'kaikaku.db'}"

        yield fresh


@contextmanager
def _postgres() -> Iterator[Fresh]:
    programs = find_programs()
    assert programs
    with running_postgres(programs) as server:
        template = server.create()
        upgrade(server.url(template))
        yield lambda _place: server.url(server.create(template=template))


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
