"""What the letters about one round have in common: its ladder, who holds what, who may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.letters import LetterState
from bot.domain.rounds import Step, StepKind, mend_key, owner_steps, planned_step
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing
from bot.views.round_info import RoundInfo
from storage.models import Letter

# Steps whose key names their day.
_DATED = (
    StepKind.CONFIRM,
    StepKind.MANAGERS,
    StepKind.WARD_HEAD,
    StepKind.MEND,
    StepKind.PLANNED,
    StepKind.HANDOVER,
    StepKind.TAKEN,
)


@dataclass(frozen=True)
class Facts:
    """What the letters about a round have in common, worked out once: most of it counts days."""

    ladder: Mapping[str, Step]
    held: Mapping[int, Sequence[ItemRecord]]  # by person
    standing: Standing
    info: RoundInfo
    days_left: int
    days_late: int

    def items_of(self, owners: frozenset[int]) -> list[ItemRecord]:
        """What any of these people own, each item once."""
        found = {item.id: item for owner in sorted(owners) for item in self.held.get(owner, ())}
        return list(found.values())

    def may_name(self, item: ItemRecord, letter: Letter, owners: frozenset[int]) -> bool:
        """Whether the letter's reader may hear of an item today, as its owner or in place of one
        of these owners.
        """
        reader, there = letter.person_id, item.attendance
        stands = reader in there.present & owners or any(
            (reader, owner) in there.stand_ins for owner in owners
        )
        return stands and reader in self.standing.told(item.id)


@dataclass(frozen=True)
class Told:
    """The lines of one section: the owners whose items it names, and once it is sent the items
    that stood in it; None where that is known of the letter as a whole.
    """

    owners: frozenset[int]
    line_ids: tuple[int, ...]
    named: frozenset[int] | None = None


def facts_of(state: RoundState, standing: Standing) -> Facts:
    """What is true of a round today; counting its days is most of the work."""
    held: dict[int, list[ItemRecord]] = {}
    for item in state.items:
        for person in item.owner_ids:
            held.setdefault(person, []).append(item)
    ladder = {step.key: step for step in owner_steps(state.round, state.calendar)}
    return Facts(ladder, held, standing, state.info, state.days_left, state.days_late)


def step_of(ladder: Mapping[str, Step], key: str, day: date) -> Step | None:
    """The step of that key; ``day`` for those whose day the ladder does not know."""
    for kind in (StepKind.CONFIRM, StepKind.MEND, StepKind.HANDOVER, StepKind.TAKEN):
        if key.startswith(f"{kind}:"):
            return Step(kind, key, day)
    if key.startswith(f"{StepKind.PLANNED}:"):
        return planned_step(date.fromisoformat(key.partition(":")[2]))
    return ladder.get(key)


def day_of(ladder: Mapping[str, Step], key: str) -> date:
    """The day of a line's step; far ahead for one that the round has no longer."""
    kind, _, day = key.partition(":")
    if kind in _DATED:
        return date.fromisoformat(day)
    if kind == StepKind.COORDINATOR:
        return date.max  # named after what it reports; the letter's own day counts
    step = step_of(ladder, key, date.max)
    return step.day if step else date.max


def named_items(
    letter: Letter, facts: Facts, step: Step, today: date, told: Told
) -> list[ItemRecord]:
    """What the letter asks for; once sent, the items it named, answered or not.

    Where a letter was found by its key after it had lost its reason, any of them may stand in it
    that was theirs on its day.
    What its reader has asked the coordinator about is left out, and everything until their own day.
    """
    mine = facts.items_of(told.owners)
    if letter.state == LetterState.SENT.value:
        if not letter.item_ids:
            return [item for item in mine if _was_owned(item, told.owners, letter.day)]
        listed = letter.item_ids if told.named is None else told.named
        return [item for item in mine if item.id in listed]
    asked = asked_items(mine, step, today)
    return [item for item in asked if facts.may_name(item, letter, told.owners)]


def _was_owned(item: ItemRecord, owners: frozenset[int], day: date) -> bool:
    return any(
        own.person_id in owners and (own.valid_from is None or own.valid_from <= day)
        for own in item.ownerships
    )


def asked_items(mine: Sequence[ItemRecord], step: Step, today: date) -> list[ItemRecord]:
    """Which of these items a step asks for today."""
    if step.kind is StepKind.CONFIRM:
        return [item for item in mine if item.asked_again is not None and item.asked_again <= today]
    if step.kind is StepKind.MEND:
        return [item for item in mine if mend_key(item.status.mend_by) == step.key]
    if step.kind is StepKind.TAKEN:
        return [item for item in mine if item.status.mend_by is not None]
    if step.kind is StepKind.HANDOVER:
        since = date.fromisoformat(step.key.partition(":")[2])
        mine = [item for item in mine if any(o.valid_from == since for o in item.ownerships)]
    return [item for item in mine if item.status.is_asked(today)]


def outstanding(state: RoundState, section_id: int | None) -> list[ItemRecord]:
    """What is still asked for in a round, or in one section of its unit."""
    return [
        item
        for item in state.items
        if item.status.is_asked(state.today)
        and (section_id is None or section_id in item.access(state.unit_id).section_ids)
    ]
