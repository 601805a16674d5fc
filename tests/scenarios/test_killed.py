"""Whatever Slack does to a process that sends: each owner has each notice exactly once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from playground import Fault, SlackStandIn, User
from storage.database import Database
from tests.builders import add_initiative, add_ownership, add_person, add_plan, add_round, add_unit
from tests.scenarios.office import OPENING
from tests.scenarios.processes import environment_for, kaikaku

MORNING = ("sweep", "--at", f"{OPENING}T09:30", "--json")
OWNERS = 60


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """A workspace in which a message takes its time."""
    async with SlackStandIn() as running:
        yield running


@pytest.fixture
async def owners(slack: SlackStandIn, database_url: str) -> list[User]:
    """Sixty owners of one item each, whose round opens."""
    users = [slack.add_user(f"owner{number}") for number in range(OWNERS)]
    database = Database(database_url)
    async with database.begin() as uow:
        plan_id = await add_plan(uow, await add_unit(uow))
        await add_round(uow, plan_id)
        for position, user in enumerate(users, start=1):
            item = await add_initiative(uow, plan_id, position)
            person = await add_person(uow, user.name, account=user.id, team=slack.team_id)
            await add_ownership(uow, item, person)
        await uow.commit()
    await database.dispose()
    return users


async def _swept(slack: SlackStandIn, database_url: str) -> dict[str, Any]:
    ended = await kaikaku(*MORNING, env=environment_for(slack, database_url, way="http"))
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def _counts(slack: SlackStandIn, owners: Sequence[User]) -> set[int]:
    """How many messages people have, each number once."""
    return {len(slack.messages(user)) for user in owners}


async def test_a_slack_that_takes_messages_and_says_so_badly_gets_each_notice_once(
    slack: SlackStandIn, owners: list[User], database_url: str
) -> None:
    ids = [user.id for user in owners]
    _befalls_once(slack, Fault.drop_after(), ids[0:20])
    _befalls_once(slack, Fault.server_error(500), ids[10:30])
    _befalls_once(slack, Fault.drop(), ids[30:40])
    _befalls_once(slack, Fault.error("fatal_error"), ids[35:45])
    _befalls_once(slack, Fault.rate_limited(retry_after=1), ids[45:47])

    report = await _swept(slack, database_url)

    assert _counts(slack, owners) == {1}
    assert (report["sent"], report["deferred"], report["unknown"]) == (OWNERS, 0, 0)


def _befalls_once(slack: SlackStandIn, fault: Fault, channels: Sequence[str]) -> None:
    """The first message to each of these people meets with this fault."""
    left = set(channels)

    def first_time(arguments: dict[str, Any]) -> bool:
        channel = arguments["channel"]
        found = channel in left
        left.discard(channel)
        return found

    slack.faults.on("chat.postMessage", fault, where=first_time)
