"""Letters: how fast they leave with every state committed, and how many calls each takes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from playground import SlackStandIn, User
from storage.database import Database
from tests.bench.bench import Bench
from tests.bench.city import store, wards
from tests.bench.databases import change
from tests.bench.processes import Child
from tests.bench.table import Measured, Row
from tests.scenarios.office import OPENING, instant

LETTERS = Row(
    "letters",
    "letters a second, 7 blocks each, every state committed",
    "bare slack_sdk",
    "/s",
    0.25,
    0.5,
    at_least=True,
)
LETTERS_CPU = Row(
    "letters-cpu",
    "such letters for a second of CPU",
    "bare slack_sdk",
    "/s",
    0.25,
    0.5,
    at_least=True,
)
CALLS = Row("calls", "API calls for a direct message", "one", "", 1)

MORNING = instant(OPENING)
_SHARE = 3  # items of an owner: a notice of three items has seven blocks
_BLOCKS = 7


async def measure_letters(bench: Bench) -> list[Measured]:
    """The floor posts the very messages that ours has posted before."""
    url = await letters_due(bench)
    async with bench.bot(url, at=MORNING) as (child, _), bench.floor() as (bare, _):
        messages = await _messages(bench, url, child)
        count = len(messages.read_text(encoding="utf-8").splitlines())
        path = str(messages)
        taken = [
            (await bare.ask("post", messages=path), await deliver(url, child))
            for _ in range(bench.size.runs + 1)
        ]
    note = f"{count} letters a run"
    return [
        Measured(LETTERS, *_rates(taken[1:], count, "wall"), note=note),
        Measured(LETTERS_CPU, *_rates(taken[1:], count, "cpu"), note=note),
    ]


def _rates(
    taken: list[tuple[Any, Any]], count: int, by: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    floors, mine = zip(*((count / bare[by], count / ours[by]) for bare, ours in taken), strict=True)
    return floors, mine


async def letters_due(bench: Bench) -> str:
    """A database in which all notices of the opening day wait to be sent."""
    city = wards(bench.size.letter_wards, share=_SHARE, even=True)

    def fill(connection: Connection) -> None:
        store(connection, city)

    url = bench.databases.copy("letters", fill)
    database = Database(url)
    try:
        await sweep.plan(Office(database, SetClock(MORNING), FORMS), at=MORNING)
    finally:
        await database.dispose()
    return url


async def _messages(bench: Bench, url: str, child: Child) -> Path:
    """What the first delivery posts, as a file."""
    bench.slack.kept = []
    await deliver(url, child)
    kept, bench.slack.kept = bench.slack.kept, None
    if {len(message["blocks"]) for message in kept} != {_BLOCKS}:
        raise RuntimeError("the letters have another length than the table says")
    path = bench.folder / "messages.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in kept), encoding="utf-8")
    return path


async def deliver(url: str, child: Child) -> Any:
    """All letters wait again, and are delivered as the clock delivers them."""
    change(url, lambda connection: connection.execute(_WAITING))
    took = await child.ask("deliver")
    change(url, _refuse_unsent)
    return took


_WAITING = text(
    "UPDATE letter SET state = 'pending', attempts = 0, lease_until = NULL, sent_at = NULL,"
    " next_try_at = '2026-01-01 00:00:00.000000'"
)


def _refuse_unsent(connection: Connection) -> None:
    left = connection.execute(text("SELECT count(*) FROM letter WHERE state <> 'sent'")).scalar()
    if left:
        raise RuntimeError(f"{left} letters were not sent")


async def measure_calls(bench: Bench) -> list[Measured]:
    """Against the strict stand-in: every owner has one message, and nothing else was called."""
    city = wards(10)

    def fill(connection: Connection) -> None:
        store(connection, city)

    database = Database(bench.databases.copy("calls", fill))
    try:
        async with SlackStandIn() as slack:
            owners = [User(n, n, f"{n}@example.jp") for ward in city for n in ward.owners]
            for owner in owners:
                slack.workspace.put_user(owner)
            await _sweep(database, slack)
            messages = [len(slack.messages(owner)) for owner in owners]
            calls = [call for call in slack.calls() if call.method != "auth.test"]
    finally:
        await database.dispose()
    if set(messages) != {1}:
        raise RuntimeError("somebody was written to twice, or not at all")
    return [Measured(CALLS, (float(len(owners)),), (float(len(calls)),), note="auth.test aside")]


async def _sweep(database: Database, slack: SlackStandIn) -> None:
    office = Office(database, SetClock(MORNING), FORMS)
    async with connected(token=slack.bot_token, base_url=slack.api_url) as courier:
        await sweep.run(office, courier, at=MORNING, sleep=asyncio.sleep)
