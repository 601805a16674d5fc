"""C2: prompts that come twice from several workers, overlapping ticks or a second run."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from playground import Fault, SlackStandIn
from tests.peers.owners import messages_each, settle_owners
from tests.scenarios.office import OPENING
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
    again = await _swept(slack, database_url)
    assert (again["planned"], again["sent"]) == (0, 0)
    assert messages_each(slack, owners) == {1: OWNERS}


async def _swept(slack: SlackStandIn, database_url: str) -> dict[str, Any]:
    ended = await kaikaku(*MORNING, env=environment_for(slack, database_url, way="http"))
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found
