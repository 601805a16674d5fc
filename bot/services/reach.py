"""Who of a round can be written to in Slack, and why the others can't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import Role
from bot.services.round_state import ItemRecord, RoundState
from storage.models import Account
from storage.unit_of_work import UnitOfWork

NO_ACCOUNT = "no-account"
DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Reach:
    """``accounts``: person id -> account to write to. ``unreachable``: who is asked for something,
    as owner or for one who is away -> "no-account", "deactivated", or Slack's last error word.
    """

    accounts: Mapping[int, Account]
    unreachable: Mapping[int, str]


async def reach(uow: UnitOfWork, state: RoundState) -> Reach:
    """The accounts of owners, managers and coordinators, and which owners can't be told."""
    told = {person for item in state.items for person in item.owner_ids | item.attendance.asked}
    found = await uow.people.accounts(told | await _staff(uow, state))
    active = {key: account for key, account in found.items() if account.deactivated_at is None}
    refused = await uow.correspondence.undeliverable(state.round.id)
    asked = {p for item in state.items if _is_asked(state, item) for p in item.attendance.asked}
    unreachable = {
        person: refused.get(person) or (DEACTIVATED if person in found else NO_ACCOUNT)
        for person in sorted(asked)
        if person not in active or person in refused
    }
    return Reach(active, unreachable)


def _is_asked(state: RoundState, item: ItemRecord) -> bool:
    """Whether something is wanted of the owner today: an answer, or figures that are known now."""
    again = item.asked_again
    return item.status.outstanding or (again is not None and again <= state.today)


async def _staff(uow: UnitOfWork, state: RoundState) -> set[int]:
    grants = [
        grant
        for role in (Role.MANAGER, Role.COORDINATOR)
        for grant in await uow.people.grants_in_unit(state.unit_id, role, state.today)
    ]
    head = state.round.ladder.ward_head_id
    return {grant.person_id for grant in grants} | ({head} if head is not None else set())
