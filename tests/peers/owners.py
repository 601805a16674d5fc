"""Many owners of one initiative each: whom a round has to reach, all on the same morning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from playground import SlackStandIn, User
from storage.database import Database
from tests.builders import add_initiative, add_ownership, add_person, add_plan, add_round, add_unit


async def settle_owners(database_url: str, slack: SlackStandIn, count: int) -> list[User]:
    """So many owners of あおぞら区, all in the workspace; their round opens on 1 September."""
    users = [slack.add_user(f"owner{number}") for number in range(count)]
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


def messages_each(slack: SlackStandIn, owners: Sequence[User]) -> Counter[int]:
    """How many owners have how many messages: {1: all of them} is what is wanted."""
    return Counter(len(slack.messages(user)) for user in owners)
