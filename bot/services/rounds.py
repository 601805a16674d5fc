"""Setting the dates of a round, listing rounds, and saying beforehand who gets what and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.calendar import OfficeCalendar, era_year
from bot.domain.errors import NotFound, Refused
from bot.domain.form import Form, Stage
from bot.domain.people import Role
from bot.domain.reminders import falls_in_pause
from bot.domain.rounds import (
    Round,
    RoundDates,
    Step,
    closed_day_warnings,
    date_faults,
    default_dates,
    manager_steps,
    owner_steps,
)
from bot.services import round_state
from bot.services.office import Office
from bot.services.reach import NO_ACCOUNT, reach
from bot.services.reminders import readers_of
from bot.services.round_state import RoundState
from bot.services.units import pause_on
from storage.models import Plan, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork

Told = Mapping[int, Collection[str]]  # person id -> step keys already in a letter


@dataclass(frozen=True)
class RoundSettings:
    """What a coordinator sets; None leaves what is stored, or the default on a new round."""

    opens: date | None = None
    due: date | None = None
    closes: date | None = None
    publishes: date | None = None
    contact: str | None = None
    extension: str | None = None
    notice: str | None = None
    ward_head: str | None = None  # e-mail address or Slack id; "none" switches the summary off


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


@dataclass(frozen=True)
class PlannedNotice:
    """One line of a preview: on this day these people get this step about so many items."""

    day: date
    step: str
    person: str
    items: tuple[str, ...]  # codes
    reachable: bool
    silent: bool = False  # its day falls in a pause: it is not sent, then or later


@dataclass(frozen=True)
class RoundPreview:
    """Who will get what and when, and what stands in the way."""

    listing: RoundListing
    notices: tuple[PlannedNotice, ...]
    unowned: tuple[str, ...]  # codes of items without an owner
    without_account: tuple[str, ...]  # names of owners who can't be written to
    without_items: tuple[str, ...]  # names of people entered as owners who own nothing


async def set_round(
    office: Office, unit: Unit, *, year: int, stage_key: str, settings: RoundSettings
) -> RoundListing:
    """Enter or change the round of a unit's plan; dates left out keep or take their default.

    Raises NotFound without a plan, Refused with every fault when the dates are out of order.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        plan, form = await plan_with_stage(uow, office, unit, year, stage_key)
        stage = form.stage(stage_key)
        calendar = OfficeCalendar((await uow.units.closures([unit.id or 0]))[unit.id or 0])
        row = await uow.rounds.find(plan.id or 0, stage_key)
        dates = _dates(settings, row, default_dates(stage, year, calendar), calendar)
        faults = date_faults(dates)
        if faults:
            raise Refused("日付の順序が正しくありません。何も登録していません。", faults)
        row = row or new_round(plan.id or 0, stage_key, dates)
        _apply(row, dates, settings)
        if settings.ward_head is not None:
            head = await _ward_head(uow, settings.ward_head)
            row.ladder = {**row.ladder, "ward_head_id": head}
        await uow.rounds.add(row)
        uow.audit.note(
            "round.set",
            at=office.now(),
            actor="cli",
            subject=f"round:{row.id}",
            detail={name: str(value) for name, value in _columns(dates).items()},
        )
        await uow.commit()
    listing = _listing(round_state.to_round(row, plan, form, unit), unit)
    return replace(listing, warnings=_warnings(plan, dates, calendar))


async def list_rounds(
    office: Office, *, unit: Unit | None = None, year: int | None = None
) -> list[RoundListing]:
    """The rounds of a unit, or of all in official order, of one fiscal year or any."""
    async with office.database.read() as uow:
        units = [unit] if unit else await uow.units.all()
        return [
            _listing(round_state.to_round(row, plan, office.forms[plan.form], each), each)
            for each in units
            for plan in await uow.plans.of_unit(each.id or 0)
            if year is None or plan.first_year <= year <= plan.last_year
            for row in await uow.rounds.of_plans([plan.id or 0])
        ]


async def preview(office: Office, unit: Unit, *, year: int, stage_key: str) -> RoundPreview:
    """Who will get what and when if nothing is answered, as of today's owners."""
    async with office.database.read() as uow:
        plan, _ = await plan_with_stage(uow, office, unit, year, stage_key)
        row = await uow.rounds.find(plan.id or 0, stage_key)
        if row is None:
            raise NotFound(
                f"{unit.name}の{era_year(year)}の回はまだ登録されていません。"
                "kaikaku rounds set で登録してください。"
            )
        as_of = max(office.today(), row.opens) if office.today() <= row.closes else row.opens
        state = await round_state.load(uow, row, today=as_of, forms=office.forms)
        known = await reach(uow, state)
        readers = await readers_of(uow, state)
        told = await uow.outbox.told(state.round.id)
        entered = await uow.people.grants_in_unit(state.unit_id, Role.OWNER, as_of)
        ids = {grant.person_id for grant in entered} | set(readers)
        names = {**{k: p.name for k, p in (await uow.people.named(ids)).items()}, **state.names}
    owners = {person for item in state.items for person in item.owner_ids}
    notices = [
        *_owner_notices(state, names, set(known.accounts), told),
        *_manager_notices(state, names, readers, set(known.accounts), told),
    ]
    return RoundPreview(
        listing=replace(_listing(state.round, unit), paused_until=pause_on(unit, office.today())),
        notices=tuple(sorted(notices, key=lambda each: each.day)),
        unowned=tuple(item.status.code for item in state.items if not item.owner_ids),
        without_account=tuple(
            names.get(person, "")
            for person, why in known.unreachable.items()
            if why == NO_ACCOUNT or person not in known.accounts
        ),
        without_items=tuple(
            names.get(grant.person_id, "") for grant in entered if grant.person_id not in owners
        ),
    )


async def plan_with_stage(
    uow: UnitOfWork, office: Office, unit: Unit, year: int, stage_key: str
) -> tuple[Plan, Form]:
    """The unit's plan of a fiscal year whose form has the stage; NotFound says what is missing."""
    plans = await uow.plans.in_year(unit.id or 0, year)
    if not plans:
        raise NotFound(f"{unit.name}の{era_year(year)}の計画はまだ登録されていません。")
    for plan in plans:
        form = office.forms[plan.form]
        if any(stage.key == stage_key for stage in form.stages):
            return plan, form
    raise NotFound(f"{unit.name}の{era_year(year)}の様式には、この種類の振り返りはありません。")


def _dates(
    settings: RoundSettings,
    row: ReviewRound | None,
    default: RoundDates,
    calendar: OfficeCalendar,
) -> RoundDates:
    stored = RoundDates(row.opens, row.due, row.closes, row.publishes) if row else default
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
    )


def _columns(dates: RoundDates) -> dict[str, date]:
    return {
        "opens": dates.opens,
        "due": dates.due,
        "closes": dates.closes,
        "publishes": dates.publishes,
    }


def _apply(row: ReviewRound, dates: RoundDates, settings: RoundSettings) -> None:
    for name, day in _columns(dates).items():
        setattr(row, name, day)
    for name in ("contact", "extension", "notice"):
        given = getattr(settings, name)
        if given is not None:
            setattr(row, name, given)


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


def _warnings(plan: Plan, dates: RoundDates, calendar: OfficeCalendar) -> tuple[str, ...]:
    warnings = list(closed_day_warnings(dates, calendar))
    if plan.state != "final":
        warnings.append("計画が「案」のため、確定するまでお知らせは送りません。")
    return tuple(warnings)


def _listing(round_: Round, unit: Unit) -> RoundListing:
    return RoundListing(
        unit_name=unit.name,
        fiscal_year=round_.fiscal_year,
        stage=round_.stage,
        dates=round_.dates,
        contact=round_.contact,
        extension=round_.extension,
        notice=round_.notice,
    )


def _owner_notices(
    state: RoundState, names: dict[int, str], reachable: set[int], told: Told
) -> list[PlannedNotice]:
    owners = sorted({person for item in state.items for person in item.owner_ids})
    return [
        PlannedNotice(
            step.day,
            step.key,
            names.get(person, ""),
            _codes(state, person),
            person in reachable,
            _is_silent(state, step, told.get(person, ())),
        )
        for step in owner_steps(state.round, state.calendar)
        for person in owners
        if _codes(state, person)
    ]


def _is_silent(state: RoundState, step: Step, told: Collection[str]) -> bool:
    return falls_in_pause(step.day, state.paused_until) and step.key not in told


def _codes(state: RoundState, person: int) -> tuple[str, ...]:
    return tuple(item.status.code for item in state.held_by(person) if item.status.outstanding)


def _manager_notices(
    state: RoundState,
    names: dict[int, str],
    readers: dict[int, frozenset[int]],
    reachable: set[int],
    told: Told,
) -> list[PlannedNotice]:
    late = {item.id: item.status.code for item in state.items if item.status.outstanding}
    return [
        PlannedNotice(
            step.day,
            step.key,
            names.get(person, ""),
            tuple(late[each] for each in sorted(read) if each in late),
            person in reachable,
            _is_silent(state, step, told.get(person, ())),
        )
        for step in manager_steps(state.round, state.calendar, state.round.dates.closes)
        for person, read in sorted(readers.items())
        if read & set(late)
    ]
