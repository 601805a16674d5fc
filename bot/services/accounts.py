"""Slack accounts of the people in a roster, looked up before anything is written.

No transaction is open while Slack is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.plans import Fault
from bot.domain.roster import Roster, RosterRow, is_email, is_slack_id
from bot.services.office import Office
from bot.slack.directory import Account, Directory
from storage.models import Person
from storage.unit_of_work import UnitOfWork

_NOT_STAFF = (
    "ゲスト、アプリ、またはほかの組織のアカウントです。職員のアカウントを指定してください。"
)


@dataclass(frozen=True)
class Resolution:
    """Accounts of one workspace by reference (e-mail address or Slack id); None where unknown."""

    team_id: str
    accounts: Mapping[str, Account | None]

    def account(self, reference: str) -> Account | None:
        """The account to write to: one of the staff, and active."""
        found = self.accounts.get(reference)
        return found if found and found.is_active and found.is_staff else None

    def is_outsider(self, reference: str) -> bool:
        """Whether the account is a guest's, an app's or another organisation's."""
        found = self.accounts.get(reference)
        return found is not None and not found.is_staff


async def resolve(office: Office, roster: Roster, directory: Directory) -> Resolution:
    """Look up everyone in a roster whose account is not known already."""
    wanted = set(_references(roster.rows))
    if not wanted:
        return Resolution("", {})
    team_id = await directory.team_id()
    async with office.database.read() as uow:
        known = {each: await _known(uow, each, team_id) for each in sorted(wanted)}
    found: dict[str, Account | None] = {}
    for each, account in known.items():
        found[each] = account or await _look_up(directory, each)
    return Resolution(team_id, found)


def reference_of(row: RosterRow) -> str:
    """What a row's person is looked up by; empty when only a name is given."""
    return row.slack_user_id or row.email


def account_faults(roster: Roster, resolution: Resolution) -> Iterator[Fault]:
    """Rows and deputies whose account may not take part."""
    for row in roster.rows:
        if resolution.is_outsider(reference_of(row)):
            column = "slack_user_id" if row.slack_user_id else "email"
            yield roster.fault(row, column, _NOT_STAFF)
        if row.deputy and resolution.is_outsider(row.deputy):
            yield roster.fault(row, "deputy", _NOT_STAFF)


async def person_of(uow: UnitOfWork, reference: str, resolution: Resolution) -> Person | None:
    """The stored person behind an e-mail address or a Slack id."""
    found = await uow.people.by_email(reference) if "@" in reference else None
    account = resolution.account(reference)
    if found is None and account is not None:
        found = await uow.people.by_account(resolution.team_id, account.user_id)
    return found


def _references(rows: Iterable[RosterRow]) -> Iterator[str]:
    for row in rows:
        for each in (reference_of(row), row.deputy):
            if is_email(each) or is_slack_id(each):
                yield each


async def _known(uow: UnitOfWork, reference: str, team_id: str) -> Account | None:
    """An account that is stored and was active when last heard of: Slack need not be asked."""
    if "@" in reference:
        person = await uow.people.by_email(reference)
    else:
        person = await uow.people.by_account(team_id, reference)
    if person is None:
        return None
    stored = (await uow.people.accounts([person.id or 0])).get(person.id or 0)
    if stored is None or stored.team_id != team_id or stored.deactivated_at is not None:
        return None
    if "@" not in reference and stored.slack_user_id != reference:
        return None
    return Account(stored.slack_user_id, person.name, is_active=True, is_staff=True)


async def _look_up(directory: Directory, reference: str) -> Account | None:
    if "@" in reference:
        return await directory.lookup(reference)
    return await directory.info(reference)
