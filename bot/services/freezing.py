"""Freezing a round: its answers are held, and stay as they stand; entry is over.

So are those of earlier reviews that become public with it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import OfficeCalendar
from bot.domain.form import Scope, Stage
from bot.domain.rounds import default_dates
from bot.services.documents import printed_stages
from bot.services.office import Office
from bot.services.round_state import RoundState
from storage.models import ReviewRound
from storage.unit_of_work import UnitOfWork


async def hold(uow: UnitOfWork, office: Office, row: ReviewRound) -> None:
    """Hold every answer of a round: whoever enters one now comes before us or after."""
    if row.frozen_at is not None:
        await uow.publications.hold_answers(row.plan_id, row.stage, [], office.now())
        return
    initiatives = [each.id for each in await uow.plans.initiatives(row.plan_id)]
    for stage in await _not_yet_published(uow, office, row):
        about = [*initiatives, *([None] if Scope.UNIT in stage.scopes else [])]
        await uow.publications.hold_answers(row.plan_id, stage.key, about, office.now())


async def freeze(
    uow: UnitOfWork, office: Office, row: ReviewRound, *, published_on: date, at: datetime
) -> None:
    """Note which answers are published; the round ends, published on that Japanese date."""
    for stage in await _not_yet_published(uow, office, row):
        await uow.publications.freeze_answers(row.plan_id, stage.key)
    row.frozen_at = at
    # Entry is over, and the day of publication is that on which it is published.
    await end(uow, row, published_on, last=min(office.today() - timedelta(days=1), published_on))


async def end(uow: UnitOfWork, row: ReviewRound, published_on: date, *, last: date) -> None:
    """Store when a round was published, and that nothing was entered after ``last``."""
    row.closes = min(row.closes, last)
    row.due = min(row.due, row.closes)
    row.publishes = published_on
    await uow.rounds.add(row)


async def content_of(uow: UnitOfWork, state: RoundState) -> dict[str, object]:
    """The plan's own texts: it may be imported anew while what was published stays."""
    initiatives = await uow.plans.initiatives(state.plan.id or 0)
    indicators = await uow.plans.indicators([each.id or 0 for each in initiatives])
    return {
        "plan": {"name": state.plan.name, "details": dict(state.plan.details)},
        "initiatives": [each.model_dump(mode="json") for each in initiatives],
        "indicators": [each.model_dump(mode="json") for each in indicators],
    }


async def _not_yet_published(uow: UnitOfWork, office: Office, row: ReviewRound) -> list[Stage]:
    """The reviews that become public with a round: its own, and earlier ones that were not yet.

    One that still takes answers is left alone, or is to: a form may print them in another order.
    """
    plan = await uow.plans.get(row.plan_id)
    if plan is None:
        raise LookupError(f"round {row.id} has no plan")
    form = office.forms[plan.form]
    stored = {each.stage: each for each in await uow.rounds.of_plans([row.plan_id])}
    found = []
    for stage in printed_stages(form, form.stage(row.stage)):
        own = stored.get(stage.key)
        dates = own or default_dates(stage, plan.last_year, OfficeCalendar())
        is_over = stage.key == row.stage or dates.closes < office.today()
        if is_over and (own is None or own.frozen_at is None):
            found.append(stage)
    return found
