"""What a document changes, in the words of the office: from rows of tables to lines to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.form import Form
from bot.domain.people import Role
from bot.services.office import Office
from bot.views.import_changes import ChangeKind, ChangeRow, FieldChange, Subject
from storage.journal import RowChange
from storage.models import Initiative, Plan
from storage.unit_of_work import UnitOfWork

_DAYS = ("valid_from", "valid_to")


async def describe(
    office: Office, uow: UnitOfWork, changes: Sequence[RowChange]
) -> tuple[ChangeRow, ...]:
    """A line for each plan, initiative, answer, person, role and ownership that changes.

    Read in the unit of work that has made the changes.
    """
    names = await _names(office, uow, changes)
    return tuple(row for change in changes if (row := _row(names, change)))


@dataclass(frozen=True)
class _Names:
    """What ids are called."""

    forms: Mapping[str, Form]
    initiatives: Mapping[int, Initiative]
    plans: Mapping[int, Plan]
    people: Mapping[int, str]
    sections: Mapping[int, str]
    units: Mapping[int, str]
    rows: Mapping[tuple[str, int, bool], Mapping[str, Any]]  # whole, as they are now or were


async def _names(office: Office, uow: UnitOfWork, changes: Sequence[RowChange]) -> _Names:
    rows = {_key(each): await _whole(uow, each) for each in changes}
    initiative_ids = {_id(row, "initiative_id") for row in rows.values()}
    initiative_ids |= {each.id for each in changes if each.table == "initiative"}
    initiatives = {n: found for n in initiative_ids if (found := await uow.plans.initiative(n))}
    plan_ids = {each.plan_id for each in initiatives.values()}
    plan_ids |= {_id(row, "plan_id") for row in rows.values()} - {0}
    plan_ids |= {each.id for each in changes if each.table == "plan"}
    people = {_id(row, key) for row in rows.values() for key in ("person_id", "deputy_id")}
    people |= {each.id for each in changes if each.table == "person"}
    named = await uow.people.named(people - {0})
    return _Names(
        forms=office.forms,
        initiatives=initiatives,
        plans={n: plan for n in plan_ids if (plan := await uow.plans.get(n))},
        people={person_id: person.name for person_id, person in named.items()},
        sections=await uow.people.sections({_id(r, "section_id") for r in rows.values()} - {0}),
        units={unit.id or 0: unit.name for unit in await uow.units.all()},
        rows=rows,
    )


async def _whole(uow: UnitOfWork, change: RowChange) -> Mapping[str, Any]:
    return await uow.imports.row(change) if change.after is not None else change.before or {}


def _key(change: RowChange) -> tuple[str, int, bool]:
    """A row that was removed may have left its id to a new one."""
    return change.table, change.id, change.after is None


def _id(row: Mapping[str, Any], key: str) -> int:
    return int(row.get(key) or 0)


def _row(names: _Names, change: RowChange) -> ChangeRow | None:
    describe_one = _OF_TABLES.get(change.table)
    return describe_one(names, change) if describe_one else None


def _plan(names: _Names, change: RowChange) -> ChangeRow | None:
    plan = names.plans[change.id]
    return ChangeRow(
        _kind(change),
        Subject.PLAN,
        name=names.units.get(plan.unit_id, ""),
        year=plan.first_year,
        title=plan.name or names.forms[plan.form].name,
        fields=tuple(_fields(change, ("name", "state", "details"), names.forms[plan.form])),
    )


def _initiative(names: _Names, change: RowChange) -> ChangeRow | None:
    initiative = names.initiatives[change.id]
    plan = names.plans[initiative.plan_id]
    form = names.forms[plan.form]
    return ChangeRow(
        _kind(change),
        Subject.INITIATIVE,
        name=form.shown_code(initiative.code),
        year=plan.first_year,
        title=initiative.title,
        fields=tuple(_fields(change, tuple(change.after or ()), form)),
    )


def _indicator(names: _Names, change: RowChange) -> ChangeRow | None:
    row = names.rows[_key(change)]
    initiative = names.initiatives[_id(row, "initiative_id")]
    form = names.forms[names.plans[initiative.plan_id].form]
    if change.before is not None and set(change.after or ()) == {"position"}:
        return None  # it has only moved up or down
    return ChangeRow(
        _kind(change),
        Subject.INDICATOR,
        name=form.item_name(initiative.code),
        title=f"{form.indicator}「{row['name']}」",
        fields=tuple(_fields(change, ("name", "target"))),
    )


def _check_in(names: _Names, change: RowChange) -> ChangeRow | None:
    row = names.rows[_key(change)]
    if not row.get("answers") and not row.get("unreadable"):
        return None
    initiative = names.initiatives.get(_id(row, "initiative_id"))
    plan = names.plans[_id(row, "plan_id")]
    form = names.forms[plan.form]
    return ChangeRow(
        _kind(change),
        Subject.ANSWER,
        name=form.shown_code(initiative.code) if initiative else form.printed.unit,
        year=plan.first_year,
        title=form.stage(row["stage"]).title,
    )


def _person(names: _Names, change: RowChange) -> ChangeRow | None:
    fields = tuple(_fields(change, ("name", "email")))
    return ChangeRow(_kind(change), Subject.PERSON, names.people.get(change.id, ""), fields=fields)


def _account(names: _Names, change: RowChange) -> ChangeRow | None:
    person_id = _id(names.rows[_key(change)], "person_id")
    return ChangeRow(ChangeKind.ADDED, Subject.ACCOUNT, names.people.get(person_id, ""))


def _role(names: _Names, change: RowChange) -> ChangeRow | None:
    row = names.rows[_key(change)]
    return ChangeRow(
        _kind(change),
        Subject.ROLE,
        name=names.people.get(_id(row, "person_id"), ""),
        role=Role(row["role"]),
        section=names.sections.get(_id(row, "section_id"), ""),
        span=_span(row),
        fields=tuple(_fields(change, _DAYS)),
    )


def _ownership(names: _Names, change: RowChange) -> ChangeRow | None:
    row = names.rows[_key(change)]
    initiative = names.initiatives.get(_id(row, "initiative_id"))
    shortened = change.before is not None and set(change.after or ()) == {"valid_to"}
    return ChangeRow(
        ChangeKind.ENDED if shortened and row.get("valid_to") else _kind(change),
        Subject.OWNERSHIP,
        name=_shown_code(names, initiative) if initiative else "",
        title=names.people.get(_id(row, "person_id"), ""),
        section=names.sections.get(_id(row, "section_id"), ""),
        deputy=names.people.get(_id(row, "deputy_id"), ""),
        span=_span(row),
        fields=tuple(_fields(change, _DAYS)),
    )


def _unit(names: _Names, change: RowChange) -> ChangeRow | None:
    fields = tuple(_fields(change, ("contact", "extension")))
    return ChangeRow(_kind(change), Subject.UNIT, names.units.get(change.id, ""), fields=fields)


def _closure(names: _Names, change: RowChange) -> ChangeRow | None:
    row = names.rows[_key(change)]
    unit = names.units.get(_id(row, "unit_id"), "")
    return ChangeRow(_kind(change), Subject.CLOSURE, unit, title=_text(row["day"]))


def _section(_names: _Names, change: RowChange) -> ChangeRow | None:
    return ChangeRow(_kind(change), Subject.SECTION, str((change.after or {}).get("name", "")))


_OF_TABLES = {
    "plan": _plan,
    "initiative": _initiative,
    "indicator": _indicator,
    "check_in": _check_in,
    "person": _person,
    "account": _account,
    "role_grant": _role,
    "ownership": _ownership,
    "section": _section,
    "unit": _unit,
    "unit_closure": _closure,
}


def _shown_code(names: _Names, initiative: Initiative) -> str:
    return names.forms[names.plans[initiative.plan_id].form].shown_code(initiative.code)


def _kind(change: RowChange) -> ChangeKind:
    if change.before is None:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if change.after is not None else ChangeKind.ENDED


def _fields(
    change: RowChange, keys: Iterable[str], form: Form | None = None
) -> Iterator[FieldChange]:
    """Before and after of what changed in a row that was there, texts by what its form calls them.

    Of the texts that only the form knows each is a field of its own.
    """
    if change.before is None or change.after is None:
        return
    for key in keys:
        if key not in change.after:
            continue
        before, after = change.before[key], change.after[key]
        if isinstance(before, Mapping) and isinstance(after, Mapping) and form:
            changed = [each for each in {**before, **after} if before.get(each) != after.get(each)]
            for each in changed:
                said = (_text(before.get(each)), _text(after.get(each)))
                yield FieldChange(form.label_of(each), *said)
        else:
            yield FieldChange(form.label_of(key) if form else key, _text(before), _text(after))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("$day", ""))
    return "" if value is None else str(value)


def _span(row: Mapping[str, Any]) -> tuple[str, str]:
    return _text(row.get("valid_from")), _text(row.get("valid_to"))
