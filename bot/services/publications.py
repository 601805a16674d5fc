"""Publishing a round: what is missing, freezing it, and what is corrected later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import people
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.people import Viewer
from bot.domain.plans import PlanState
from bot.domain.publications import (
    NUMBER_LENGTH,
    Announcement,
    Gaps,
    gaps_of,
    is_possible_day,
)
from bot.services import freezing, round_state, stored_rounds, viewers
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.answerers import answerers_of
from bot.services.corrections import corrections_in
from bot.services.documents import printed_stages
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import publications as views
from bot.views.publications import Published, Readiness
from storage.models import Publication
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Done:
    """A round that is published; ``told``: whose letters now say something else."""

    published: Published
    told: frozenset[int]


async def open_form(office: Office, caller: Caller, round_id: int) -> Readiness:
    """What is missing before a round is published, or what was; for its coordinator.

    Raises AccessDenied, and EntryClosed where the round has not begun.
    """
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        state = await _coordinated(uow, office, viewer, round_id)
        return await readiness(uow, state)


async def publish(
    office: Office, caller: Caller, round_id: int, wanted: Announcement, *, anyway: bool
) -> Done:
    """Publish a round, once however often it comes; of one that is, put right what is recorded.

    Raises AccessDenied, EntryClosed, and InvalidAnswers for faults under fields. Returns only
    after the commit.
    """
    async with office.database.begin() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        await _coordinated(uow, office, viewer, round_id)
        by = Actor.of(viewer)
        done = await carry_out(uow, office, round_id, wanted, anyway=anyway, by=by)
        await uow.commit()
    return done


async def look(
    office: Office, ward: str, *, year: int, stage_key: str, form_key: str | None = None
) -> Readiness:
    """The same for the command line. Raises NotFound, EntryClosed."""
    async with office.database.read() as uow:
        row = await stored_rounds.named(
            uow, office, ward, year=year, stage_key=stage_key, form_key=form_key
        )
        state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
        return await readiness(uow, state)


async def publish_ward(
    office: Office,
    ward: str,
    *,
    year: int,
    stage_key: str,
    wanted: Announcement,
    anyway: bool,
    form_key: str | None = None,
) -> Done:
    """The same from the command line. Raises NotFound, EntryClosed, InvalidAnswers."""
    async with office.database.begin() as uow:
        row = await stored_rounds.named(
            uow, office, ward, year=year, stage_key=stage_key, form_key=form_key
        )
        round_id = row.id or 0
        done = await carry_out(uow, office, round_id, wanted, anyway=anyway, by=COMMAND_LINE)
        await uow.commit()
    return done


async def readiness(uow: UnitOfWork, state: RoundState) -> Readiness:
    """How far a round is from being published, and what is recorded of it if it is."""
    _refuse_early(state)
    row = await uow.publications.of(state.round.id)
    return Readiness(
        round=state.info,
        gaps=await gaps_in(uow, state),
        now=state.today,
        recorded=_announcement(row) if row else None,
        corrections=len(await corrections_in(uow, state)) if row else 0,
    )


async def gaps_in(uow: UnitOfWork, state: RoundState) -> Gaps:
    """What is missing of a round as it stands; lost marks also of earlier reviews in its form."""
    lost: dict[int, bool] = {}
    for stage in printed_stages(state.form, state.round.stage):
        for row in await uow.check_ins.of_plan(state.plan.id or 0, stage.key):
            about = row.initiative_id or people.UNIT_ITEM
            stands = row.published is not None and stage != state.round.stage
            lost[about] = lost.get(about, False) or (bool(row.unreadable) and not stands)
    return gaps_of(state.statuses, lost, levels=state.round.levels)


async def carry_out(
    uow: UnitOfWork,
    office: Office,
    round_id: int,
    wanted: Announcement,
    *,
    anyway: bool,
    by: Actor,
) -> Done:
    """Store it in a unit of work of the caller's, who has asked whether it may be, and commits."""
    await uow.units.hold()
    state = await _held(uow, office, round_id)
    trail = Trail(uow, office.now(), by)
    gaps = await gaps_in(uow, state)
    _refuse_faults(state, wanted, gaps, anyway=anyway)
    row = await uow.publications.of(round_id)
    told = frozenset[int]()
    if row is None:
        row = await _freeze(trail, office, state, wanted, gaps)
        told = await _tell(uow, office, state)
    elif _announcement(row) != wanted:
        await _put_right(trail, row, wanted)
    info = replace(state.info, published=True)
    count = len(await corrections_in(uow, state))
    return Done(Published(info, _announcement(row), gaps, count), told)


async def _coordinated(
    uow: UnitOfWork, office: Office, viewer: Viewer, round_id: int
) -> RoundState:
    today = office.today()
    state = await round_state.load_by_id(uow, round_id, today=today, forms=office.forms)
    # The same words for a round of others as for none: ids tell nobody what there is.
    if state is None or not people.is_coordinator(viewer, state.unit_id):
        raise AccessDenied(views.MAY_NOT)
    return state


async def _held(uow: UnitOfWork, office: Office, round_id: int) -> RoundState:
    """The round as it stands, with every answer that becomes public with it held."""
    row = await stored_rounds.by_id(uow, round_id)
    await freezing.hold(uow, office, row)
    state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
    _refuse_early(state)
    return state


def _refuse_early(state: RoundState) -> None:
    if not state.round.stage.published:
        raise EntryClosed(views.NEVER_PUBLISHED)
    if state.today <= state.round.dates.opens or state.plan.state != PlanState.FINAL:
        raise EntryClosed(views.NOT_BEGUN)


def _refuse_faults(state: RoundState, wanted: Announcement, gaps: Gaps, *, anyway: bool) -> None:
    faults = {}
    if not wanted.decision_number or len(wanted.decision_number) > NUMBER_LENGTH:
        faults[views.NUMBER] = views.NUMBER_MISSING
    opens = state.round.dates.opens
    if not is_possible_day(wanted.published_on, opens=opens, today=state.today):
        faults[views.DAY] = views.DAY_WRONG
    if wanted.address and not views.is_address(wanted.address):
        faults[views.ADDRESS] = views.ADDRESS_WRONG
    if gaps.any and not anyway and not state.round.frozen:
        faults[views.ANYWAY] = views.ANYWAY_MISSING
    if faults:
        raise InvalidAnswers(faults)


async def _freeze(
    trail: Trail, office: Office, state: RoundState, wanted: Announcement, gaps: Gaps
) -> Publication:
    uow, by = trail.uow, trail.by
    row = await stored_rounds.by_id(uow, state.round.id)
    await freezing.freeze(uow, office, row, published_on=wanted.published_on, at=trail.at)
    publication = Publication(
        round_id=state.round.id,
        decision_number=wanted.decision_number,
        published_on=wanted.published_on,
        address=wanted.address,
        content=await freezing.content_of(uow, state),
        gaps=gaps.as_record(),
        actor=by.kind,
        person_id=by.person_id,
        at=trail.at,
    )
    await uow.publications.add(publication)
    missing = {kind: len(codes) for kind, codes in publication.gaps.items()}
    _note(trail, publication, "round.publish", {"gaps": missing})
    return publication


async def _put_right(trail: Trail, row: Publication, wanted: Announcement) -> None:
    """Another number, day or address; the answers stay as they were published."""
    uow, before = trail.uow, _announcement(row)
    row.decision_number, row.address = wanted.decision_number, wanted.address
    row.published_on = wanted.published_on
    await uow.publications.add(row)
    day = wanted.published_on
    await freezing.end(uow, await stored_rounds.by_id(uow, row.round_id), day, last=day)
    _note(trail, row, "round.publish.amend", {"before": _record(before)})


def _note(trail: Trail, row: Publication, action: str, detail: Mapping[str, object]) -> None:
    """What is recorded of it now goes into the trail as well."""
    recorded = _record(_announcement(row))
    trail.note(action, f"round:{row.round_id}", {**recorded, **detail})


async def _tell(uow: UnitOfWork, office: Office, state: RoundState) -> frozenset[int]:
    """Letters that ask for an answer, or for a confirmation, now say that it is over."""
    answering = answerers_of(own for item in state.items for own in item.ownerships)
    grants = await uow.people.grants_in_unit(state.unit_id, people.Role.MANAGER, state.today)
    told = answering | {grant.person_id for grant in grants}
    await uow.letter_updates.ask(told, state.round.id, office.machine.now())
    return told


def _announcement(row: Publication) -> Announcement:
    return Announcement(row.decision_number, row.published_on, row.address)


def _record(announcement: Announcement) -> dict[str, object]:
    return {
        "decision_number": announcement.decision_number,
        "published_on": announcement.published_on.isoformat(),
        "address": announcement.address,
    }
