"""The rounds that a batch of letters is about, read together, with what its readers own of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar import OfficeCalendar
from bot.domain.fields import fields_of
from bot.domain.form import Form, Scope
from bot.domain.rounds import Round
from bot.services import round_state
from bot.services.presence import Presence, presence_on
from bot.services.round_state import ItemRecord, RoundState, item_record, to_round
from storage.models import ReviewRound
from storage.readings import Place
from storage.unit_of_work import UnitOfWork

# round id -> the people whose items are named; None where a letter counts all items.
Readers = Mapping[int, Collection[int] | None]


async def read_together(
    uow: UnitOfWork, readers: Readers, *, today: date, forms: Mapping[str, Form]
) -> dict[int, RoundState]:
    """Each round as of a Japanese date, with the items that its readers own, or whole.

    The number of queries does not depend on how many rounds are read in part. Raises LookupError
    for a round that is not there.
    """
    found = {row.id or 0: (row, place) for row, place in await uow.readings.rounds(readers)}
    if missing := set(readers) - set(found):
        raise LookupError(f"letters are about rounds that are not there: {sorted(missing)}")
    in_part = {key for key in found if _is_plain(found[key], forms) and readers[key] is not None}
    whole = {
        key: await round_state.standing(uow, row, place, today=today, forms=forms, only=None)
        for key, (row, place) in found.items()
        if key not in in_part
    }
    told = {person for key in in_part for person in readers[key] or ()}
    parts = await _parts(uow, [found[key] for key in sorted(in_part)], told, today, forms)
    return {**whole, **parts}


def _is_plain(found: tuple[ReviewRound, Place], forms: Mapping[str, Form]) -> bool:
    """Whether the stage asks of initiatives alone, neither below nor above them."""
    row, place = found
    return forms[place.plan.form].stage(row.stage).scopes == {Scope.INITIATIVE}


async def _parts(
    uow: UnitOfWork,
    found: Sequence[tuple[ReviewRound, Place]],
    told: Collection[int],
    today: date,
    forms: Mapping[str, Form],
) -> dict[int, RoundState]:
    if not found:
        return {}
    owned = await uow.briefs.owned({row.plan_id for row, _ in found}, told, today)
    answers = await uow.briefs.answers({row.id for row in owned})
    names = await uow.briefs.names(
        {row.person_id for row in owned} | {row.entered_by for row in answers if row.entered_by}
    )
    sections = await uow.people.sections({row.section_id for row in owned if row.section_id})
    presence = await presence_on(uow, today)
    states = {}
    for row, place in found:
        plan, unit, form = place.plan, place.unit, forms[place.plan.form]
        round_ = to_round(row, plan, form, unit)
        states[round_.id] = RoundState(
            round=round_,
            unit=unit,
            plan=plan,
            form=form,
            calendar=OfficeCalendar(place.closures),
            today=today,
            items=_items(
                round_,
                owned,
                answers,
                form=form,
                names=names,
                sections=sections,
                presence=presence,
            ),
            names=names,
            presence=presence,
        )
    return states


def _items(
    round_: Round,
    owned: Iterable[Any],
    answers: Iterable[Any],
    *,
    form: Form,
    names: Mapping[int, str],
    sections: Mapping[int, str],
    presence: Presence,
) -> tuple[ItemRecord, ...]:
    fields = fields_of(round_.stage)
    given = {row.initiative_id: row for row in answers if row.stage == round_.stage.key}
    items: dict[int, list[Any]] = {}
    for row in owned:
        if row.plan_id == round_.plan_id:
            items.setdefault(row.id, []).append(row)
    return tuple(
        item_record(
            rows[0],
            rows,
            given.get(key),
            fields,
            form=form,
            levels=round_.levels,
            sections=sections,
            names=names,
            presence=presence,
        )
        for key, rows in items.items()
    )
