"""Whom a round may speak to today, and about which item: one answer for planning and composing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.consultations import is_silent_until, speaks_again_on
from bot.services.round_state import RoundState
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Standing:
    """How people stand to one round today.

    ``asked``: item id -> of whom it is asked. ``consulting``: item id -> who asked the coordinator
    about it and wait for the answer. ``planned``: person id -> the day until which they are left
    alone, on which they mean to answer. ``consultations``: ids of what waits for an answer.
    """

    today: date
    asked: Mapping[int, frozenset[int]]
    consulting: Mapping[int, frozenset[int]] = field(default_factory=dict)
    planned: Mapping[int, date] = field(default_factory=dict)
    consultations: tuple[int, ...] = ()

    def told(self, item_id: int) -> frozenset[int]:
        """Who may hear of an item today: those asked who have not been promised silence."""
        waiting = self.consulting.get(item_id, frozenset())
        return frozenset(
            person
            for person in self.asked.get(item_id, frozenset()) - waiting
            if not is_silent_until(self.planned.get(person), self.today)
        )


async def standing_of(uow: UnitOfWork, state: RoundState) -> Standing:
    """How people stand to one round, on the day of its state."""
    return (await standings_of(uow, [state]))[state.round.id]


async def standings_of(uow: UnitOfWork, states: Iterable[RoundState]) -> dict[int, Standing]:
    """The same for several rounds, by id; the number of statements does not depend on how many."""
    rounds = {state.round.id: state for state in states}
    silences: dict[int, list[Any]] = {key: [] for key in rounds}
    for row in await uow.consultations.silences(rounds) if rounds else ():
        silences[row.round_id].append(row)
    return {key: _standing(state, silences[key]) for key, state in rounds.items()}


def _standing(state: RoundState, silences: Iterable[Any]) -> Standing:
    consulting: dict[int, frozenset[int]] = {}
    planned: dict[int, date] = {}
    open_ = []
    for row in silences:
        if row.day is None:
            people = consulting.get(row.initiative_id, frozenset())
            consulting[row.initiative_id] = people | {row.person_id}
            open_.append(row.id)
        else:
            due, calendar = state.round.dates.due, state.calendar
            planned[row.person_id] = speaks_again_on(row.day, due=due, calendar=calendar)
    asked = {item.id: item.attendance.asked for item in state.items}
    return Standing(state.today, asked, consulting, planned, tuple(sorted(open_)))
