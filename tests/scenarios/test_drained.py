"""A stop in the middle of many letters: what has begun is recorded, the rest is for the next."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bot.clock import SystemClock
from playground import Fault, SlackStandIn, User
from storage.database import Database
from tests.builders import add_initiative, add_ownership, add_person, add_plan, add_round, add_unit
from tests.databases import EITHER_KIND
from tests.scenarios.office import OPENING, instant
from tests.scenarios.processes import environment_for, kaikaku, kaikaku_running

OWNERS = 60


async def _owners(slack: SlackStandIn, database: Database) -> list[User]:
    users = [slack.add_user(f"owner{number}") for number in range(OWNERS)]
    async with database.begin() as uow:
        plan_id = await add_plan(uow, await add_unit(uow))
        await add_round(uow, plan_id)
        for position, user in enumerate(users, start=1):
            person = await add_person(uow, user.name, account=user.id, team=slack.team_id)
            item = await add_initiative(uow, plan_id, position)
            await add_ownership(uow, item, person)
        await uow.commit()
    return users


async def _states(database: Database) -> dict[str, int]:
    async with database.read() as uow:
        return await uow.outbox.counts()


@pytest.mark.parametrize("answers_after", [0.4, pytest.param(2.0, marks=EITHER_KIND)])
async def test_a_stop_in_the_middle_of_a_batch_leaves_no_letter_in_doubt(
    database: Database, database_url: str, tmp_path: Path, answers_after: float
) -> None:
    shift = instant(OPENING, "09:31") - SystemClock().now()
    (tmp_path / "offset").write_text(str(shift.total_seconds()), encoding="ascii")
    async with SlackStandIn() as slack:
        users = await _owners(slack, database)
        slack.faults.on("chat.postMessage", Fault.slow(answers_after))
        env = environment_for(slack, database_url, way="http")
        async with kaikaku_running(
            "work", env={**env, "KAIKAKU_CLOCK": str(tmp_path / "offset")}
        ) as process:
            await slack.wait_until(lambda: len(slack.calls("chat.postMessage")) >= 3, timeout=25)
            assert await process.stop(signal.SIGTERM) == 0
        states = await _states(database)
        reached = sum(len(slack.messages(user)) for user in users)
        slack.faults.clear()
        ended = await kaikaku("sweep", "--at", f"{OPENING}T09:32", env=env)
        counts = {len(slack.messages(user)) for user in users}

    assert ended.code == 0, ended.err
    assert set(states) == {"sent", "pending"}, states
    assert states["sent"] == reached
    assert counts == {1}
