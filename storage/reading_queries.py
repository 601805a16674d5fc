"""The statements behind ``readings``: put together once, since that costs more than running them.

What is asked for is bound by name. Each is answered from indexes, by the rows of one unit at most.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, literal_column, or_, select, union_all
from sqlmodel import SQLModel

from storage.lineages import follows
from storage.models import (
    Absence,
    Account,
    CheckIn,
    Initiative,
    InitiativeLink,
    Ownership,
    Person,
    Plan,
    ReviewRound,
    RoleGrant,
    Section,
    Unit,
    UnitClosure,
)


def _table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def names_of(model: type[SQLModel]) -> list[str]:
    """A table's columns in the order in which the statements have them."""
    return [column.key for column in _table(model).columns]


_link = _table(InitiativeLink)
_account, _person, _grant = _table(Account), _table(Person), _table(RoleGrant)
_absence = _table(Absence)
_round, _plan, _unit, _closure = (
    _table(ReviewRound),
    _table(Plan),
    _table(Unit),
    _table(UnitClosure),
)
_item, _check_in, _own, _section = (
    _table(Initiative),
    _table(CheckIn),
    _table(Ownership),
    _table(Section),
)


def _valid(table: Table) -> ColumnElement[bool]:
    day: Any = bindparam("day")
    return and_(
        or_(table.c.valid_from.is_(None), table.c.valid_from <= day),
        or_(table.c.valid_to.is_(None), table.c.valid_to >= day),
    )


def _stands_in(deputy: Any) -> ColumnElement[bool]:
    """Absences of the day that name somebody as the deputy."""
    day: Any = bindparam("day")
    return and_(
        _absence.c.deputy_id == deputy,
        _absence.c.first <= day,
        or_(_absence.c.last.is_(None), _absence.c.last >= day),
        _absence.c.cancelled_at.is_(None),
    )


def _viewer() -> Any:
    me = (
        select(_person.c.id, _person.c.name)
        .join(_account, _account.c.person_id == _person.c.id)
        .where(
            _account.c.team_id == bindparam("team"),
            _account.c.slack_user_id == bindparam("account"),
            _account.c.deactivated_at.is_(None),
        )
        .cte("me")
    )
    person = _part(me, "person", _NOTHING, _NOBODY, _NOBODY, _NOBODY, _NOBODY, _NOBODY)
    grant = (_grant.c.role, _grant.c.unit_id, _grant.c.section_id, _NOBODY, _NOBODY, _NOBODY)
    grants = _part(me, "grant", *grant).join(
        _grant, and_(_grant.c.person_id == me.c.id, _valid(_grant))
    )
    mine = or_(_own.c.person_id == me.c.id, _own.c.deputy_id == me.c.id)
    items = _placed_items(_item_part(me, _own.c.deputy_id).join(_own, and_(mine, _valid(_own))))
    # Whoever is away and has named them: their items, as their deputy.
    away = select(_absence.c.person_id).where(_stands_in(me.c.id)).correlate(me)
    stood_in = _placed_items(
        # No join: SQLite would begin with all ownerships there are.
        _item_part(me, me.c.id).join_from(me, _own, and_(_own.c.person_id.in_(away), _valid(_own)))
    )
    return union_all(person, grants, items, stood_in)


_NOTHING: Any = literal_column("''")
_NOBODY: Any = literal_column("0")


def _part(me: Any, what: str, *columns: Any) -> Any:
    """One kind of row about the viewer; all kinds have the same columns."""
    names = ("role", "unit_id", "section_id", "initiative_id", "owner_id", "deputy_id")
    labelled = [column.label(name) for column, name in zip(columns, names, strict=True)]
    return select(literal_column(f"'{what}'").label("what"), me.c.id, me.c.name, *labelled)


def _item_part(me: Any, deputy: Any) -> Any:
    about = (_own.c.initiative_id, _own.c.person_id, deputy)
    return _part(me, "item", _NOTHING, _plan.c.unit_id, _NOBODY, *about)


def _placed_items(owned: Any) -> Any:
    """With the plan in which each item stands, for its unit."""
    return owned.join(_item, _item.c.id == _own.c.initiative_id).join(
        _plan, _plan.c.id == _item.c.plan_id
    )


def _answer() -> ColumnElement[bool]:
    """An item's check-in at the stage that is asked for."""
    return and_(
        _check_in.c.plan_id == _item.c.plan_id,
        _check_in.c.stage == bindparam("stage"),
        _check_in.c.initiative_id == _item.c.id,
        # 0: only held against rivals, or published without an answer
        or_(_check_in.c.revision > 0, _check_in.c.published.is_not(None)),
    )


def _items(*conditions: ColumnElement[bool]) -> Any:
    owner, deputy, enterer = (_person.alias(name) for name in ("owner", "deputy", "enterer"))
    names = (
        owner.c.name.label("owner"),
        deputy.c.name.label("deputy"),
        enterer.c.name.label("enterer"),
        _section.c.name.label("section"),
    )
    return (
        select(*_item.columns, *_check_in.columns, *_own.columns, *names)
        .select_from(_item)
        .outerjoin(_check_in, _answer())
        .outerjoin(_own, and_(_own.c.initiative_id == _item.c.id, _valid(_own)))
        .outerjoin(owner, owner.c.id == _own.c.person_id)
        .outerjoin(deputy, deputy.c.id == _own.c.deputy_id)
        .outerjoin(enterer, enterer.c.id == _check_in.c.entered_by)
        .outerjoin(_section, _section.c.id == _own.c.section_id)
        .where(_item.c.plan_id == bindparam("plan"), *conditions)
        .order_by(_item.c.position, _own.c.id)
    )


def _earlier() -> Any:
    mine, my_plan, link = _item.alias("mine"), _plan.alias("my_plan"), _link.alias("link")
    before = (
        select(follows(mine, my_plan, link))
        .select_from(mine)
        .join(my_plan, my_plan.c.id == mine.c.plan_id)
        .outerjoin(link, link.c.initiative_id == mine.c.id)
        .where(mine.c.id == bindparam("item"))
    )
    # A union and no OR: PostgreSQL would read the whole table for that.
    same = union_all(select(_item.c.id).where(_item.c.id == bindparam("item")), before)
    return (
        select(
            _check_in.c.plan_id,
            _check_in.c.stage,
            _check_in.c.answers,
            _plan.c.form,
            _plan.c.last_year.label("year"),
        )
        .join(_plan, _plan.c.id == _check_in.c.plan_id)
        .where(_check_in.c.initiative_id.in_(same), _check_in.c.revision > 0)
        .order_by(_check_in.c.id)
    )


def _placed(*columns: Any) -> Any:
    """Columns with those of the plan and the unit, and a row for each day the unit is closed."""
    closed = _closure.c.day.label("closed")
    return select(*columns, *_plan.columns, *_unit.columns, closed)


VIEWER = _viewer()
_ROUNDS = (
    _placed(*_round.columns)
    .select_from(_round)
    .join(_plan, _plan.c.id == _round.c.plan_id)
    .join(_unit, _unit.c.id == _plan.c.unit_id)
    .outerjoin(_closure, _closure.c.unit_id == _unit.c.id)
)
ROUND = _ROUNDS.where(_round.c.id == bindparam("round"))
ROUNDS = _ROUNDS.where(_round.c.id.in_(bindparam("rounds", expanding=True))).order_by(_round.c.id)
_HELD = (
    select(_item.c.plan_id)
    .join(_own, _own.c.initiative_id == _item.c.id)
    .where(
        or_(
            _own.c.person_id == bindparam("person"),
            _own.c.deputy_id == bindparam("person"),
            _own.c.person_id.in_(
                select(_absence.c.person_id).where(_stands_in(bindparam("person")))
            ),
        ),
        _valid(_own),
    )
)
ROUNDS_HELD = _ROUNDS.where(_round.c.plan_id.in_(_HELD)).order_by(_round.c.opens, _round.c.id)
PLAN = (
    _placed()
    .select_from(_plan)
    .join(_unit, _unit.c.id == _plan.c.unit_id)
    .outerjoin(_closure, _closure.c.unit_id == _unit.c.id)
    .where(_plan.c.id == bindparam("plan"))
)
ITEMS = _items()
# By how many ids they take; none is 0.
SOME_ITEMS = {
    size: _items(_item.c.id.in_([bindparam(f"only{place}") for place in range(size)]))
    for size in (1, 8, 64)
}
ANSWERS = (
    select(
        _item.c.id,
        _check_in.c.revision,
        _check_in.c.answers,
        _check_in.c.published,
        _check_in.c.confirmed_level,
        _check_in.c.sent_back_due,
    )
    .select_from(_item)
    .outerjoin(_check_in, _answer())
    .where(_item.c.plan_id == bindparam("plan"), _item.c.id.in_(bindparam("items", expanding=True)))
    .order_by(_item.c.position)
)
EARLIER = _earlier()
