"""What a coordinator makes of a round in Slack: looked at beforehand, then stored.

Entering a round, moving its dates, ending entry early and taking answers again after it has closed
are one act each: new settings for a round. Of several units at once each is asked about.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

from bot.domain.calendar import OfficeCalendar
from bot.domain.errors import EntryClosed, InvalidAnswers, Refused
from bot.domain.people import Viewer
from bot.domain.rounds import RoundDates
from bot.services import round_state, viewers
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.round_places import Place, alike, place_at, place_of, places_of
from bot.services.rounds import RoundSettings, apply, columns, dates_of, new_round, store
from bot.services.unit_plans import plan_of
from bot.services.viewers import Caller
from bot.views import round_settings as views
from bot.views.carried import UNREADABLE
from bot.views.entry_words import FROZEN
from bot.views.round_previews import UnitPlan
from bot.views.round_settings import RoundForm, Standing
from bot.views.targets import RoundTarget
from bot.views.typed_rounds import AFTER, BEFORE, DATES, HEAD, LEVEL, REASON, TypedRound
from storage.models import ReviewRound
from storage.unit_of_work import UnitOfWork

_SOON = 3  # business days until the due date that is offered where a round is reopened


async def open_form(office: Office, caller: Caller, target: RoundTarget) -> RoundForm:
    """A round's settings to be changed, or the usual ones of a round that is to be.

    Raises AccessDenied for all but the unit's coordinator, EntryClosed for what is published.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        place = await place_at(uow, office, viewer, target)
        _refuse_published(place)
        typed = await _offered(uow, office, place, caller.team_id)
        return await _form(uow, office, viewer, place, typed)


async def retyped(office: Office, caller: Caller, typed: TypedRound) -> RoundForm:
    """The form again with what was typed."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        place = await place_of(uow, office, viewer, typed)
        return await _form(uow, office, viewer, place, typed)


async def open_closing(
    office: Office, caller: Caller, round_id: int
) -> tuple[TypedRound, list[UnitPlan]]:
    """What ending entry today would bring about; EntryClosed where it does not run."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        place = await place_at(uow, office, viewer, RoundTarget(round_id))
        _refuse_published(place)
        typed = await _offered(uow, office, place, caller.team_id)
        today = office.today()
        if place.row is None or today < place.row.opens:
            raise EntryClosed(views.NOT_OPEN)
        if place.row.closes < today:
            raise EntryClosed(views.IS_CLOSED)
        typed = replace(typed, closes=today, due=min(place.row.due, today))
        return typed, await _plans(uow, office, viewer, typed, caller.team_id)


async def look(office: Office, caller: Caller, typed: TypedRound) -> list[UnitPlan]:
    """What these settings would bring about in each unit; nothing is stored.

    Raises InvalidAnswers for what is missing or out of order, AccessDenied for a unit of others.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        return await _plans(uow, office, viewer, typed, caller.team_id)


async def change(office: Office, caller: Caller, typed: TypedRound) -> tuple[str, ...]:
    """Store these settings in each unit, once however often they come; the rounds' full titles.

    What they bring about is not worked out again: others who write wait meanwhile. Raises as
    ``look`` does, and EntryClosed where the round has changed since it was opened.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer = await viewers.registered(uow, caller, office.today())
        places = await places_of(uow, office, viewer, typed)
        _refuse_faults(places[0], typed, office.today())
        head = await _head(uow, caller.team_id, typed, places[0])
        actor = Actor.of(viewer)
        changed = False
        for place in places:
            first = place.plan.id == typed.plan_id
            wanted = _settings(typed, head, own=first)
            row = _with(place, typed, wanted)
            if place.row is not None and _facts(place.row) == _facts(row):
                continue
            if first and _seen(place.row) != typed.seen:
                raise EntryClosed(views.MOVED_ON)
            stored = place.row or new_round(place.plan.id or 0, place.stage, _dates(typed))
            await store(uow, office, stored, _dates(typed), wanted, actor=actor)
            changed = True
        if changed:
            await uow.commit()
    return tuple(place.title for place in places)


def _refuse_published(place: Place) -> None:
    if place.row is not None and place.row.frozen_at is not None:
        raise EntryClosed(FROZEN)


async def _form(
    uow: UnitOfWork, office: Office, viewer: Viewer, place: Place, typed: TypedRound
) -> RoundForm:
    stored = {row.stage for row in await uow.rounds.of_plans([place.plan.id or 0])}
    shown = typed
    standing, late = Standing.NEW, 0
    if place.row is not None:
        standing = _standing(place.row, office.today())
        state = await round_state.load(uow, place.row, today=office.today(), forms=office.forms)
        late = sum(item.status.outstanding for item in state.items)
    return RoundForm(
        title=place.title,
        round_id=(place.row.id or 0) if place.row else 0,
        standing=standing,
        values=shown,
        others={
            each.unit.id or 0: each.unit.name for each in await alike(uow, office, viewer, place)
        },
        stages={
            stage.key: stage.title
            for stage in place.form.stages
            if stage.key not in stored and stage.key != place.stage
        },
        overdue=late if standing is Standing.OVERDUE else 0,
        due=place.row.due if place.row else None,
        closed_on=place.row.closes if place.row else None,
    )


def _standing(row: ReviewRound, today: date) -> Standing:
    if today < row.opens:
        return Standing.WAITING
    if today > row.closes:
        return Standing.CLOSED
    return Standing.OVERDUE if today > row.due else Standing.OPEN


async def _offered(uow: UnitOfWork, office: Office, place: Place, team_id: str) -> TypedRound:
    """What the form holds at first: what is stored, the usual, or for a closed round days ahead."""
    row = place.row or new_round(place.plan.id or 0, place.stage, place.usual)
    dates = dates_of(row)
    if place.row is not None and _standing(row, office.today()) is Standing.CLOSED:
        dates = _reopened(dates, office.today(), place.calendar)
    ladder = round_state.to_ladder(row.ladder)
    _, account = await _stored_head(uow, team_id, place.row)
    return TypedRound(
        plan_id=place.plan.id or 0,
        stage=place.stage,
        seen=_seen(place.row),
        opens=dates.opens,
        due=dates.due,
        closes=dates.closes,
        publishes=dates.publishes,
        levels=row.levels,
        before=ladder.before,
        after=ladder.after,
        managers_after=ladder.managers_after,
        ward_head_after=ladder.ward_head_after,
        on_due=ladder.on_due,
        on_mondays=ladder.managers_on_mondays,
        contact=row.contact,
        extension=row.extension,
        notice=row.notice,
        head=account,
    )


async def _stored_head(
    uow: UnitOfWork, team_id: str, row: ReviewRound | None
) -> tuple[int | None, str]:
    """The ward head who gets the summary, and their Slack user id in this workspace, if any."""
    head = round_state.to_ladder(row.ladder).ward_head_id if row else None
    if head is None:
        return None, ""
    account = (await uow.people.accounts([head])).get(head)
    return head, account.slack_user_id if account and account.team_id == team_id else ""


def _reopened(dates: RoundDates, today: date, calendar: OfficeCalendar) -> RoundDates:
    due = calendar.after(today, _SOON)
    return RoundDates(dates.opens, due, due, max(dates.publishes, calendar.after(due, 2)))


async def _plans(
    uow: UnitOfWork, office: Office, viewer: Viewer, typed: TypedRound, team_id: str
) -> list[UnitPlan]:
    places = await places_of(uow, office, viewer, typed)
    _refuse_faults(places[0], typed, office.today())
    head = await _head(uow, team_id, typed, places[0])
    return [
        await plan_of(
            uow, office, place, _with(place, typed, _settings(typed, head, own=place is places[0]))
        )
        for place in places
    ]


def _refuse_faults(place: Place, typed: TypedRound, today: date) -> None:
    faults = {key: views.DAY_MISSING for key in DATES if getattr(typed, key) is None}
    if typed.levels is None:
        faults[LEVEL] = views.LEVEL_MISSING
    for key in (BEFORE, AFTER):
        if getattr(typed, key) is None:
            faults[key] = views.NO_NUMBERS
    if not set(faults) & set(DATES):
        faults |= views.order_faults(_dates(typed))
    closed = place.row is not None and place.row.closes < today
    if closed and typed.closes and typed.closes >= today and not typed.reason:
        faults[REASON] = views.REASON_MISSING
    if faults:
        raise InvalidAnswers(faults)


async def _head(uow: UnitOfWork, team_id: str, typed: TypedRound, place: Place) -> int | None:
    if not typed.head:
        # One whom this workspace does not know was not on the screen, and stays.
        stored, account = await _stored_head(uow, team_id, place.row)
        return None if account else stored
    person = await uow.people.by_account(team_id, typed.head, active=True)
    if person is None:
        raise InvalidAnswers({HEAD: views.HEAD_UNKNOWN})
    return person.id


def _dates(typed: TypedRound) -> RoundDates:
    if not (typed.opens and typed.due and typed.closes and typed.publishes):
        raise Refused(UNREADABLE)
    return RoundDates(typed.opens, typed.due, typed.closes, typed.publishes)


def _settings(typed: TypedRound, head: int | None, *, own: bool) -> RoundSettings:
    """Who asks, and the ward head, are each unit's own: of others they stay as they are."""
    ladder: dict[str, object] = {
        "before": sorted(typed.before or (), reverse=True),
        "on_due": typed.on_due,
        "after": list(typed.after or ()),
        "managers_after": typed.managers_after,
        "ward_head_after": typed.ward_head_after,
        "managers_on_mondays": typed.on_mondays,
    }
    settings = RoundSettings(
        notice=typed.notice, levels=typed.levels, ladder=ladder, reason=typed.reason
    )
    if not own:
        return settings
    ladder["ward_head_id"] = head
    return replace(settings, contact=typed.contact, extension=typed.extension, ladder=ladder)


def _with(place: Place, typed: TypedRound, settings: RoundSettings) -> ReviewRound:
    """The round as it would be; not stored, and nothing that is stored is touched."""
    row = new_round(place.plan.id or 0, place.stage, _dates(typed))
    if place.row is not None:
        row = ReviewRound(**place.row.model_dump())
    apply(row, _dates(typed), settings)
    return row


def _facts(row: ReviewRound) -> tuple[object, ...]:
    ladder = round_state.to_ladder(row.ladder)
    return (
        *columns(dates_of(row)).values(),
        row.contact,
        row.extension,
        row.notice,
        ladder,
        row.levels,
    )


def _seen(row: ReviewRound | None) -> str:
    """What is stored, in short: a form is known to be outdated by it."""
    if row is None:
        return ""
    said = json.dumps([str(each) for each in _facts(row)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
