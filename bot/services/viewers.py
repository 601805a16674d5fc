"""Who is asking: a Slack account as a registered person with today's roles and items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.errors import NotRegistered
from bot.domain.people import Grant, Refusal, Role, Viewer
from bot.views.refusals import refusal_words
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
    person = await uow.people.by_account(caller.team_id, caller.user_id, active=True)
    if person is None or person.id is None:
        return None
    held = await uow.people.held_by(person.id, day)
    grants = await uow.people.grants(person.id, day)
    return Viewer(
        person_id=person.id,
        name=person.name,
        grants=tuple(Grant(Role(g.role), g.unit_id, g.section_id) for g in grants),
        owned=frozenset(own.initiative_id for own, _, _ in held if own.person_id == person.id),
        deputised=frozenset(own.initiative_id for own, _, _ in held if own.deputy_id == person.id),
        owner_units=frozenset(unit_id for _, _, unit_id in held),
    )


async def registered(uow: UnitOfWork, caller: Caller, today: date) -> Viewer:
    """The viewer behind an account; NotRegistered when there is none."""
    viewer = await load(uow, caller, today)
    if viewer is None:
        raise NotRegistered(refusal_words(Refusal.NOT_REGISTERED))
    return viewer
