"""Who above the owners hears of what is late, and of which items: the sections, then the ward head.

The second level is on where a round names a ward head, or asks two levels to confirm: then whoever
manages the whole unit. They hear of what the section chiefs have heard of before, as numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import Role
from bot.services import reviews
from bot.services.round_state import ItemRecord, RoundState
from storage.models import RoleGrant
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Escalation:
    """By person id, the items of which each hears: ``lists`` item by item, ``heads`` in numbers."""

    lists: Mapping[int, frozenset[int]]
    heads: Mapping[int, frozenset[int]]


async def escalation_of(uow: UnitOfWork, state: RoundState) -> Escalation:
    """Who hears of what is late in a round, as of the day of its state."""
    grants = await uow.people.grants_in_unit(state.unit_id, Role.MANAGER, state.today)
    chiefs = await reviews.chiefs_in(uow, state)
    named = state.round.ladder.ward_head_id
    everything = frozenset(item.id for item in state.items)
    lists: dict[int, frozenset[int]] = {}
    for grant in grants:
        if grant.person_id != named:
            read = frozenset(item.id for item in state.items if _lists(state, grant, item, chiefs))
            lists[grant.person_id] = lists.get(grant.person_id, frozenset()) | read
    if named is not None:
        return Escalation(lists, {named: everything})
    led = frozenset(item.id for item in state.items if _is_led(state, item, chiefs))
    heads = {grant.person_id: led for grant in grants if grant.section_id is None and led}
    return Escalation(lists, heads)


def without_led(
    state: RoundState, items: Sequence[ItemRecord], chiefs: Collection[int]
) -> list[ItemRecord]:
    """Of what a manager of the whole unit reads, what no section chief hears of first."""
    return [item for item in items if not _is_led(state, item, chiefs)]


def _lists(state: RoundState, grant: RoleGrant, item: ItemRecord, chiefs: Collection[int]) -> bool:
    if grant.section_id is None:
        return not _is_led(state, item, chiefs)
    return grant.section_id in item.access(state.unit_id).section_ids


def _is_led(state: RoundState, item: ItemRecord, chiefs: Collection[int]) -> bool:
    return bool(item.access(state.unit_id).section_ids & frozenset(chiefs))
