"""Answers out: a plan with everything answered about it, read from storage for one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.checkins import State, state_of
from bot.domain.confirmations import DecisionKind
from bot.domain.errors import NotFound
from bot.domain.fields import Indicator, fields_of
from bot.domain.form import Form, Scope, Stage
from bot.services import units
from bot.services.export_rows import Exported, Review, Subject, table_of
from bot.services.office import Office
from bot.services.round_state import review_of
from bot.sheets.export import ExportTable
from storage.models import (
    CheckIn,
    Decision,
    IndicatorRow,
    Initiative,
    Ownership,
    Plan,
    Revision,
    Unit,
)
from storage.unit_of_work import UnitOfWork


async def export_plan(
    office: Office,
    ward: str,
    *,
    year: int | None = None,
    stage_key: str | None = None,
    form_key: str | None = None,
) -> ExportTable:
    """A unit's plan with its answers, all stages or one; without a year the newest plan.

    Raises NotFound when there is no such unit, plan or stage.
    """
    async with office.database.read() as uow:
        unit = await units.find(uow, ward)
        plan = await plan_meant(
            uow, office, unit, year=year, stage_key=stage_key, form_key=form_key
        )
        form = office.forms[plan.form]
        stages = tuple(each for each in form.stages if stage_key in (None, each.key))
        stored = await _stored(uow, office, plan, stages)
    return table_of(Exported(unit.name, plan, form, stages, tuple(_subjects(stored, stages))))


@dataclass(frozen=True)
class _Stored:
    """All rows of a plan, read with a fixed number of queries."""

    initiatives: Sequence[Initiative]
    indicators: Sequence[IndicatorRow]
    check_ins: Sequence[CheckIn]
    revisions: Sequence[Revision]
    decisions: Sequence[Decision]
    levels: Mapping[str, int]  # by stage, how many confirm an answer
    ownerships: Sequence[Ownership]
    names: Mapping[int, str]
    sections: Mapping[int, str]


async def plan_meant(
    uow: UnitOfWork,
    office: Office,
    unit: Unit,
    *,
    year: int | None,
    stage_key: str | None,
    form_key: str | None,
) -> Plan:
    """The unit's newest plan of that year, form and stage, as far as they are given.

    Raises NotFound.
    """
    for plan in await uow.plans.of_unit(unit.id or 0):
        in_year = year is None or plan.first_year <= year <= plan.last_year
        form = office.forms[plan.form]
        if in_year and form_key in (None, form.key) and _has_stage(form, stage_key):
            return plan
    of_year = f"{era_year(year)}の" if year is not None else ""
    of_kind = "指定された様式・種類の" if stage_key or form_key else ""
    raise NotFound(f"{unit.name}の{of_year}{of_kind}計画はまだ登録されていません。")


def _has_stage(form: Form, stage_key: str | None) -> bool:
    return stage_key is None or any(stage.key == stage_key for stage in form.stages)


async def _stored(uow: UnitOfWork, office: Office, plan: Plan, stages: Iterable[Stage]) -> _Stored:
    plan_id = plan.id or 0
    initiatives = await uow.plans.initiatives(plan_id)
    check_ins = [row for stage in stages for row in await uow.check_ins.of_plan(plan_id, stage.key)]
    about = [row.id or 0 for row in check_ins]
    revisions = await uow.check_ins.revisions(about)
    decisions = await uow.decisions.of(about)
    ownerships = await uow.people.ownerships_in_plan(plan_id, office.today())
    people = {own.person_id for own in ownerships}
    people |= {each for row in revisions for each in (row.entered_by, row.entered_for) if each}
    people |= {each.person_id for each in decisions}
    named = await uow.people.named(people)
    return _Stored(
        initiatives=initiatives,
        indicators=await uow.plans.indicators([each.id or 0 for each in initiatives]),
        check_ins=check_ins,
        revisions=revisions,
        decisions=decisions,
        levels={row.stage: row.levels for row in await uow.rounds.of_plans([plan_id])},
        ownerships=ownerships,
        names={person_id: person.name for person_id, person in named.items()},
        sections=await uow.people.sections([o.section_id for o in ownerships if o.section_id]),
    )


def _subjects(stored: _Stored, stages: Sequence[Stage]) -> Iterable[Subject]:
    """Each initiative in printed order, then the unit as a whole where the form asks about it."""
    for initiative in stored.initiatives:
        yield _subject(stored, stages, initiative)
    if any(Scope.UNIT in stage.scopes for stage in stages):
        yield _subject(stored, stages, None)


def _subject(stored: _Stored, stages: Iterable[Stage], initiative: Initiative | None) -> Subject:
    item_id = initiative.id if initiative else None
    own = [each for each in stored.ownerships if each.initiative_id == item_id]
    sections = (stored.sections.get(each.section_id or 0, "") for each in own)
    return Subject(
        initiative=initiative,
        sections=tuple(filter(None, dict.fromkeys(sections))),
        owners=tuple(dict.fromkeys(stored.names.get(each.person_id, "") for each in own)),
        reviews={stage.key: _review(stored, stage, item_id) for stage in stages},
        indicators=[row for row in stored.indicators if row.initiative_id == item_id],
    )


def _review(stored: _Stored, stage: Stage, item_id: int | None) -> Review:
    below = [row for row in stored.indicators if row.initiative_id == item_id]
    indicators = [Indicator(str(row.id), row.name) for row in below]
    scope = Scope.UNIT if item_id is None else Scope.INITIATIVE
    fields = fields_of(stage, scope, indicators)
    row = next(
        (c for c in stored.check_ins if (c.initiative_id, c.stage) == (item_id, stage.key)), None
    )
    answers = row.answers if row else {}
    stands = review_of(row, stored.levels.get(stage.key, 0))
    state = state_of(fields, answers, stands)
    return Review(
        fields=fields,
        answers=answers,
        state=state,
        unreadable=frozenset(row.unreadable if row else ()),
        revisions=tuple(each for each in stored.revisions if row and each.check_in_id == row.id),
        names=stored.names,
        mend_by=stands.sent_back_due if state is State.SENT_BACK else None,
        confirmed=_confirmed(stored.decisions, row, stands.levels) if row else {},
    )


def _confirmed(decisions: Iterable[Decision], row: CheckIn, levels: int) -> dict[int, Decision]:
    """Who confirmed the answer that stands, by level."""
    return {
        each.level: each
        for each in decisions
        if each.check_in_id == row.id
        and each.kind == DecisionKind.CONFIRMED
        and each.revision == row.revision
        and each.level <= min(row.confirmed_level, levels)
    }
