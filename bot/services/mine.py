"""What one person is asked for over all open rounds: `/kaikaku 自分`, and Home of who answers."""

from __future__ import annotations

from bot.domain.people import Viewer
from bot.domain.plans import PlanState
from bot.services import round_state, units, viewers
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.services.viewers import Caller
from bot.views.mine import Mine, MineSection
from storage.unit_of_work import UnitOfWork


async def open_mine(office: Office, caller: Caller, *, page: int = 0) -> Mine:
    """What the person is asked for over all open rounds."""
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, office.today())
        sections = await sections_of(uow, office, viewer)
        # Whom to ask is said where there is nothing else to say.
        own = None if sections else await units.own(uow, viewer)
    return Mine(
        sections=sections,
        now=office.now(),
        owned=len(viewer.answerable),
        contact=own.contact if own else "",
        page=page,
    )


async def sections_of(uow: UnitOfWork, office: Office, viewer: Viewer) -> tuple[MineSection, ...]:
    """What the person is asked for, round by round, the first due first."""
    today, sections = office.today(), []
    for row, place in await uow.readings.rounds_held(viewer.person_id, today):
        if row.opens > today or place.plan.state != PlanState.FINAL:
            continue
        state = await round_state.standing(
            uow, row, place, today=today, forms=office.forms, only=viewer.answerable
        )
        section = _section(state, viewer)
        if section is not None:
            sections.append(section)
    return tuple(sorted(sections, key=lambda section: section.round.dates.due))


def _section(state: RoundState, viewer: Viewer) -> MineSection | None:
    """What of a round is the person's to answer today; None when nothing is."""
    items = [
        item
        for item in state.items
        if item.id in viewer.answerable and state.today <= state.entry_until(item)
    ]
    if not items or state.today < state.round.dates.opens or state.plan.state != PlanState.FINAL:
        return None
    closes = state.round.dates.closes
    still_open = state.today <= closes
    until = closes if still_open else max(state.entry_until(item) for item in items)
    return MineSection(
        round=state.info,
        items=tuple(item.status for item in items),
        days_left=state.days_left,
        days_late=state.days_late,
        entry_until=until,
    )
