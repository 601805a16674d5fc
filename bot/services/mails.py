"""The text for 庁内メール: what to write to those of a round whom Slack does not reach."""

from __future__ import annotations

from bot.domain import people
from bot.domain.errors import AccessDenied, EntryClosed
from bot.services import round_state, stored_rounds, viewers
from bot.services.office import Office
from bot.services.reach import reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing, standing_of
from bot.services.viewers import Caller
from bot.views import mails as views
from bot.views.mails import MailItem, MailPage
from bot.views.targets import Page
from storage.unit_of_work import UnitOfWork


async def open_page(office: Office, caller: Caller, page: Page) -> MailPage:
    """One person's text, for the unit's coordinator; a page beyond the last is the last.

    Raises AccessDenied, NotFound, and EntryClosed when everybody is reached or nothing is open.
    """
    async with office.database.read() as uow:
        state = await _state(uow, office, caller, page.id)
        standing, known = await standing_of(uow, state), await reach(uow, state)
        waiting = {
            person: items
            for person in known.unreachable
            if (items := _asked_of(state, standing, person))
        }
        if not waiting:
            raise EntryClosed(views.EVERYBODY_REACHED)
        ordered = sorted(waiting)
        index = min(page.page, len(ordered) - 1)
        person = (await uow.people.named([ordered[index]]))[ordered[index]]
    return MailPage(
        round=state.info,
        name=person.name,
        email=person.email or "",
        items=tuple(_mail_item(item) for item in waiting[ordered[index]]),
        statuses=tuple(item.status for item in waiting[ordered[index]]),
        page=index,
        pages=len(ordered),
    )


async def _state(uow: UnitOfWork, office: Office, caller: Caller, round_id: int) -> RoundState:
    viewer = await viewers.registered(uow, caller, office.today())
    row = await stored_rounds.by_id(uow, round_id)
    state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
    if not people.is_coordinator(viewer, state.unit_id):
        raise AccessDenied(views.NOT_YOURS)
    if state.today < state.round.dates.opens:
        raise EntryClosed(views.NOT_OPEN_YET)
    return state


def _asked_of(state: RoundState, standing: Standing, person_id: int) -> list[ItemRecord]:
    return [
        item
        for item in state.items
        if item.status.outstanding and person_id in standing.asked[item.id]
    ]


def _mail_item(item: ItemRecord) -> MailItem:
    return MailItem(item.status.code, item.status.title, item.fields)
