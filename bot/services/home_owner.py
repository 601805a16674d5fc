"""Home of who answers: their items in every open round, and what was answered about them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.calendar import OfficeCalendar
from bot.domain.form import Field, Indicator, fields_of
from bot.domain.people import Viewer
from bot.domain.rounds import Round
from bot.services import home_rounds, round_state, status
from bot.services.office import Office
from bot.services.round_state import ItemRecord, RoundState
from bot.views.home_before import Before
from bot.views.home_owner import OwnerHome, PastHome, PastItem
from bot.views.mine import Mine
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork

_EVER = 0


@dataclass(frozen=True)
class _Held:
    """What the person may answer today, and every answer about it, of whichever year."""

    holdings: Sequence[Any]
    lineage: Sequence[Any]


async def owner_home(uow: UnitOfWork, office: Office, viewer: Viewer, *, contact: str) -> OwnerHome:
    """What the person is asked for, with last time's answers beside it."""
    held = await _held(uow, office, viewer)
    states = await _states(uow, office, viewer, held)
    found = [(state, part) for state in states if (part := status.mine_section(state, viewer))]
    before: dict[int, Before] = {}
    for state, _ in found:
        before |= _before(office, state, held)
    parts = sorted((part for _, part in found), key=lambda part: part.round.dates.due)
    mine = Mine(
        sections=tuple(parts), now=office.now(), owned=len(viewer.answerable), contact=contact
    )
    return OwnerHome(mine, before, has_past=bool(held.lineage))


async def past_home(
    uow: UnitOfWork, office: Office, viewer: Viewer, unit_names: Mapping[int, str]
) -> PastHome:
    """Every answer about the person's items, the newest year first, in printed order."""
    held = await _held(uow, office, viewer)
    items = {row.id: row for row in held.holdings}
    order = {item: place for place, item in enumerate(items)}
    answered: dict[tuple[int, int], list[Any]] = {}
    for row in held.lineage:
        if row.item_id in items:
            answered.setdefault((row.year, row.item_id), []).append(row)
    keys = sorted(answered, key=lambda key: (-key[0], order[key[1]]))
    return PastHome(
        tuple(
            _past(
                office,
                year,
                items[item],
                answered[year, item],
                viewer=viewer,
                unit_names=unit_names,
            )
            for year, item in keys
        )
    )


async def _held(uow: UnitOfWork, office: Office, viewer: Viewer) -> _Held:
    return _Held(
        await uow.overviews.holdings(viewer.answerable, office.today()),
        await uow.overviews.lineage(viewer.answerable, _EVER),
    )


async def _states(uow: UnitOfWork, office: Office, viewer: Viewer, held: _Held) -> list[RoundState]:
    """The rounds in which something may be asked of the person, with their items alone."""
    rows = home_rounds.rounds_in(
        await home_rounds.plans_of(uow, viewer.owner_units, office.today())
    )
    wanted = [row.round_id for row in rows if _may_ask(row, held, office.today())]
    rounds = await uow.briefs.rounds(wanted)
    closures = await uow.units.closures(viewer.owner_units)
    indicators = await uow.overviews.indicators({row.plan_id for row in held.holdings})
    names = await uow.briefs.names({row.entered_by for row in held.lineage if row.entered_by})
    return [
        _state(
            office,
            each,
            held,
            closures=closures[each[1].unit_id],
            indicators=indicators,
            names=names,
        )
        for each in rounds
    ]


def _may_ask(row: Any, held: _Held, today: date) -> bool:
    """Whether it is open, or something in it is asked for beyond its last day."""
    return today <= row.closes or any(
        each.sent_back_due or each.ask_again_on
        for each in held.lineage
        if (each.plan_id, each.stage) == (row.plan_id, row.stage)
    )


def _state(
    office: Office,
    found: tuple[ReviewRound, Plan, Unit],
    held: _Held,
    *,
    closures: frozenset[date],
    indicators: Sequence[Any],
    names: Mapping[int, str],
) -> RoundState:
    row, plan, unit = found
    form = office.forms[plan.form]
    round_ = round_state.to_round(row, plan, form, unit)
    return RoundState(
        round=round_,
        unit=unit,
        plan=plan,
        form=form,
        calendar=OfficeCalendar(closures),
        today=office.today(),
        items=_items(round_, held, indicators, names),
        names=names,
    )


def _items(
    round_: Round, held: _Held, indicators: Sequence[Any], names: Mapping[int, str]
) -> tuple[ItemRecord, ...]:
    owners: dict[int, list[Any]] = {}
    for row in held.holdings:
        if row.plan_id == round_.plan_id:
            owners.setdefault(row.id, []).append(row)
    answers = {
        row.initiative_id: row
        for row in held.lineage
        if row.plan_id == round_.plan_id and row.stage == round_.stage.key
    }
    listed = []
    for item, rows in owners.items():
        below = [Indicator(str(r.id), r.name) for r in indicators if r.initiative_id == item]
        fields = fields_of(round_.stage, indicators=below)
        if fields:
            listed.append(_item(round_, rows, answers.get(item), fields, names))
    return tuple(listed)


def _item(
    round_: Round,
    rows: list[Any],
    answer: Any,
    fields: tuple[Field, ...],
    names: Mapping[int, str],
) -> ItemRecord:
    people = {row.person_id: row.owner for row in rows}
    people |= {row.deputy_id: row.deputy for row in rows if row.deputy_id}
    return round_state.item_record(
        rows[0],
        rows,
        answer,
        fields,
        levels=round_.levels,
        sections={row.section_id: row.section for row in rows if row.section_id},
        names={**names, **people},
    )


def _before(office: Office, state: RoundState, held: _Held) -> dict[int, Before]:
    found = home_rounds.before_of(
        held.lineage, office.forms, state.round.fiscal_year, state.round.stage.key
    )
    ours = {item.id for item in state.items}
    return {item: each for item, each in found.items() if item in ours}


def _past(
    office: Office,
    year: int,
    item: Any,
    rows: Sequence[Any],
    *,
    viewer: Viewer,
    unit_names: Mapping[int, str],
) -> PastItem:
    readable = (row.initiative_id for row in rows if row.initiative_id in viewer.answerable)
    return PastItem(
        year=year,
        unit_name=unit_names.get(item.unit_id, ""),
        code=item.code,
        title=item.title,
        answers=tuple(home_rounds.before(row, office.forms) for row in rows),
        readable_id=next(readable, 0),
    )
