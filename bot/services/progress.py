"""How far somebody is with their own items of a round, without what the items say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.domain.checkins import is_submitted, state_of
from bot.domain.fields import Field
from bot.domain.rounds import Round
from bot.services.round_state import asked_of, review_of
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Progress:
    """Items in the plan's order, and those of them that are still asked for."""

    items: tuple[int, ...] = ()
    outstanding: frozenset[int] = frozenset()

    @property
    def left(self) -> int:
        """How many are still asked for."""
        return len(self.outstanding)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.items)

    def following(self, item_id: int) -> int | None:
        """The next that is asked for after an item, from the top again at the end."""
        place = self.items.index(item_id) + 1 if item_id in self.items else 0
        in_turn = (*self.items[place:], *self.items[:place])
        return next((each for each in in_turn if each in self.outstanding), None)


async def progress_of(uow: UnitOfWork, round_: Round, item_ids: Collection[int]) -> Progress:
    """The progress with those of the items that belong to the round; one statement.

    Forms that ask of indicators take one more.
    """
    rows = await uow.readings.answers(round_.plan_id, round_.stage.key, item_ids)
    if round_.frozen:
        rows = [row for row in rows if row.published is not None]
    fields = await asked_of(uow, round_, [row.id for row in rows])
    asked = [row for row in rows if fields[row.id]]
    outstanding = frozenset(row.id for row in asked if _is_outstanding(row, round_, fields[row.id]))
    return Progress(tuple(row.id for row in asked), outstanding)


def _is_outstanding(row: Any, round_: Round, fields: tuple[Field, ...]) -> bool:
    if not row.revision:
        return True
    return not is_submitted(state_of(fields, row.answers, review_of(row, round_.levels)))
