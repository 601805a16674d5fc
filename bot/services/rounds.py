"""Setting the dates and the ladder of a round, and listing rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.calendar import OfficeCalendar
from bot.domain.errors import EntryClosed, NotFound, Refused
from bot.domain.form import Stage
from bot.domain.plans import PlanState
from bot.domain.rounds import (
    LEVELS,
    USUAL_LEVELS,
    Round,
    RoundDates,
    closed_day_warnings,
    date_faults,
    default_dates,
)
from bot.services import round_state
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.stored_rounds import plan_with_stage
from bot.services.trails import Trail
from bot.views.entry_words import FROZEN
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class RoundSettings:
    """What a coordinator sets; None leaves what is stored, or the default on a new round.

    ``ladder`` holds the fields of the domain's Ladder that are to be set; ``reason``: why a round
    that has closed takes answers again, for the audit trail.
    """

    opens: date | None = None
    due: date | None = None
    closes: date | None = None
    publishes: date | None = None
    contact: str | None = None
    extension: str | None = None
    notice: str | None = None
    ward_head: str | None = None  # e-mail address or Slack id; "none" switches the summary off
    levels: int | None = None  # one of LEVELS; a new round has USUAL_LEVELS
    ladder: Mapping[str, object] | None = None
    reason: str = ""


@dataclass(frozen=True)
class RoundListing:
    """One round as lists show it."""

    unit_name: str
    fiscal_year: int
    stage: Stage
    dates: RoundDates
    contact: str
    extension: str
    notice: str
    warnings: tuple[str, ...] = ()
    paused_until: date | None = None  # None unless the unit's letters rest today
    levels: int = 0


async def set_round(
    office: Office,
    unit: Unit,
    *,
    year: int,
    stage_key: str,
    settings: RoundSettings,
    form_key: str | None = None,
) -> RoundListing:
    """Enter or change the round of a unit's plan; dates left out keep or take their default.

    Raises NotFound without a plan, Refused with every fault when the dates are out of order or
    there are no such levels.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        plan, form = await plan_with_stage(uow, office, unit, year, stage_key, form_key=form_key)
        stage = form.stage(stage_key)
        calendar = OfficeCalendar((await uow.units.closures([unit.id or 0]))[unit.id or 0])
        row = await uow.rounds.find(plan.id or 0, stage_key)
        dates = wanted_dates(settings, row, default_dates(stage, year, calendar), calendar)
        faults = date_faults(dates)
        if faults:
            raise Refused("日付の順序が正しくありません。何も登録していません。", faults)
        if settings.levels not in (None, *LEVELS):
            raise Refused("確認の段数は0、1、2のどれかです。何も登録していません。")
        if settings.ward_head is not None:
            head = await _ward_head(uow, settings.ward_head)
            settings = replace(settings, ladder={**(settings.ladder or {}), "ward_head_id": head})
        row = row or new_round(plan.id or 0, stage_key, dates)
        await store(uow, office, row, dates, settings, actor=COMMAND_LINE)
        await uow.commit()
    listing = listing_of(round_state.to_round(row, plan, form, unit), unit)
    return replace(listing, warnings=warnings_of(plan, dates, calendar))


async def store(
    uow: UnitOfWork,
    office: Office,
    row: ReviewRound,
    dates: RoundDates,
    settings: RoundSettings,
    *,
    actor: Actor,
) -> None:
    """Give a round, new or stored, its settings, with a note of who did it; the caller commits.

    Raises EntryClosed where it is published.
    """
    if row.frozen_at is not None:
        raise EntryClosed(FROZEN)
    reopens = bool(row.id) and row.closes < office.today() <= dates.closes
    before = {name: str(day) for name, day in columns(dates_of(row)).items()} if row.id else {}
    apply(row, dates, settings)
    await uow.rounds.add(row)
    after = {name: str(day) for name, day in columns(dates).items()}
    Trail(uow, office.now(), actor).note(
        "round.reopen" if reopens else "round.set",
        f"round:{row.id}",
        {
            **after,
            "levels": row.levels,
            **({"before": before} if before not in ({}, after) else {}),
            **({"reason": settings.reason} if settings.reason else {}),
        },
    )


async def list_rounds(
    office: Office, *, unit: Unit | None = None, year: int | None = None
) -> list[RoundListing]:
    """The rounds of a unit, or of all in official order, of one fiscal year or any."""
    async with office.database.read() as uow:
        units = [unit] if unit else await uow.units.all()
        return [
            listing_of(round_state.to_round(row, plan, office.forms[plan.form], each), each)
            for each in units
            for plan in await uow.plans.of_unit(each.id or 0)
            if year is None or plan.first_year <= year <= plan.last_year
            for row in await uow.rounds.of_plans([plan.id or 0])
        ]


def wanted_dates(
    settings: RoundSettings,
    row: ReviewRound | None,
    default: RoundDates,
    calendar: OfficeCalendar,
) -> RoundDates:
    """The four dates with what is left out: as stored, or on a new round as usual."""
    stored = dates_of(row) if row else default
    closes = settings.closes or stored.closes
    publishes = settings.publishes or stored.publishes
    if row is None and settings.publishes and not settings.closes:
        closes = calendar.before(publishes, 2)
    if row is None and settings.closes and not settings.publishes:
        publishes = max(publishes, calendar.after(closes, 2))
    return RoundDates(
        opens=settings.opens or stored.opens,
        due=settings.due or stored.due,
        closes=closes,
        publishes=publishes,
    )


def new_round(plan_id: int, stage_key: str, dates: RoundDates) -> ReviewRound:
    """A round with these dates and nothing else set; not stored yet."""
    return ReviewRound(
        plan_id=plan_id,
        stage=stage_key,
        opens=dates.opens,
        due=dates.due,
        closes=dates.closes,
        publishes=dates.publishes,
        ladder={},
        levels=USUAL_LEVELS,
    )


def dates_of(row: ReviewRound) -> RoundDates:
    """The dates of a stored round."""
    return RoundDates(row.opens, row.due, row.closes, row.publishes)


def columns(dates: RoundDates) -> dict[str, date]:
    """The dates by the names of their columns."""
    return {
        "opens": dates.opens,
        "due": dates.due,
        "closes": dates.closes,
        "publishes": dates.publishes,
    }


def apply(row: ReviewRound, dates: RoundDates, settings: RoundSettings) -> None:
    """Give a round its settings; nothing is stored."""
    for name, day in columns(dates).items():
        setattr(row, name, day)
    for name in ("contact", "extension", "notice"):
        given = getattr(settings, name)
        if given is not None:
            setattr(row, name, given)
    if settings.levels is not None:
        row.levels = settings.levels
    if settings.ladder is not None:
        row.ladder = {**row.ladder, **settings.ladder}


async def _ward_head(uow: UnitOfWork, text: str) -> int | None:
    if text == "none":
        return None
    person = await uow.people.by_email(text.strip().lower())
    person = person or await uow.people.by_slack_user(text.strip())
    if person is None:
        raise NotFound(
            f"「{text}」という人は登録されていません。kaikaku people import で登録してください。"
        )
    return person.id


def warnings_of(plan: Plan, dates: RoundDates, calendar: OfficeCalendar) -> tuple[str, ...]:
    """What a coordinator should know of these dates, one Japanese sentence each."""
    warnings = list(closed_day_warnings(dates, calendar))
    if plan.state != PlanState.FINAL:
        warnings.append("計画が「案」のため、確定するまでお知らせは送りません。")
    return tuple(warnings)


def listing_of(round_: Round, unit: Unit) -> RoundListing:
    """A round as lists show it."""
    return RoundListing(
        unit_name=unit.name,
        fiscal_year=round_.fiscal_year,
        stage=round_.stage,
        dates=round_.dates,
        contact=round_.contact,
        extension=round_.extension,
        notice=round_.notice,
        levels=round_.levels,
    )
