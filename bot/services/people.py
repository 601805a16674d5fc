"""People in: a roster becomes people with accounts, roles and items, all or nothing.

Two steps: Slack is asked first, then everything is written in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.people import Role
from bot.domain.plans import Fault, SheetRefused
from bot.domain.roster import EVERY, Roster, RosterRow
from bot.domain.units import match
from bot.services import accounts, ownerships, units
from bot.services.accounts import Resolution, reference_of
from bot.services.identities import Identities
from bot.services.office import Office
from bot.services.ownerships import Wanted
from bot.services.roster_changes import Change, RosterChanges
from bot.slack.directory import Directory
from storage.models import Person, Plan, RoleGrant
from storage.unit_of_work import UnitOfWork


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
class _Placed:
    """A row with its unit (None: every unit) and, for an owner, the initiatives it names."""

    row: RosterRow
    role: Role
    unit_id: int | None
    initiatives: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


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
        faults = [*roster.faults, *accounts.account_faults(roster, resolution)]
        placed, misplaced = await _place_all(office, uow, roster, year)
        changes = RosterChanges(office, uow)
        identities = Identities(uow, changes, resolution)
        people, unknown = await _identify(identities, roster, placed)
        owned, undeputed = await _wanted(uow, identities, roster, placed, people)
        grants, repeated = await _grants(uow, roster, placed, people)
        faults += [*misplaced, *unknown, *undeputed, *repeated]
        if faults:
            raise SheetRefused(
                dict.fromkeys(faults), "名簿に誤りがあるため、何も登録していません。"
            )
        identities.settle()
        await _store_grants(uow, changes, grants)
        await ownerships.apply(uow, changes, owned)
        if not dry_run:
            await uow.commit()
    return ImportedPeople(
        people=identities.people,
        roles=len(grants),
        ownerships=len(owned),
        added=changes.counts[Change.ADDED],
        updated=changes.counts[Change.UPDATED],
        unchanged=changes.counts[Change.UNCHANGED],
        ended=changes.counts[Change.ENDED],
        unresolved=tuple(_unresolved(roster, resolution)),
        warnings=tuple(dict.fromkeys(_warnings(roster, placed))),
    )


async def _place_all(
    office: Office, uow: UnitOfWork, roster: Roster, year: int | None
) -> tuple[list[_Placed], list[Fault]]:
    known = await units.names(uow)
    placed: list[_Placed] = []
    faults: list[Fault] = []
    for row in roster.rows:
        if row.role is None or not row.ward:
            continue  # a fault already
        if row.ward == EVERY:
            if row.role is Role.OBSERVER:
                placed.append(_Placed(row, row.role, None))
            else:
                words = "「*」は閲覧者(observer)だけに使えます。区の名前を書いてください。"
                faults.append(roster.fault(row, "ward", words))
            continue
        found = match(row.ward, known)
        if found.unit is None:
            faults.append(roster.fault(row, "ward", units.mismatch(row.ward, found)))
            continue
        if row.role is not Role.OWNER or not row.initiatives:
            placed.append(_Placed(row, row.role, found.unit.id))
            continue
        result = await _place_owner(office, uow, row, found.unit.id, year)
        if isinstance(result, str):
            faults.append(roster.fault(row, "initiatives", result))
        else:
            placed.append(result)
    return placed, faults


async def _place_owner(
    office: Office, uow: UnitOfWork, row: RosterRow, unit_id: int, year: int | None
) -> _Placed | str:
    """The row with the initiatives it names, or what is wrong with it."""
    wanted_year = row.year or year
    plans = await uow.plans.of_unit(unit_id)
    plan = next(
        (p for p in plans if wanted_year is None or p.first_year <= wanted_year <= p.last_year),
        None,
    )
    if plan is None:
        of_year = f"{era_year(wanted_year)}の" if wanted_year else ""
        return f"{row.ward}の{of_year}計画がありません。先に kaikaku import で取り込んでください。"
    known = {each.code: each.id or 0 for each in await uow.plans.initiatives(plan.id or 0)}
    codes = list(known) if row.initiatives == (EVERY,) else row.initiatives
    missing = [code for code in codes if code not in known]
    if missing:
        return (
            f"{era_year(plan.first_year)}の計画に取組項目{'、'.join(missing)}はありません。"
            f"あるのは{'、'.join(known)}です。"
        )
    warnings = () if wanted_year else await _open_elsewhere(office, uow, row, plan, plans)
    return _Placed(row, Role.OWNER, unit_id, tuple(known[code] for code in codes), warnings)


async def _open_elsewhere(
    office: Office, uow: UnitOfWork, row: RosterRow, plan: Plan, plans: Sequence[Plan]
) -> tuple[str, ...]:
    """A warning where another plan of the unit is being answered: its owners stay as they are."""
    others = {each.id or 0: each for each in plans if each.id != plan.id}
    today = office.today()
    return tuple(
        f"{row.ward}では{era_year(others[round_.plan_id].first_year)}の計画も入力中です。"
        f"名簿は{era_year(plan.first_year)}の計画に登録します(年度は --year で選べます)。"
        for round_ in await uow.rounds.of_plans(others)
        if round_.opens <= today <= round_.closes
    )


async def _identify(
    identities: Identities, roster: Roster, placed: Sequence[_Placed]
) -> tuple[dict[int, Person], list[Fault]]:
    """The person of each row, by row number. Rows with only a name come last: they may mean
    somebody whom another row tells more of.
    """
    people: dict[int, Person] = {}
    faults: list[Fault] = []
    for each in sorted(placed, key=lambda each: each.row.is_anonymous):
        found = await identities.identify(each.row, each.unit_id)
        if isinstance(found, str):
            column = "name" if each.row.is_anonymous else "email"
            faults.append(roster.fault(each.row, column, found))
        else:
            people[each.row.number] = found
    return people, faults


async def _wanted(
    uow: UnitOfWork,
    identities: Identities,
    roster: Roster,
    placed: Sequence[_Placed],
    people: dict[int, Person],
) -> tuple[list[Wanted], list[Fault]]:
    wanted: dict[tuple[object, ...], Wanted] = {}
    faults: list[Fault] = []
    for each in placed:
        person = people.get(each.row.number)
        if person is None or not each.initiatives:
            continue
        deputy = await identities.deputy(each.row.deputy) if each.row.deputy else None
        if each.row.deputy and (deputy is None or deputy.id == person.id):
            faults.append(roster.fault(each.row, "deputy", _deputy_fault(deputy)))
        section_id = await _section(uow, each)
        for initiative_id in each.initiatives:
            own = Wanted(
                initiative_id=initiative_id,
                person_id=person.id or 0,
                period=each.row.period,
                deputy_id=deputy.id if deputy else None,
                section_id=section_id,
            )
            if wanted.setdefault(own.key, own) != own:
                faults.append(roster.fault(each.row, "initiatives", _repeated("担当")))
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


async def _grants(
    uow: UnitOfWork, roster: Roster, placed: Sequence[_Placed], people: dict[int, Person]
) -> tuple[list[RoleGrant], list[Fault]]:
    """The roles of a file. An owner who owns nothing yet is kept by a role of that name."""
    wanted: dict[tuple[object, ...], RoleGrant] = {}
    faults: list[Fault] = []
    for each in placed:
        person = people.get(each.row.number)
        if person is None or each.initiatives:
            continue
        grant = RoleGrant(
            person_id=person.id or 0,
            role=each.role.value,
            unit_id=each.unit_id,
            section_id=await _section(uow, each),
            valid_from=each.row.period.valid_from,
            valid_to=each.row.period.valid_to,
        )
        if wanted.setdefault(_key(grant), grant).valid_to != grant.valid_to:
            faults.append(roster.fault(each.row, "role", _repeated("役割")))
    return list(wanted.values()), faults


def _key(grant: RoleGrant) -> tuple[object, ...]:
    return grant.person_id, grant.role, grant.unit_id, grant.section_id, grant.valid_from


async def _section(uow: UnitOfWork, placed: _Placed) -> int | None:
    if not placed.row.section or placed.unit_id is None:
        return None
    return (await uow.units.section(placed.unit_id, placed.row.section)).id


async def _store_grants(
    uow: UnitOfWork, changes: RosterChanges, grants: Sequence[RoleGrant]
) -> None:
    for grant in grants:
        stored = {_key(each): each for each in await uow.people.all_grants(grant.person_id)}
        found = stored.get(_key(grant))
        change = Change.ADDED if found is None else Change.UNCHANGED
        if found is not None and found.valid_to != grant.valid_to:
            found.valid_to = grant.valid_to
            change = Change.UPDATED
        if change is not Change.UNCHANGED:
            await uow.people.add(found or grant)
        detail = {"role": grant.role, "unit": grant.unit_id, "section": grant.section_id}
        changes.note(change, "role", f"person:{grant.person_id}", detail)


def _unresolved(roster: Roster, resolution: Resolution) -> Iterator[Unresolved]:
    seen: set[str] = set()
    for row in roster.rows:
        reference = reference_of(row)
        if reference and reference not in seen and resolution.account(reference) is None:
            seen.add(reference)
            yield Unresolved(row.number, row.name, row.email, row.slack_user_id)


def _warnings(roster: Roster, placed: Sequence[_Placed]) -> Iterator[str]:
    yield from roster.warnings
    for each in placed:
        yield from each.warnings
        place = f"{each.row.number}行目："
        if each.role is Role.OWNER and not each.initiatives:
            yield f"{place}担当者に取組項目がありません。あとで加えてください。"
        if each.role is not Role.OWNER and (each.row.initiatives or each.row.deputy):
            yield f"{place}取組項目と副担当は、担当者の行だけで使います。"
