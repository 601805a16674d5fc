"""Home of who looks on: how every unit stands, counted from the answers of all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.checkins import Review, State, is_submitted, state_of
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Scope, Stage
from bot.domain.status import Counts
from bot.services import home_rounds
from bot.services.office import Office
from bot.views.home_observer import ObserverHome, UnitAtHome
from storage.unit_of_work import UnitOfWork


async def observer_home(uow: UnitOfWork, office: Office, units: Mapping[int, str]) -> ObserverHome:
    """Units by id and name, in official order; texts and names are not even read."""
    today = office.today()
    rows = home_rounds.rounds_in(await home_rounds.plans_of(uow, units, today))
    chosen = {
        unit_id: home_rounds.current_of([row for row in rows if row.unit_id == unit_id], today)
        for unit_id in units
    }
    plans = {row.plan_id for row in chosen.values() if row is not None}
    items = _by_plan(await uow.overviews.items(plans))
    answers = _by_plan(await uow.overviews.answers(plans))
    indicators = await uow.overviews.indicators(plans)
    return ObserverHome(
        tuple(
            UnitAtHome(name)
            if (row := chosen[unit_id]) is None
            else UnitAtHome(
                name,
                home_rounds.info_of(row, name, office.forms),
                _counts(row, office.forms[row.form], items, answers, indicators),
            )
            for unit_id, name in units.items()
        )
    )


def _by_plan(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.plan_id, []).append(row)
    return found


def _counts(
    row: Any,
    form: Form,
    items: Mapping[int, Sequence[Any]],
    answers: Mapping[int, Sequence[Any]],
    indicators: Sequence[Any],
) -> Counts:
    """The numbers of one round; without those that need names and days."""
    stage = form.stage(row.stage)
    fields = _fields(stage, [each.id for each in items.get(row.plan_id, ())], indicators)
    given = {
        each.initiative_id: each for each in answers.get(row.plan_id, ()) if each.stage == row.stage
    }
    states = [_state(asked, given.get(item), row.levels) for item, asked in fields.items()]
    return Counts(
        total=len(states),
        submitted=sum(map(is_submitted, states)),
        outstanding=sum(not is_submitted(state) for state in states),
        overdue=0,
        provisional=0,
        undetermined=0,
        confirmed=states.count(State.CONFIRMED),
        sent_back=states.count(State.SENT_BACK),
        marks={},
    )


def _fields(
    stage: Stage, item_ids: Iterable[int], indicators: Sequence[Any]
) -> dict[int | None, tuple[Field, ...]]:
    """What is asked about each initiative, and (None) about the whole unit."""
    found: dict[int | None, tuple[Field, ...]] = {}
    plain = fields_of(stage)
    below: dict[int, list[Indicator]] = {}
    for each in indicators:
        below.setdefault(each.initiative_id, []).append(Indicator(str(each.id), each.name))
    for item in item_ids:
        asked = fields_of(stage, indicators=below[item]) if item in below else plain
        if asked:
            found[item] = asked
    if Scope.UNIT in stage.scopes:
        found[None] = fields_of(stage, Scope.UNIT)
    return found


def _state(fields: tuple[Field, ...], answer: Any, levels: int) -> State:
    if answer is None:
        return State.OUTSTANDING
    review = Review(levels, answer.confirmed_level, answer.sent_back_due)
    return state_of(fields, answer.answers, review)
