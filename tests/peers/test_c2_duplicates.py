"""C2: prompts that come twice from several workers, overlapping ticks or a second run."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.clock import SetClock
from bot.domain.youshiki3 import FORMS
from bot.services import sweep
from bot.services.office import Office
from bot.slack.delivery import connected
from playground import Fault, SlackStandIn
from storage.database import Database
from tests.peers.owners import messages_each, settle_owners
from tests.scenarios.office import OPENING, instant
from tests.scenarios.processes import environment_for, kaikaku

OWNERS = 60
MORNING = ("sweep", "--at", f"{OPENING}T09:30", "--json")


async def test_three_processes_in_the_same_minute_send_each_letter_once(
    slack: SlackStandIn, database_url: str
) -> None:
    owners = await settle_owners(database_url, slack, OWNERS)
    slack.faults.on("chat.postMessage", Fault.slow(0.1))

    reports = await asyncio.gather(*(_swept(slack, database_url) for _ in range(3)))

    assert messages_each(slack, owners) == {1: OWNERS}
    assert sum(report["planned"] for report in reports) == OWNERS
    assert sum(report["sent"] for report in reports) == OWNERS
    again = (await _swept_here(slack, database_url)).counts()
    assert (again["planned"], again["sent"]) == (0, 0)
    assert messages_each(slack, owners) == {1: OWNERS}


async def _swept(slack: SlackStandIn, database_url: str) -> dict[str, Any]:
    ended = await kaikaku(*MORNING, env=environment_for(slack, database_url, way="http"))
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


async def _swept_here(slack: SlackStandIn, database_url: str) -> sweep.Report:
    """The second run, which needs no process of its own."""
    database, clock = Database(database_url), SetClock(instant(OPENING))
    office = Office(database, clock, FORMS)
    try:
        async with connected(token=slack.bot_token, base_url=slack.api_url) as courier:
            return await sweep.run(office, courier, at=clock.now(), sleep=asyncio.sleep)
    finally:
        await database.dispose()
