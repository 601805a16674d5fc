"""Keeping and disposing: a unit's rule, what is due by it, and the disposal of one plan."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.calendar import japanese_date
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound, Refused
from bot.domain.people import Viewer
from bot.domain.retention import LONGEST, Rule, is_due, kept_until
from bot.services import units, viewers
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views import retention as views
from bot.views.retention import Disposed, Keeping, KeptPlan, TypedRule
from storage.models import Disposal, Plan, Retention, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork

# Files imported until half a year after a plan's last year were read for it or for an earlier one.
_LAST_IMPORT = (10, 1)


@dataclass(frozen=True)
class Disposing:
    """A plan that its coordinator is about to dispose of, and how much there is of it."""

    keeping: Keeping
    plan: KeptPlan
    counts: Mapping[str, int]


async def open_keeping(office: Office, caller: Caller, unit_id: int) -> Keeping:
    """A unit's rule and plans, for its coordinator. Raises AccessDenied."""
    async with office.database.read() as uow:
        _, unit = await _coordinated(uow, office, caller, unit_id)
        return await _keeping(uow, office, unit)


async def keep(office: Office, caller: Caller, typed: TypedRule) -> tuple[Keeping, int]:
    """Store a unit's rule; what is kept by it, and how many plans are due.

    Raises AccessDenied, InvalidAnswers.
    """
    async with office.database.begin() as uow:
        viewer, unit = await _coordinated(uow, office, caller, typed.unit_id)
        if typed.years is None or not 1 <= typed.years <= LONGEST:
            raise InvalidAnswers({views.YEARS: views.YEARS_MISSING})
        rule = Rule(typed.years, typed.basis)
        await _store(uow, office, unit, rule, by=Actor.of(viewer))
        keeping = await _keeping(uow, office, unit)
        await uow.commit()
    return keeping, sum(plan.due for plan in keeping.plans)


async def open_disposal(office: Office, caller: Caller, plan_id: int) -> Disposing:
    """What disposing of a plan would take away. Raises AccessDenied, EntryClosed, NotFound.

    It is done, counted, and left undone.
    """
    async with office.database.begin() as uow:
        _, unit, plan = await _disposable(uow, office, caller, plan_id)
        keeping = await _keeping(uow, office, unit)
        kept = next(each for each in keeping.plans if each.plan_id == plan.id)
        return Disposing(keeping, kept, await uow.retentions.dispose(plan_id))


async def dispose(
    office: Office, caller: Caller, plan_id: int, typed_name: str
) -> tuple[str, Disposed]:
    """Take away a plan with all that was answered, decided and told about it; for good.

    What stays is the record with its numbers, and the audit trail, which holds no texts. Raises
    AccessDenied, EntryClosed, InvalidAnswers for another name than the unit's, NotFound.
    """
    async with office.database.begin() as uow:
        viewer, unit, plan = await _disposable(uow, office, caller, plan_id)
        if _folded(typed_name) != _folded(unit.name):
            raise InvalidAnswers({views.NAME: views.wrong_name(unit.name)})
        form, year = plan.form, plan.last_year
        counts = await uow.retentions.dispose(plan_id)
        counts["import_batch"] = await _forget_imports(uow, unit, year)
        record = Disposal(
            unit_id=unit.id or 0,
            form=form,
            fiscal_year=year,
            counts=counts,
            person_id=viewer.person_id,
            at=office.now(),
        )
        await uow.retentions.add(record)
        Trail(uow, office.now(), Actor.of(viewer)).note(
            "plan.dispose",
            f"plan:{plan_id}",
            {"unit": unit.id, "form": form, "fiscal_year": year, "counts": counts},
        )
        await uow.commit()
    done = Disposed(year, _form_name(office, form), record.at, viewer.name, counts)
    return unit.name, done


async def listing(office: Office, ward: str | None = None) -> list[Keeping]:
    """Every unit that has a plan or a record, in official order; or the one that is named."""
    async with office.database.read() as uow:
        wanted = [await units.find(uow, ward)] if ward else await uow.units.all()
        found = [await _keeping(uow, office, unit) for unit in wanted]
    return [each for each in found if ward or each.plans or each.disposals]


async def set_rule(office: Office, ward: str, *, years: int, basis: str | None) -> Keeping:
    """Store a unit's rule from the command line; None leaves its basis as it is.

    Raises NotFound, and Refused for a number of years that is none.
    """
    if not 1 <= years <= LONGEST:
        raise Refused(f"保存期間は1年から{LONGEST}年までで指定してください。")
    async with office.database.begin() as uow:
        unit = await units.find(uow, ward)
        known = await _rule(uow, unit)
        rule = Rule(years, known.basis if basis is None else basis)
        await _store(uow, office, unit, rule)
        keeping = await _keeping(uow, office, unit)
        await uow.commit()
    return keeping


async def _coordinated(
    uow: UnitOfWork, office: Office, caller: Caller, unit_id: int
) -> tuple[Viewer, Unit]:
    viewer = await viewers.registered(uow, caller, office.today())
    if not people.is_coordinator(viewer, unit_id):
        raise AccessDenied(views.MAY_NOT)
    unit = await uow.units.get(unit_id)
    if unit is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return viewer, unit


async def _disposable(
    uow: UnitOfWork, office: Office, caller: Caller, plan_id: int
) -> tuple[Viewer, Unit, Plan]:
    """The plan, held against rivals, if this person may dispose of it today."""
    viewer = await viewers.registered(uow, caller, office.today())
    plan = await uow.retentions.hold(plan_id)
    if plan is None or not people.is_coordinator(viewer, plan.unit_id):
        # Whoever coordinates nothing is told nothing of what there is.
        is_one = any(grant.role is people.Role.COORDINATOR for grant in viewer.grants)
        raise EntryClosed(views.GONE) if plan is None and is_one else AccessDenied(views.MAY_NOT)
    unit = await uow.units.get(plan.unit_id)
    if unit is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    if not is_due(plan.last_year, await _rule(uow, unit), office.today()):
        raise EntryClosed(views.NOT_YET)
    if _open_plans(await uow.rounds.of_plans([plan_id]), office.today()):
        raise EntryClosed(views.STILL_OPEN)
    return viewer, unit, plan


async def _keeping(uow: UnitOfWork, office: Office, unit: Unit) -> Keeping:
    rule, today = await _rule(uow, unit), office.today()
    plans = await uow.plans.of_unit(unit.id or 0)
    rounds = await uow.rounds.of_plans([plan.id or 0 for plan in plans])
    still_open = _open_plans(rounds, today)
    records = await uow.retentions.disposals(unit.id or 0)
    names = await uow.briefs.names({each.person_id for each in records})
    kept = [
        KeptPlan(
            plan.id or 0,
            plan.last_year,
            _form_name(office, plan.form),
            plan.name,
            kept_until(plan.last_year, rule),
            is_due(plan.last_year, rule, today),
            plan.id in still_open,
        )
        for plan in plans
    ]
    disposals = [
        Disposed(
            each.fiscal_year,
            _form_name(office, each.form),
            each.at,
            names.get(each.person_id, ""),
            each.counts,
        )
        for each in records
    ]
    kept.sort(key=lambda plan: (plan.fiscal_year, plan.plan_id))
    return Keeping(unit.id or 0, unit.name, rule, tuple(kept), tuple(disposals))


def _open_plans(rounds: Sequence[ReviewRound], today: date) -> set[int]:
    """The plans of which a round is under way or still to come."""
    return {row.plan_id for row in rounds if today <= max(row.closes, row.publishes)}


async def _rule(uow: UnitOfWork, unit: Unit) -> Rule:
    row = await uow.retentions.of(unit.id or 0)
    return Rule(row.years, row.basis or "") if row else Rule()


async def _store(
    uow: UnitOfWork, office: Office, unit: Unit, rule: Rule, *, by: Actor = COMMAND_LINE
) -> None:
    row = await uow.retentions.of(unit.id or 0)
    row = row or Retention(unit_id=unit.id or 0, years=rule.years)
    row.years, row.basis = rule.years, rule.basis
    await uow.retentions.add(row)
    Trail(uow, office.now(), by).note("retention.set", f"unit:{unit.id}", {"years": rule.years})


async def _forget_imports(uow: UnitOfWork, unit: Unit, year: int) -> int:
    """Files hold the plan's texts too, and what it takes to undo their import."""
    end = date(year + 1, *_LAST_IMPORT)
    batches = await uow.retentions.imports(unit.id or 0)
    return await uow.retentions.forget_imports(
        [batch.id or 0 for batch in batches if japanese_date(batch.at) < end]
    )


def _form_name(office: Office, form: str) -> str:
    return office.forms[form].name if form in office.forms else form


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
