"""A unit's weekly digest: switched on by its coordinator, and written on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import people
from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.digests import is_digest_day
from bot.domain.errors import AccessDenied, InvalidAnswers
from bot.domain.letters import LetterKind, LetterState, NeverDeliverable, Sent
from bot.domain.people import Viewer
from bot.domain.reminders import falls_in_pause
from bot.services import viewers
from bot.services.act_letters import unsent
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.slack.delivery import Courier
from bot.views import digests as views
from bot.views.digests import DigestForm, TypedDigest
from storage.models import Account, Digest, ReviewRound, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Planned:
    """A digest that is due today, about these rounds, under a key of its unit and day."""

    digest: Digest
    key: str
    round_ids: tuple[int, ...]


async def open_form(office: Office, caller: Caller, unit_id: int) -> DigestForm:
    """How a unit's digest is set; AccessDenied for all but its coordinator."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        unit = await _unit(uow, viewer, unit_id)
        row = await uow.digests.of_unit(unit_id)
        last = await uow.digests.newest_letter(_prefix(unit_id))
    failed = last is not None and last.state == LetterState.UNDELIVERABLE.value
    same = failed and last is not None and row is not None and last.slack_user_id == row.channel
    return DigestForm(
        unit_id=unit_id,
        unit_name=unit.name,
        active=row.active if row else False,
        channel=row.channel if row else "",
        weekday=row.weekday if row else 0,
        by_section=row.by_section if row else True,
        failed=last.reason if same and last else "",
        failed_on=last.day if same and last else None,
    )


async def settle(
    office: Office, courier: Courier, caller: Caller, typed: TypedDigest
) -> DigestForm:
    """Store how a unit's digest is set; before it is switched on, the channel is tried.

    The trial is shown to the coordinator alone. Raises InvalidAnswers for what is missing or a
    channel that can't be reached, AccessDenied.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        unit = await _unit(uow, viewer, typed.unit_id)
    weekday, by_section = _refuse_missing(typed)
    if typed.active:
        await _try(courier, caller, unit, typed.channel, weekday)
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        await _unit(uow, viewer, typed.unit_id)
        await uow.units.hold()
        row = await uow.digests.of_unit(typed.unit_id)
        wanted = (typed.active, typed.channel, weekday, by_section)
        if row is None or (row.active, row.channel, row.weekday, row.by_section) != wanted:
            row = row or Digest(
                unit_id=typed.unit_id, team_id="", channel="", weekday=0, set_by=viewer.person_id
            )
            row.active, row.channel, row.weekday, row.by_section = wanted
            row.team_id, row.set_by = caller.team_id, viewer.person_id
            await uow.digests.add(row)
            Trail(uow, office.now(), Actor.of(viewer)).note(
                "digest.set",
                f"unit:{typed.unit_id}",
                {"active": row.active, "channel": row.channel, "weekday": weekday},
            )
            await uow.commit()
    return DigestForm(unit.id or 0, unit.name, typed.active, typed.channel, weekday, by_section)


async def is_due(office: Office, *, at: datetime) -> bool:
    """Whether a digest is to be written."""
    return bool(await decide(office, at=at))


async def decide(office: Office, *, at: datetime) -> list[Planned]:
    """The digests that are due at an instant and not yet written; holds up no writer."""
    if not OfficeCalendar().in_sending_window(at):
        return []
    async with office.database.read() as uow:
        return await _due(uow, at)


async def plan(office: Office, *, at: datetime) -> int:
    """Write the digests that are due; how many this call wrote.

    One message a unit and day: the unique key judges what another process has written meanwhile.
    """
    planned = await decide(office, at=at)
    if not planned:
        return 0
    async with office.database.begin() as uow:
        written = [await _write(uow, office, each, japanese_date(at)) for each in planned]
        await uow.commit()
    return sum(written)


async def _due(uow: UnitOfWork, at: datetime) -> list[Planned]:
    active = await uow.digests.active()
    if not active:
        return []
    today = japanese_date(at)
    closures = await uow.units.closures([row.unit_id for row in active])
    rounds = await _running(uow, today)
    found = []
    for row in active:
        calendar = OfficeCalendar(closures[row.unit_id])
        unit = await uow.units.get(row.unit_id)
        rests = unit is None or falls_in_pause(today, unit.paused_until)
        is_day = is_digest_day(today, row.weekday, calendar) and calendar.in_sending_window(at)
        ids = tuple(each.id or 0 for each in rounds.get(row.unit_id, ()))
        if is_day and not rests and ids:
            found.append(Planned(row, f"{_prefix(row.unit_id)}{today.isoformat()}", ids))
    written = await uow.digests.written([each.key for each in found])
    return [each for each in found if each.key not in written]


async def _running(uow: UnitOfWork, today: date) -> Mapping[int, Sequence[ReviewRound]]:
    """The rounds between their opening and their publication, by unit."""
    found: dict[int, list[ReviewRound]] = {}
    for row in await uow.rounds.speaking_on(today):
        plan = await uow.plans.get(row.plan_id)
        if plan is not None and row.opens <= today <= row.publishes:
            found.setdefault(plan.unit_id, []).append(row)
    return found


async def _write(uow: UnitOfWork, office: Office, planned: Planned, day: date) -> bool:
    row = planned.digest
    to = Account(person_id=row.set_by, team_id=row.team_id, slack_user_id=row.channel)
    values = unsent(LetterKind.DIGEST, planned.key, to, day=day, next_try_at=office.machine.now())
    step = f"{LetterKind.DIGEST}:{day.isoformat()}"
    return await uow.outbox.write(values, [(each, step) for each in planned.round_ids])


def _prefix(unit_id: int) -> str:
    return f"{LetterKind.DIGEST}:{unit_id}:"


async def _unit(uow: UnitOfWork, viewer: Viewer, unit_id: int) -> Unit:
    unit = await uow.units.get(unit_id)
    if unit is None or not people.is_coordinator(viewer, unit_id):
        raise AccessDenied(views.MAY_NOT)
    return unit


def _refuse_missing(typed: TypedDigest) -> tuple[int, bool]:
    faults = {}
    if typed.active and not typed.channel:
        faults[views.CHANNEL] = views.CHANNEL_MISSING
    if typed.weekday is None:
        faults[views.WEEKDAY] = views.WEEKDAY_MISSING
    if typed.by_section is None:
        faults[views.SCOPE] = views.SCOPE_MISSING
    if faults or typed.weekday is None or typed.by_section is None:
        raise InvalidAnswers(faults)
    return typed.weekday, typed.by_section


async def _try(courier: Courier, caller: Caller, unit: Unit, channel: str, weekday: int) -> None:
    """Show something in the channel to the coordinator alone: whether it can be reached."""
    trial = views.render_trial(unit.name, weekday)
    outcome = await courier.whisper(channel, caller.user_id, trial)
    if isinstance(outcome, NeverDeliverable):
        raise InvalidAnswers({views.CHANNEL: views.refusal_of(outcome.reason)})
    if not isinstance(outcome, Sent):
        raise InvalidAnswers({views.CHANNEL: views.NOT_KNOWN})
