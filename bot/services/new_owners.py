"""Who took over something of a round, and is to be asked for it in the first days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.domain.handovers import told_between
from bot.domain.reminders import Due
from bot.domain.rounds import Step, StepKind, owner_steps
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing


def new_owners_due(
    state: RoundState, standing: Standing, told: Mapping[int, set[str]]
) -> list[Due]:
    """Who took over an item after they had been told of the newest step, for what they had then.

    They are asked for it in the first days, and not only when the next step comes. What had been
    sent back has no step of the ladder: of that they hear in any case.
    """
    due = _of_items_taken(state, standing, told, StepKind.TAKEN)
    if state.today > state.round.dates.closes:
        return due
    passed = [s for s in owner_steps(state.round, state.calendar) if s.day <= state.today]
    newest = passed[-1] if passed else None
    asked = _of_items_taken(state, standing, told, StepKind.HANDOVER)
    return due + [
        each
        for each in asked
        if newest and newest.day < _since(each.step) and newest.key in told.get(each.person_id, ())
    ]


def _of_items_taken(
    state: RoundState, standing: Standing, told: Mapping[int, set[str]], kind: StepKind
) -> list[Due]:
    """Who took over something of a kind, and is told of it these days for the first time.

    What was sent back while somebody was away is as new to them when they are back.
    """
    taken = {
        (person, since)
        for item in state.items
        if _came_as(kind, item, state.today)
        for person in standing.told(item.id) & item.attendance.present
        for since in _theirs_since(state, item, person, kind)
    }
    return [
        Due(person, state.round.id, step)
        for person, day in sorted(taken)
        for first, last in [told_between(day, state.paused_until, state.calendar)]
        for step in [Step(kind, f"{kind}:{day}", first)]
        if first <= state.today <= last and step.key not in told.get(person, ())
    ]


def _theirs_since(
    state: RoundState, item: ItemRecord, person: int, kind: StepKind
) -> Iterator[date]:
    yield from (o.valid_from for o in item.ownerships if o.person_id == person and o.valid_from)
    if kind is StepKind.TAKEN:
        ended = (each.last for each in state.presence.ended if each.person_id == person)
        yield from (last + timedelta(days=1) for last in ended if last is not None)


def _came_as(kind: StepKind, item: ItemRecord, today: date) -> bool:
    """Whether a step of that kind asks for it: not for what is to be mended today, of which another
    step speaks.
    """
    mend_by = item.status.mend_by
    if kind is StepKind.TAKEN:
        return mend_by is not None and mend_by > today
    return item.status.is_asked(today)


def _since(step: Step) -> date:
    return date.fromisoformat(step.key.partition(":")[2])
