"""People in: a roster becomes people with accounts, roles and items, all or nothing.

Two steps: Slack is asked first, then everything is written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import Role
from bot.domain.plans import Fault, SheetRefused
from bot.domain.roster import Roster
from bot.services import accounts, ownerships, roles
from bot.services.accounts import Resolution, reference_of
from bot.services.identities import Identities
from bot.services.office import Office
from bot.services.ownerships import Wanted
from bot.services.roles import WantedRole
from bot.services.roster_changes import Change, RosterChanges
from bot.services.roster_places import Placed, place_all
from bot.services.units import section_id
from bot.slack.directory import Directory
from storage.models import Person
from storage.unit_of_work import UnitOfWork

_OF_OTHERS = (
    "ほかの区にも登録がある方です。氏名、メールアドレス、Slackのアカウントは、ここでは変えられません。"
    "登録されている内容に合わせてください。"
)


@dataclass(frozen=True)
class Unresolved:
    """Somebody who could not be found in Slack; the coordinator answers for them."""

    row: int
    name: str
    email: str
    slack_user_id: str


@dataclass(frozen=True)
class ImportedPeople:
    """What became of a roster. Changes count people, roles and ownerships alike."""

    unit_ids: tuple[int, ...]  # of which the file speaks
    people: int
    roles: int
    ownerships: int
    added: int
    updated: int
    unchanged: int
    ended: int
    unresolved: tuple[Unresolved, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Contents:
    """What a file says, ready to be stored, and every fault in it."""

    people: Mapping[int, Person]  # by row number
    owned: tuple[Wanted, ...]
    roles: tuple[WantedRole, ...]
    warnings: tuple[str, ...]
    faults: tuple[Fault, ...]
    unit_ids: tuple[int, ...] = ()


async def import_people(
    office: Office,
    roster: Roster,
    directory: Directory,
    *,
    year: int | None = None,
    dry_run: bool = False,
) -> ImportedPeople:
    """Store a roster. ``year`` is the plan's fiscal year where a row names none (else the newest).

    Raises SheetRefused with every fault by row and column, and Refused when Slack is unreachable.
    """
    resolution = await accounts.resolve(office, roster, directory)
    async with office.database.begin() as uow:
        imported = await carry_out(RosterChanges(office, uow), roster, resolution, year=year)
        if not dry_run:
            await uow.commit()
    return imported


async def carry_out(
    changes: RosterChanges, roster: Roster, resolution: Resolution, *, year: int | None = None
) -> ImportedPeople:
    """The same in a unit of work of the caller's, who looks at what has changed, and commits.

    Slack has been asked before: ``resolution`` is what it said. Raises SheetRefused.
    """
    office, uow = changes.office, changes.uow
    await uow.units.hold()
    identities = Identities(uow, changes, resolution)
    contents = await _contents(office, uow, identities, roster, year)
    faults = [*roster.faults, *accounts.account_faults(roster, resolution), *contents.faults]
    if faults:
        words = "名簿に誤りがあるため、何も登録していません。"
        raise SheetRefused(dict.fromkeys(faults), words)
    unresolved = await _unresolved(uow, roster, resolution, contents.people)
    identities.settle()
    await roles.apply(uow, changes, contents.roles)
    await ownerships.apply(uow, changes, contents.owned)
    return ImportedPeople(
        unit_ids=contents.unit_ids,
        people=identities.people,
        roles=len(contents.roles),
        ownerships=len(contents.owned),
        added=changes.counts[Change.ADDED],
        updated=changes.counts[Change.UPDATED],
        unchanged=changes.counts[Change.UNCHANGED],
        ended=changes.counts[Change.ENDED],
        unresolved=tuple(unresolved),
        warnings=contents.warnings,
    )


async def _contents(
    office: Office, uow: UnitOfWork, identities: Identities, roster: Roster, year: int | None
) -> _Contents:
    by = identities.changes.by
    placed = await place_all(office, uow, roster, year, by=by)
    people, unknown = await _identify(identities, roster, placed)
    known = [(each, people[each.row.number]) for each in placed if each.row.number in people]
    foreign = await _of_others(uow, identities, roster, people)
    owned, unowned = await _owned(uow, identities, roster, known)
    granted, repeated = await _roles(uow, roster, known)
    return _Contents(
        people=people,
        owned=tuple(owned),
        roles=tuple(granted),
        warnings=tuple(dict.fromkeys(_warnings(roster, placed))),
        faults=(*_faults(placed), *unknown, *foreign, *unowned, *repeated),
        unit_ids=tuple(dict.fromkeys(e.unit_id for e in placed if e.unit_id is not None)),
    )


def _faults(placed: Sequence[Placed]) -> Iterator[Fault]:
    for each in placed:
        yield from each.faults


async def _identify(
    identities: Identities, roster: Roster, placed: Sequence[Placed]
) -> tuple[Mapping[int, Person], list[Fault]]:
    """The person of each row, by row number. Rows with only a name come last: they may mean
    somebody whom another row tells more of.
    """
    people: dict[int, Person] = {}
    faults: list[Fault] = []
    for each in sorted(placed, key=lambda each: each.row.is_anonymous):
        if each.row.is_anonymous and (each.is_nowhere or not each.row.name):
            continue  # it is a fault already
        found = await identities.identify(each.row, each.unit_id)
        if isinstance(found, str):
            column = "name" if each.row.is_anonymous else "email"
            faults.append(roster.fault(each.row, column, found))
        else:
            people[each.row.number] = found
    return people, faults


async def _of_others(
    uow: UnitOfWork, identities: Identities, roster: Roster, people: Mapping[int, Person]
) -> list[Fault]:
    """Who a coordinator may not rename or give an account to: they are somebody elsewhere too.

    Else whoever coordinates one ward could act as anybody of another.
    """
    by, faults = identities.changes.by, []
    for row in roster.rows:
        person = people.get(row.number)
        if by.units is None or person is None or not identities.changed(person):
            continue
        if await uow.people.units_of(person.id or 0) - by.units:
            faults.append(roster.fault(row, "name", _OF_OTHERS))
    return faults


async def _owned(
    uow: UnitOfWork,
    identities: Identities,
    roster: Roster,
    known: Sequence[tuple[Placed, Person]],
) -> tuple[list[Wanted], list[Fault]]:
    wanted: dict[tuple[object, ...], Wanted] = {}
    faults: list[Fault] = []
    for each, person in known:
        row = each.row
        with_deputy = row.deputy and row.initiatives and row.role is Role.OWNER
        deputy = await identities.deputy(row.deputy) if with_deputy else None
        if with_deputy and (deputy is None or deputy.id == person.id):
            faults.append(roster.fault(row, "deputy", _deputy_fault(deputy)))
        deputy_id, section = deputy.id if deputy else None, await _section(uow, each)
        for item in each.initiatives:
            own = Wanted(item, person.id or 0, row.period, deputy_id, section)
            if wanted.setdefault(own.key, own) != own:
                faults.append(roster.fault(row, "initiatives", _repeated("担当")))
    return list(wanted.values()), faults


def _deputy_fault(deputy: Person | None) -> str:
    if deputy is not None:
        return "副担当が本人です。別の人にしてください。"
    return (
        "副担当が見つかりません。名簿に行を加えるか、"
        "Slackにある職員のメールアドレスかIDにしてください。"
    )


def _repeated(what: str) -> str:
    return f"同じ人の同じ{what}が、違う内容で2行あります。1行にまとめてください。"


async def _roles(
    uow: UnitOfWork, roster: Roster, known: Sequence[tuple[Placed, Person]]
) -> tuple[list[WantedRole], list[Fault]]:
    """The roles of a file. An owner who owns nothing yet is kept by a role of that name."""
    wanted: dict[tuple[object, ...], WantedRole] = {}
    faults: list[Fault] = []
    for each, person in known:
        if each.initiatives or each.faults or each.row.role is None:
            continue
        section = await _section(uow, each)
        role = WantedRole(person.id or 0, each.row.role, each.unit_id, section, each.row.period)
        if wanted.setdefault(role.key, role) != role:
            faults.append(roster.fault(each.row, "role", _repeated("役割")))
    return list(wanted.values()), faults


async def _section(uow: UnitOfWork, placed: Placed) -> int | None:
    if not placed.row.section or placed.unit_id is None:
        return None
    return await section_id(uow, placed.unit_id, placed.row.section)


async def _unresolved(
    uow: UnitOfWork, roster: Roster, resolution: Resolution, people: Mapping[int, Person]
) -> list[Unresolved]:
    """Who can't be reached in Slack, each once. A name alone may mean somebody who can."""
    accounts = await uow.people.accounts(person.id or 0 for person in people.values())
    found: dict[int, Unresolved] = {}
    for row in roster.rows:
        reference, person_id = reference_of(row), people[row.number].id or 0
        stored = accounts.get(person_id)
        is_active = stored is not None and stored.deactivated_at is None
        if not (resolution.account(reference) if reference else is_active):
            lost = Unresolved(row.number, row.name, row.email, row.slack_user_id)
            found.setdefault(person_id, lost)
    return list(found.values())


def _warnings(roster: Roster, placed: Sequence[Placed]) -> Iterator[str]:
    yield from roster.warnings
    for each in placed:
        yield from each.warnings
        place = f"{each.row.number}行目："
        if each.row.role is Role.OWNER and not each.initiatives:
            yield f"{place}担当者に取組項目がありません。あとで加えてください。"
        if each.row.role is not Role.OWNER and (each.row.initiatives or each.row.deputy):
            yield f"{place}取組項目と副担当は、担当者の行だけで使います。"
