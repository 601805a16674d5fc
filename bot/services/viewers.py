"""Who is asking: a Slack account as a registered person with today's roles and items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain import people
from bot.domain.errors import AccessDenied, NotRegistered
from bot.domain.people import Grant, Refusal, Role, Viewer
from bot.views.refusals import refusal_words
from storage.models import Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Caller:
    """The Slack account behind a payload."""

    team_id: str
    user_id: str


async def load(uow: UnitOfWork, caller: Caller, day: date) -> Viewer | None:
    """The person behind an account as of a Japanese date; None when not registered.

    An account that Slack has deactivated is nobody's: it may be another's by tomorrow.
    """
    rows = await uow.readings.viewer(caller.team_id, caller.user_id, day)
    if not rows:
        return None
    held = [row for row in rows if row.what == "item"]
    return Viewer(
        person_id=rows[0].id,
        name=rows[0].name,
        grants=tuple(
            Grant(Role(row.role), row.unit_id, row.section_id)
            for row in rows
            if row.what == "grant"
        ),
        owned=frozenset(row.initiative_id for row in held if row.owner_id == row.id),
        deputised=frozenset(row.initiative_id for row in held if row.deputy_id == row.id),
        owner_units=frozenset(row.unit_id for row in held),
    )


async def registered(uow: UnitOfWork, caller: Caller, today: date) -> Viewer:
    """The viewer behind an account; NotRegistered when there is none."""
    viewer = await load(uow, caller, today)
    if viewer is None:
        raise NotRegistered(refusal_words(Refusal.NOT_REGISTERED))
    return viewer


async def coordinator(
    uow: UnitOfWork, caller: Caller, unit_id: int, today: date, *, refusal: str
) -> tuple[Viewer, Unit]:
    """The viewer and the unit that they coordinate; AccessDenied, in the words ``refusal``.

    The same words for a unit that is not theirs as for none: ids tell nobody what there is.
    """
    viewer = await registered(uow, caller, today)
    unit = await uow.units.get(unit_id)
    if unit is None or not people.is_coordinator(viewer, unit_id):
        raise AccessDenied(refusal)
    return viewer, unit
