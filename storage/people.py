"""People, their accounts, roles and items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Absence, Account, Initiative, Ownership, Person, Plan, RoleGrant, Section
from storage.reader import Reader


def is_valid(table: type[RoleGrant | Ownership], day: date) -> ColumnElement[bool]:
    """In force on a Japanese date."""
    started = or_(col(table.valid_from).is_(None), col(table.valid_from) <= day)
    return started & or_(col(table.valid_to).is_(None), col(table.valid_to) >= day)


_A_DAY = timedelta(days=1)


class People:
    """Queries over people. Days are Japanese dates."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def get(self, person_id: int) -> Person | None:
        """The person of that id."""
        return await self._session.get(Person, person_id)

    async def named(self, person_ids: Iterable[int]) -> dict[int, Person]:
        """People by id."""
        query = select(Person).where(col(Person.id).in_(list(person_ids)))
        return {person.id or 0: person for person in await self._session.exec(query)}

    async def by_email(self, email: str) -> Person | None:
        """The person with that address, in lower case."""
        return (await self._session.exec(select(Person).where(Person.email == email))).first()

    async def by_account(
        self, team_id: str, slack_user_id: str, *, active: bool = False
    ) -> Person | None:
        """The person behind a Slack account; ``active``: unless it has been deactivated."""
        query = select(Person).join(Account, col(Account.person_id) == col(Person.id))
        ours = query.where(Account.team_id == team_id, Account.slack_user_id == slack_user_id)
        if active:
            ours = ours.where(col(Account.deactivated_at).is_(None))
        return (await self._session.exec(ours)).first()

    async def by_slack_user(self, slack_user_id: str) -> Person | None:
        """The person behind a Slack user id in whichever workspace it is known."""
        query = select(Person).join(Account, col(Account.person_id) == col(Person.id))
        return (
            await self._session.exec(query.where(Account.slack_user_id == slack_user_id))
        ).first()

    async def by_name_in_unit(self, name: str, unit_id: int | None) -> list[Person]:
        """People of that name with a role or an item in a unit; None is a role in every unit."""
        roles = select(RoleGrant.person_id).where(RoleGrant.unit_id == unit_id)
        items = select(Ownership.person_id).where(
            col(Ownership.initiative_id).in_(
                select(Initiative.id)
                .join(Plan, col(Plan.id) == col(Initiative.plan_id))
                .where(Plan.unit_id == unit_id)
            )
        )
        known = or_(col(Person.id).in_(roles), col(Person.id).in_(items))
        return list(await self._session.exec(select(Person).where(Person.name == name, known)))

    async def account(self, team_id: str, slack_user_id: str) -> Account | None:
        """A Slack account, known or not."""
        query = select(Account).where(
            Account.team_id == team_id, Account.slack_user_id == slack_user_id
        )
        return (await self._session.exec(query)).first()

    async def accounts(self, person_ids: Iterable[int]) -> dict[int, Account]:
        """The account to write to, for each person who has one: the newest that is active.

        They are rows: nobody writes through them.
        """
        found: dict[int, Account] = {}
        for account in await self._reader.rows(_ACCOUNTS, {"people": list(person_ids)}):
            held = found.get(account.person_id)
            if held is None or account.deactivated_at is None or held.deactivated_at is not None:
                found[account.person_id] = account
        return found

    async def accounts_in(self, team_id: str) -> list[Account]:
        """Every account of one workspace."""
        return list(await self._session.exec(select(Account).where(Account.team_id == team_id)))

    async def deactivate(self, account: Account, at: datetime | None) -> None:
        """Note that an account can't be written to any more, or (None) that it can again."""
        account.deactivated_at = at
        self._session.add(account)
        await self._session.flush()

    async def grants(self, person_id: int, day: date) -> list[RoleGrant]:
        """The roles that a person holds on a day."""
        query = select(RoleGrant).where(RoleGrant.person_id == person_id, is_valid(RoleGrant, day))
        return list(await self._session.exec(query))

    async def all_grants(self, person_id: int) -> list[RoleGrant]:
        """The roles of a person at any time."""
        query = select(RoleGrant).where(RoleGrant.person_id == person_id)
        return list(await self._session.exec(query))

    async def grants_in_unit(self, unit_id: int, role: str, day: date) -> list[RoleGrant]:
        """Who holds a role in a unit on a day; they are rows: nobody writes through them."""
        asked = {"unit": unit_id, "role": str(role), "day": day}
        return list(await self._reader.rows(_GRANTS_IN_UNIT, asked))

    async def registered_in(self, unit_id: int, day: date) -> list[RoleGrant]:
        """Every role in a unit that has not ended before a day, those still to begin included."""
        query = select(RoleGrant).where(
            RoleGrant.unit_id == unit_id,
            or_(col(RoleGrant.valid_to).is_(None), col(RoleGrant.valid_to) >= day),
        )
        return list(await self._session.exec(query.order_by(col(RoleGrant.id))))

    async def grant(self, grant_id: int) -> RoleGrant | None:
        """The role of that id."""
        return await self._session.get(RoleGrant, grant_id)

    async def ownerships(self, initiative_ids: Iterable[int]) -> list[Ownership]:
        """All ownerships of some initiatives, past and future, oldest entry first."""
        query = select(Ownership).where(col(Ownership.initiative_id).in_(list(initiative_ids)))
        return list(await self._session.exec(query.order_by(col(Ownership.id))))

    async def ownerships_in_plan(
        self, plan_id: int, day: date, only: Collection[int] | None = None
    ) -> list[Ownership]:
        """Who owns what in a plan on a day: all its initiatives, or those of some ids."""
        ours = select(Initiative.id).where(Initiative.plan_id == plan_id)
        if only is not None:
            ours = ours.where(col(Initiative.id).in_(list(only)))
        query = select(Ownership).where(
            col(Ownership.initiative_id).in_(ours), is_valid(Ownership, day)
        )
        return list(await self._session.exec(query.order_by(col(Ownership.id))))

    async def held_by(self, person_id: int, day: date) -> list[tuple[Ownership, int, int]]:
        """What a person owns, deputises or stands in for on a day: ownership, plan id, unit id."""
        away = select(Absence.person_id).where(
            Absence.deputy_id == person_id,
            Absence.first <= day,
            col(Absence.cancelled_at).is_(None),
            or_(col(Absence.last).is_(None), col(Absence.last) >= day),
        )
        query = (
            select(Ownership, col(Plan.id), Plan.unit_id)
            .join(Initiative, col(Initiative.id) == col(Ownership.initiative_id))
            .join(Plan, col(Plan.id) == col(Initiative.plan_id))
            .where(
                or_(
                    col(Ownership.person_id) == person_id,
                    col(Ownership.deputy_id) == person_id,
                    col(Ownership.person_id).in_(away),
                ),
                is_valid(Ownership, day),
            )
        )
        found = await self._session.exec(query)
        return [(own, plan_id or 0, unit_id) for own, plan_id, unit_id in found]

    async def ownerships_in_unit(self, unit_id: int) -> list[Ownership]:
        """All ownerships of a unit's items, past and future, oldest entry first."""
        query = select(Ownership).where(col(Ownership.initiative_id).in_(_items_of(unit_id)))
        return list(await self._session.exec(query.order_by(col(Ownership.id))))

    async def owned_in_unit(self, unit_id: int, day: date) -> list[Ownership]:
        """Who owns what of a unit on a day."""
        query = select(Ownership).where(
            col(Ownership.initiative_id).in_(_items_of(unit_id)), is_valid(Ownership, day)
        )
        return list(await self._session.exec(query.order_by(col(Ownership.id))))

    async def handed_over(self, since: date, day: date) -> Sequence[Any]:
        """Ownerships that began within two days (both included), or ended on the eve of such a day.

        ``initiative_id``, ``person_id``, ``valid_from``, ``valid_to``, ``code``, ``title``,
        ``position`` and ``unit_id``.
        """
        asked = {"since": since, "day": day, "eve": since - _A_DAY, "until": day - _A_DAY}
        return await self._reader.rows(_HANDED_OVER, asked)

    async def units_of(self, person_id: int) -> frozenset[int | None]:
        """Every unit in which a person has or had a role or an item; None is a role in them all."""
        roles = select(RoleGrant.unit_id).where(RoleGrant.person_id == person_id)
        items = (
            select(Plan.unit_id)
            .join(Initiative, col(Initiative.plan_id) == col(Plan.id))
            .join(Ownership, col(Ownership.initiative_id) == col(Initiative.id))
            .where(
                or_(col(Ownership.person_id) == person_id, col(Ownership.deputy_id) == person_id)
            )
        )
        found = [*await self._session.exec(roles), *await self._session.exec(items)]
        return frozenset(found)

    async def sections(self, section_ids: Iterable[int]) -> dict[int, str]:
        """Names of sections by id."""
        found = await self._reader.rows(_SECTIONS, {"sections": list(section_ids)})
        return {row.id: row.name for row in found}

    async def add(self, row: Person | Account | RoleGrant | Ownership) -> None:
        """Store a new or changed row; its id is set."""
        self._session.add(row)
        await self._session.flush()

    async def remove(self, row: RoleGrant | Ownership) -> None:
        """Take back an entry that never took effect; the caller writes the audit entry."""
        await self._session.delete(row)
        await self._session.flush()


def _items_of(unit_id: int) -> Any:
    ours = select(Initiative.id).join(Plan, col(Plan.id) == col(Initiative.plan_id))
    return ours.where(Plan.unit_id == unit_id)


def _day(name: str) -> Any:
    return bindparam(name, type_=Date)


_HANDED_OVER_ROWS: Any = select(  # type: ignore[call-overload]
    Ownership.initiative_id,
    Ownership.person_id,
    Ownership.valid_from,
    Ownership.valid_to,
    Initiative.code,
    Initiative.title,
    Initiative.position,
    Plan.unit_id,
)
# Each sweep asks: put together once, since that costs more than running them.
_ACCOUNTS: Any = (
    select(Account)
    .where(col(Account.person_id).in_(bindparam("people", expanding=True)))
    .order_by(col(Account.id))
)
_GRANTS_IN_UNIT: Any = (
    select(RoleGrant)
    .where(
        col(RoleGrant.unit_id) == bindparam("unit"),
        col(RoleGrant.role) == bindparam("role"),
        is_valid(RoleGrant, _day("day")),
    )
    .order_by(col(RoleGrant.id))
)
_SECTIONS: Any = select(Section.id, Section.name).where(
    col(Section.id).in_(bindparam("sections", expanding=True))
)
_HANDED_OVER: Any = (
    _HANDED_OVER_ROWS.join(Initiative, col(Initiative.id) == col(Ownership.initiative_id))
    .join(Plan, col(Plan.id) == col(Initiative.plan_id))
    .where(
        or_(
            col(Ownership.valid_from).between(_day("since"), _day("day")),
            col(Ownership.valid_to).between(_day("eve"), _day("until")),
        )
    )
)
