"""Who is to be told what, given now: pure decisions over one round, before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.absences import split_key, stand_in_key
from bot.domain.calendar import OfficeCalendar
from bot.domain.rounds import (
    Round,
    Step,
    StepKind,
    confirm_step,
    mend_step,
    owner_steps,
    planned_step,
)


@dataclass(frozen=True)
class OpenItem:
    """An item of a round as reminders see it.

    ``recipients`` are the people to tell today; ``asked_again`` is the day on which provisional
    figures are to be confirmed, None when there are none; ``mend_by`` until when it is to be
    mended, None unless it was sent back. ``stand_ins`` are (deputy, owner who is away): they are
    told each step for that owner. ``unattended``: its owners are away, and nobody stands in.
    """

    id: int
    recipients: frozenset[int]
    outstanding: bool
    asked_again: date | None = None
    mend_by: date | None = None
    stand_ins: frozenset[tuple[int, int]] = frozenset()
    unattended: bool = False


@dataclass(frozen=True)
class Due:
    """One line of a letter: this person is to be told this step of this round."""

    person_id: int
    round_id: int
    step: Step


Done = Mapping[int, Collection[str]]  # person id -> step keys of this round already in a letter


def owners_due(
    round_: Round,
    items: Iterable[OpenItem],
    done: Done,
    *,
    today: date,
    calendar: OfficeCalendar,
    planned: Mapping[int, date] | None = None,
) -> list[Due]:
    """What owners are to be told today: of all steps that have passed only the newest.

    The round's ladder for what is outstanding, with the day that somebody ``planned`` for
    themselves; the confirmation of provisional figures for those that are known by now; what is to
    be mended by today. A person gets at most one line of each.
    """
    listed = list(items)
    own = _due_to(round_, listed, done, today=today, calendar=calendar, planned=planned or {})
    pairs = sorted({pair for item in listed for pair in item.stand_ins})
    return own + [
        due
        for deputy, owner in pairs
        for due in _due_to_deputy(
            (deputy, owner), round_, listed, done, today=today, calendar=calendar
        )
    ]


def _due_to_deputy(
    pair: tuple[int, int],
    round_: Round,
    items: Iterable[OpenItem],
    done: Done,
    *,
    today: date,
    calendar: OfficeCalendar,
) -> list[Due]:
    """What a deputy is told for one owner, whatever they were told for others or themselves."""
    deputy, owner = pair
    theirs = [
        replace(item, recipients=frozenset({deputy}))
        for item in items
        if pair in item.stand_ins and deputy not in item.recipients
    ]
    told = {key for key, of in map(split_key, done.get(deputy, ())) if of == owner}
    due = _due_to(round_, theirs, {deputy: told}, today=today, calendar=calendar, planned={})
    return [
        replace(each, step=replace(each.step, key=stand_in_key(each.step.key, owner)))
        for each in due
    ]


def _due_to(
    round_: Round,
    listed: list[OpenItem],
    done: Done,
    *,
    today: date,
    calendar: OfficeCalendar,
    planned: Mapping[int, date],
) -> list[Due]:
    ladder = owner_steps(round_, calendar) if today <= round_.dates.closes else ()
    late = {person for item in listed if item.outstanding for person in item.recipients}
    due = [
        Due(person, round_.id, step)
        for person in sorted(late)
        for steps in [_with_planned(ladder, planned.get(person))]
        if (step := newest(steps, today, done.get(person, ())))
    ]
    mending = _mendings(round_, listed, done, today, calendar)
    return due + _confirmations(round_, listed, done, today) + mending


def above_due(
    round_: Round,
    readers: Mapping[int, frozenset[int]],
    items: Sequence[OpenItem],
    done: Done,
    steps: Sequence[Step],
    *,
    today: date,
) -> list[Due]:
    """Who is told of what is late in what they read (person id -> item ids), and by which step.

    ``steps`` are ``manager_steps`` for those who get the list, ``ward_head_steps`` for those who
    get the numbers.
    """
    if today > round_.dates.closes:
        return []
    outstanding = {item.id for item in items if item.outstanding and not item.unattended}
    return [
        Due(person, round_.id, step)
        for person, read in sorted(readers.items())
        if read & outstanding and (step := newest(steps, today, done.get(person, ())))
    ]


def confirmers_due(
    round_: Round, waiting: Mapping[int, Collection[str]], done: Done, *, today: date
) -> list[Due]:
    """Which managers are told that something waits for them (person id -> keys of what waits).

    Each answer at each level once; on the day entry closes what still waits is said once more.
    """
    due = []
    for person, keys in sorted(waiting.items()):
        told = done.get(person, ())
        new = [key for key in sorted(keys) if key not in told]
        last = f"{StepKind.TO_CONFIRM}:closes:{round_.dates.closes}"
        if keys and today == round_.dates.closes and last not in told:
            new.append(last)
        due += [Due(person, round_.id, Step(StepKind.TO_CONFIRM, key, today)) for key in new]
    return due


def newest(steps: Sequence[Step], today: date, done: Collection[str]) -> Step | None:
    """The newest step that has come, unless it is done. Older ones are never sent late."""
    passed = [step for step in steps if step.day <= today]
    if not passed or passed[-1].key in done:
        return None
    return passed[-1]


def falls_in_pause(day: date, paused_until: date | None) -> bool:
    """Whether a step of that day, not told yet, stays unsaid for ever because its unit paused.

    What a pause has covered, and what had gone unsaid before it began, is not sent in bulk when it
    ends: the ladder goes on from the first step whose day comes after the pause. ``day`` is that
    of ``counted_on``.
    """
    return paused_until is not None and day <= paused_until


def counted_on(key: str, day: date, today: date) -> date:
    """The day by which a pause is asked whether it silences a step of that key and day.

    No later step asks again for provisional figures: that request stands until it is made, and is
    made on the first business day after a pause.
    """
    return today if key.startswith(f"{StepKind.CONFIRM}:") else day


def _with_planned(ladder: Sequence[Step], day: date | None) -> Sequence[Step]:
    """The ladder with a person's own day, on which the round's own step says enough."""
    if day is None or not ladder:
        return ladder
    return sorted((planned_step(day), *ladder), key=lambda step: step.day)


def _mendings(
    round_: Round, items: list[OpenItem], done: Done, today: date, calendar: OfficeCalendar
) -> list[Due]:
    asked = {
        (person, step.key): step
        for item in items
        if item.mend_by is not None
        for step in [mend_step(item.mend_by, calendar)]
        for person in item.recipients
        if step.day == today and step.key not in done.get(person, ())
    }
    return [Due(person, round_.id, step) for (person, _), step in sorted(asked.items())]


def _confirmations(round_: Round, items: list[OpenItem], done: Done, today: date) -> list[Due]:
    days: dict[int, set[date]] = {}
    for item in items:
        if item.asked_again is not None and not item.outstanding:
            for person in item.recipients:
                days.setdefault(person, set()).add(item.asked_again)
    return [
        Due(person, round_.id, step)
        for person, asked in sorted(days.items())
        if (step := newest(_confirm_steps(asked), today, done.get(person, ())))
    ]


def _confirm_steps(days: Iterable[date]) -> list[Step]:
    return [confirm_step(day) for day in sorted(days)]
