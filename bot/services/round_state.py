"""One round with everything about it as of a day: items, owners, answers, and where each stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import people
from bot.domain.absences import Attendance
from bot.domain.answers import is_provisional, is_undetermined
from bot.domain.calendar import OfficeCalendar
from bot.domain.checkins import Current, Review, Source, State, is_submitted, state_of
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Scope, Stage
from bot.domain.plans import TEXT_COLUMNS
from bot.domain.rounds import Ladder, Round, RoundDates, asked_on, entry_until
from bot.domain.status import Counts, ItemStatus, count
from bot.services.presence import EVERYBODY, Presence, presence_on
from bot.views.round_info import RoundInfo
from storage.models import CheckIn, Initiative, Ownership, Plan, ReviewRound, Unit
from storage.readings import ItemRows, Place
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ItemRecord:
    """An initiative in a round: its owners on the day, its answer if any, and its state."""

    initiative: Initiative
    ownerships: tuple[Ownership, ...]
    check_in: CheckIn | None
    fields: tuple[Field, ...]
    status: ItemStatus
    attendance: Attendance  # who is asked today: the owners, or who stands in for them
    published: bool = False  # it stands on the office's page, as far as it is answered

    @property
    def id(self) -> int:
        """The initiative's id."""
        return self.status.initiative_id

    @property
    def owner_ids(self) -> frozenset[int]:
        """Who owns it today."""
        return frozenset(own.person_id for own in self.ownerships)

    @property
    def is_unattended(self) -> bool:
        """Whether its owners are away and nobody stands in for them."""
        return bool(self.ownerships) and not self.attendance.asked

    @property
    def asked_again(self) -> date | None:
        """When provisional figures are to be confirmed; None when they are not provisional."""
        return self.check_in.ask_again_on if self.check_in else None

    def access(self, unit_id: int) -> people.Item:
        """The item as access rules see it."""
        sections = frozenset(own.section_id for own in self.ownerships if own.section_id)
        is_published = self.published and not self.status.outstanding
        disclosed = is_published or self.status.state is State.CONFIRMED
        return people.Item(self.id, unit_id, sections, disclosed)


@dataclass(frozen=True)
class RoundState:
    """One round as of ``today``."""

    round: Round
    unit: Unit
    plan: Plan
    form: Form
    calendar: OfficeCalendar
    today: date
    items: tuple[ItemRecord, ...]
    names: Mapping[int, str]
    presence: Presence = EVERYBODY

    @property
    def unit_id(self) -> int:
        """The unit's id."""
        return self.unit.id or 0

    @property
    def paused_until(self) -> date | None:
        """The last day of the unit's latest pause, past or present."""
        return self.unit.paused_until

    @property
    def info(self) -> RoundInfo:
        """What screens say of the round."""
        return round_info(self.round, self.unit, self.form)

    @property
    def days_left(self) -> int:
        """Business days to the due date; 0 on the day and after."""
        return self.calendar.days_between(self.today, self.round.dates.due)

    @property
    def days_late(self) -> int:
        """Business days since the due date; 0 until then, and once nothing is asked any more."""
        if self.round.frozen:
            return 0
        return self.calendar.days_between(self.round.dates.due, self.today)

    @property
    def statuses(self) -> tuple[ItemStatus, ...]:
        """Every item's status in the plan's order."""
        return tuple(item.status for item in self.items)

    @property
    def is_scheduled(self) -> bool:
        """Whether the round is stored; without one the dates are the usual ones, none is late."""
        return self.round.id != 0

    def counts(self) -> Counts:
        """The unit's numbers."""
        overdue = self.is_scheduled and self.round.is_overdue(self.today)
        return count(self.statuses, self.form, overdue=overdue)

    def item(self, initiative_id: int) -> ItemRecord | None:
        """The item of that id, None when the plan has none."""
        return next((item for item in self.items if item.id == initiative_id), None)

    def held_by(self, person_id: int) -> list[ItemRecord]:
        """The items that a person owns today."""
        return [item for item in self.items if person_id in item.owner_ids]

    def entry_until(self, item: ItemRecord) -> date:
        """The last day on which the owner may answer."""
        sent_back_due = item.status.review.sent_back_due
        return entry_until(self.round, self.asked_on(item), self.calendar, sent_back_due)

    def asked_on(self, item: ItemRecord) -> date | None:
        """When provisional figures are asked for again, pauses kept; None when not provisional."""
        if item.asked_again is None:
            return None
        return asked_on(item.asked_again, self.paused_until, self.calendar)


async def load(
    uow: UnitOfWork,
    row: ReviewRound,
    *,
    today: date,
    forms: Mapping[str, Form],
    only: Collection[int] | None = None,
) -> RoundState:
    """Read a round and its items as of a Japanese date; a fixed number of queries.

    ``only`` names the initiatives to read where not all are needed: counts are then theirs alone,
    and nobody is taken to be away.
    """
    place = await uow.readings.place(row.plan_id)
    if place is None:
        raise LookupError(f"round {row.id} has no plan or no unit")
    return await standing(uow, row, place, today=today, forms=forms, only=only)


async def load_by_id(
    uow: UnitOfWork,
    round_id: int,
    *,
    today: date,
    forms: Mapping[str, Form],
    only: Collection[int] | None = None,
) -> RoundState | None:
    """The same for the round of that id; None when there is none."""
    found = await uow.readings.round(round_id)
    if found is None:
        return None
    row, place = found
    return await standing(uow, row, place, today=today, forms=forms, only=only)


async def standing(
    uow: UnitOfWork,
    row: ReviewRound,
    place: Place,
    *,
    today: date,
    forms: Mapping[str, Form],
    only: Collection[int] | None,
) -> RoundState:
    """The same for a round and its plan that have been read."""
    plan, unit, form = place.plan, place.unit, forms[place.plan.form]
    round_ = to_round(row, plan, form, unit)
    found = await uow.readings.items(row.plan_id, row.stage, today, only)
    if round_.frozen:
        found = [item for item in found if _is_published(item.check_in)]
    presence = await presence_on(uow, today) if only is None else EVERYBODY
    names = {key: name for item in found for key, name in item.names.items()}
    names = {**presence.names, **names}
    items = await _items(uow, round_, form, found, presence)
    if Scope.UNIT in round_.stage.scopes:
        whole = await _unit_item(uow, round_, plan, form, names, today=today, presence=presence)
        items = (*items, whole)
    if _is_public(round_, today):
        items = tuple(replace(item, published=True) for item in items)
    return RoundState(
        round=round_,
        unit=unit,
        plan=plan,
        form=form,
        calendar=OfficeCalendar(place.closures),
        today=today,
        items=items,
        names=names,
        presence=presence,
    )


def _is_public(round_: Round, today: date) -> bool:
    """Whether the day has come; where somebody confirms answers, only of what was published."""
    has_come = round_.stage.published and today >= round_.dates.publishes
    return has_come and (round_.frozen or not round_.levels)


def to_round(row: ReviewRound, plan: Plan, form: Form, unit: Unit) -> Round:
    """The stored round as a value; where it names no contact, its unit's."""
    return Round(
        id=row.id or 0,
        plan_id=row.plan_id,
        fiscal_year=plan.last_year,
        stage=form.stage(row.stage),
        dates=RoundDates(row.opens, row.due, row.closes, row.publishes),
        contact=row.contact or unit.contact,
        extension=row.extension or unit.extension,
        notice=row.notice,
        ladder=to_ladder(row.ladder),
        levels=row.levels,
        frozen=row.frozen_at is not None,
    )


def to_ladder(stored: Mapping[str, object]) -> Ladder:
    """The ladder from its stored form; what is not stored is the default."""
    values = {key: tuple(v) if isinstance(v, list) else v for key, v in stored.items()}
    return Ladder(**values)  # type: ignore[arg-type]


def round_info(round_: Round, unit: Unit, form: Form) -> RoundInfo:
    """What screens say of a round."""
    return RoundInfo(
        round_id=round_.id,
        unit_name=unit.name,
        fiscal_year=round_.fiscal_year,
        form=form,
        stage=round_.stage,
        dates=round_.dates,
        contact=round_.contact,
        extension=round_.extension,
        notice=round_.notice,
        published=round_.frozen,
    )


def current(check_in: CheckIn | None) -> Current:
    """The newest revision of a stored check-in."""
    if check_in is None or check_in.revision == 0:
        return Current()
    return Current(
        number=check_in.revision,
        answers=check_in.answers,
        source=Source(check_in.source),
        entered_by=check_in.entered_by,
        at=check_in.at,
        sent_back=check_in.sent_back_due is not None,
    )


def review_of(check_in: CheckIn | None, levels: int) -> Review:
    """What managers have made of a stored check-in, in a round of so many levels.

    What is published waits for nobody: it is confirmed, or was published without.
    """
    if check_in is None:
        return Review(levels)
    if check_in.published is not None and check_in.confirmed_level < levels:
        levels = 0
    return Review(levels, check_in.confirmed_level, check_in.sent_back_due)


async def _items(
    uow: UnitOfWork, round_: Round, form: Form, found: Sequence[ItemRows], presence: Presence
) -> tuple[ItemRecord, ...]:
    ids = [each.initiative.id or 0 for each in found]
    fields = await asked_of(uow, round_, ids)
    return tuple(
        item_record(
            each.initiative,
            each.ownerships,
            each.check_in if each.check_in and each.check_in.revision else None,
            fields[each.initiative.id or 0],
            form=form,
            levels=round_.levels,
            sections=each.sections,
            names={**presence.names, **each.names} if presence.gone else each.names,
            presence=presence,
        )
        for each in found
        if fields[each.initiative.id or 0]  # a form may ask nothing of an item without indicators
    )


async def asked_of(
    uow: UnitOfWork, round_: Round, ids: Iterable[int]
) -> dict[int, tuple[Field, ...]]:
    """What a round asks of each item; of one that is published, what it asked then."""
    fields = await fields_by_initiative(uow, round_.stage, ids)
    if not round_.frozen or Scope.INDICATOR not in round_.stage.scopes:
        return fields
    publication = await uow.publications.of(round_.id)
    rows = publication.content["indicators"] if publication else []
    known = {"", *(str(row["id"]) for row in rows)}
    return {
        item_id: tuple(each for each in asked if each.about in known)
        for item_id, asked in fields.items()
    }


def _is_published(check_in: CheckIn | None) -> bool:
    """Whether an item is part of what was published; others joined the plan later."""
    return check_in is not None and check_in.published is not None


async def _unit_item(
    uow: UnitOfWork,
    round_: Round,
    plan: Plan,
    form: Form,
    names: dict[int, str],
    *,
    today: date,
    presence: Presence,
) -> ItemRecord:
    """What the form asks once per unit, as an item that the unit's coordinators answer.

    ``names`` learns who they are, and who answered.
    """
    whole = whole_unit(plan, form)
    grants = await uow.people.grants_in_unit(plan.unit_id, people.Role.COORDINATOR, today)
    asked = [Ownership(initiative_id=people.UNIT_ITEM, person_id=g.person_id) for g in grants]
    check_in = await uow.check_ins.find(plan.id or 0, None, round_.stage.key)
    answered = check_in if check_in and check_in.revision else None
    known = {own.person_id for own in asked} | {answered.entered_by or 0 if answered else 0}
    names |= {key: person.name for key, person in (await uow.people.named(known)).items()}
    return item_record(
        whole,
        asked,
        answered,
        fields_of(round_.stage, Scope.UNIT),
        form=form,
        levels=round_.levels,
        sections={},
        names=names,
        presence=presence,
    )


def whole_unit(plan: Plan, form: Form) -> Initiative:
    """What the form asks once per unit, as an item: it bears the name of its printed section."""
    return Initiative(
        id=people.UNIT_ITEM,
        plan_id=plan.id or 0,
        code=form.printed.unit,
        position=0,
        number=0,
        title=plan.name,
    )


async def fields_by_initiative(
    uow: UnitOfWork, stage: Stage, initiative_ids: Iterable[int]
) -> dict[int, tuple[Field, ...]]:
    """What is asked about each initiative; indicators are read where the stage asks of them."""
    ids = list(initiative_ids)
    if Scope.INDICATOR not in stage.scopes:
        return dict.fromkeys(ids, fields_of(stage))
    rows = await uow.plans.indicators(ids)
    below = {
        each: [
            Indicator(str(r.id), r.name, r.target or "") for r in rows if r.initiative_id == each
        ]
        for each in ids
    }
    return {each: fields_of(stage, indicators=below[each]) for each in ids}


def texts_of(initiative: Initiative) -> dict[str, str | None]:
    """An item's texts by the keys of its form: its columns, and what only the form knows."""
    columns: dict[str, str | None] = {key: getattr(initiative, key) for key in TEXT_COLUMNS}
    return {**columns, **initiative.details}


def item_record(
    initiative: Initiative,
    ownerships: list[Ownership],
    check_in: CheckIn | None,
    fields: tuple[Field, ...],
    *,
    form: Form,
    levels: int,
    sections: Mapping[int, str],
    names: Mapping[int, str],
    presence: Presence = EVERYBODY,
) -> ItemRecord:
    """What is known of one item, put together; ``names`` of people and ``sections`` are by id."""
    there = presence.of(ownerships)
    answers = check_in.answers if check_in else {}
    review = review_of(check_in, levels)
    state = state_of(fields, answers, review)
    status = ItemStatus(
        initiative_id=initiative.id or 0,
        code=form.shown_code(initiative.code),
        title=initiative.title,
        state=state,
        sections=_distinct(sections.get(o.section_id or 0, "") for o in ownerships if o.section_id),
        owners=_distinct(names.get(o.person_id, "") for o in ownerships),
        answers=answers,
        provisional=is_submitted(state) and is_provisional(fields, answers),
        undetermined=is_submitted(state) and is_undetermined(fields, answers),
        saved_at=check_in.at if check_in else None,
        entered_by=names.get(check_in.entered_by or 0, "") if check_in else "",
        review=review,
        away=there.is_away,
        deputies=_distinct(names.get(deputy, "") for deputy, _ in sorted(there.stand_ins)),
    )
    return ItemRecord(initiative, tuple(ownerships), check_in, fields, status, there)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
