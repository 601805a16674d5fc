"""Who answers for items, owners and their deputies, and the letters that ask them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.services.office import Office
from storage.models import Ownership
from storage.unit_of_work import UnitOfWork


def answerers_of(owned: Iterable[Ownership]) -> frozenset[int]:
    """The owners of these ownerships, and the deputies that they name."""
    return frozenset(each for own in owned for each in (own.person_id, own.deputy_id) if each)


async def look_again(office: Office, uow: UnitOfWork, item_ids: Collection[int]) -> None:
    """What stands in letters about these items, to whoever answers for them, is looked at again."""
    told = answerers_of(await uow.people.ownerships(item_ids))
    for row in await uow.rounds.of_plans(await uow.plans.plan_ids(item_ids)):
        await uow.letter_updates.ask(told, row.id or 0, office.machine.now())
