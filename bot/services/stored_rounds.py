"""A round that is stored: by its id, or by the ward, year and kind that somebody names."""

from __future__ import annotations

from bot.domain.calendar import era_year
from bot.domain.errors import NotFound, Refused
from bot.domain.form import Form
from bot.services import units
from bot.services.office import Office
from bot.views.entry_words import ITEM_NOT_FOUND
from bot.views.publications import no_round
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


async def by_id(uow: UnitOfWork, round_id: int) -> ReviewRound:
    """The round of an id, which may be old or forged. Raises NotFound."""
    row = await uow.rounds.get(round_id)
    if row is None:
        raise NotFound(ITEM_NOT_FOUND)
    return row


async def named(
    uow: UnitOfWork,
    office: Office,
    ward: str,
    *,
    year: int,
    stage_key: str,
    form_key: str | None,
) -> ReviewRound:
    """The stored round of the unit that a text names. Raises NotFound, Refused."""
    unit = await units.find(uow, ward)
    plan, form = await plan_with_stage(uow, office, unit, year, stage_key, form_key=form_key)
    row = await uow.rounds.find(plan.id or 0, stage_key)
    if row is None:
        raise NotFound(no_round(unit.name, form.stage(stage_key).title))
    return row


async def plan_with_stage(
    uow: UnitOfWork,
    office: Office,
    unit: Unit,
    year: int,
    stage_key: str,
    *,
    form_key: str | None = None,
) -> tuple[Plan, Form]:
    """The unit's plan of a fiscal year whose form has the stage; NotFound says what is missing.

    Raises Refused where plans of several forms have it and none of them is named.
    """
    plans = await uow.plans.in_year(unit.id or 0, year)
    if not plans:
        raise NotFound(f"{unit.name}の{era_year(year)}の計画はまだ登録されていません。")
    named = [(plan, office.forms[plan.form]) for plan in plans if form_key in (None, plan.form)]
    found = [(plan, form) for plan, form in named if form.has_stage(stage_key)]
    if not found:
        raise NotFound(f"{unit.name}の{era_year(year)}の様式には、この種類の振り返りはありません。")
    if len(found) > 1:
        keys = "、".join(f"{form.key}({form.name})" for _, form in found)
        words = "この種類の振り返りは、いくつかの様式にあります。--form で選んでください："
        raise Refused(words + keys)
    return found[0]
