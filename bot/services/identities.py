"""Which person a row of a roster speaks of: by e-mail, else account, else name in the unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.roster import RosterRow
from bot.services.accounts import Resolution, person_of, reference_of
from bot.services.roster_changes import Change, RosterChanges
from bot.slack.directory import Account as SlackAccount
from storage.models import Account, Person
from storage.unit_of_work import UnitOfWork


@dataclass
class Identities:
    """Finds or makes the person of each row, one file in one unit of work."""

    uow: UnitOfWork
    changes: RosterChanges
    resolution: Resolution
    _changes: dict[int, tuple[Change, list[str]]] = field(default_factory=dict)
    _named: set[int] = field(default_factory=set)
    _here: dict[tuple[str, int | None], dict[int, Person]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    async def identify(self, row: RosterRow, unit_id: int | None) -> Person | str:
        """The person, stored with what the row adds; or why it can't be told who it is."""
        account = self.resolution.account(reference_of(row))
        found = await self._find(row, account, unit_id)
        if isinstance(found, str):
            return found
        person = found or await self._make(row, account)
        await self._complete(person, row, account)
        self._here[person.name, unit_id][person.id or 0] = person
        return person

    async def deputy(self, reference: str) -> Person | None:
        """The person of a reference, made from the Slack account where there is none yet."""
        found = await person_of(self.uow, reference, self.resolution)
        account = self.resolution.account(reference)
        if found is None and account is not None:
            email = reference if "@" in reference else None
            found = Person(name=account.name or reference, email=email)
            await self._add(found)
            await self._link(found, account)
        return found

    @property
    def people(self) -> int:
        """How many people the file speaks of, deputies made for it included."""
        return len(self._changes)

    def changed(self, person: Person) -> bool:
        """Whether the file changes somebody who was there before it."""
        return self._changes[person.id or 0][0] is Change.UPDATED

    def settle(self) -> None:
        """Note what became of each person, once."""
        for person_id, (change, fields) in self._changes.items():
            detail = {"fields": fields} if fields else {}
            self.changes.note(change, "person", f"person:{person_id}", detail)

    async def _find(
        self, row: RosterRow, account: SlackAccount | None, unit_id: int | None
    ) -> Person | str | None:
        by_email = await self.uow.people.by_email(row.email) if row.email else None
        by_account = await self._by_account(row, account)
        if by_email and by_account and by_email.id != by_account.id:
            return (
                "メールアドレスとSlackのアカウントが、別の人として登録されています。"
                "どちらかを空にしてください。"
            )
        if by_email or by_account or row.email or account:
            return by_email or by_account
        return await self._by_name(_name(row, None), unit_id)

    async def _by_account(self, row: RosterRow, account: SlackAccount | None) -> Person | None:
        """The person of the account that a row means; one that Slack has deactivated since is
        still theirs, though nobody can be written to there.
        """
        user_id = account.user_id if account else row.slack_user_id
        if not user_id:
            return None
        return await self.uow.people.by_account(self.resolution.team_id, user_id)

    async def _by_name(self, name: str, unit_id: int | None) -> Person | str | None:
        stored = await self.uow.people.by_name_in_unit(name, unit_id)
        found = {person.id or 0: person for person in stored} | self._here[name, unit_id]
        if len(found) > 1:
            return "同じ名前の人が2人以上います。メールアドレスかSlackのIDを書いてください。"
        return next(iter(found.values()), None)

    async def _make(self, row: RosterRow, account: SlackAccount | None) -> Person:
        person = Person(name=_name(row, account), email=row.email or None)
        await self._add(person)
        return person

    async def _add(self, person: Person) -> None:
        await self.uow.people.add(person)
        self._changes[person.id or 0] = (Change.ADDED, [])

    async def _complete(self, person: Person, row: RosterRow, account: SlackAccount | None) -> None:
        self._changes.setdefault(person.id or 0, (Change.UNCHANGED, []))
        # The first row that has a name decides, so that two spellings do not take turns.
        if row.name and person.id not in self._named:
            self._named.add(person.id or 0)
            await self._set(person, "name", row.name)
        if row.email and person.email != row.email:
            await self._set(person, "email", row.email)
        if account is not None:
            await self._link(person, account)

    async def _set(self, person: Person, key: str, value: str) -> None:
        if getattr(person, key) == value:
            return
        setattr(person, key, value)
        await self.uow.people.add(person)
        self._changed(person, key)

    async def _link(self, person: Person, account: SlackAccount) -> None:
        team_id = self.resolution.team_id
        stored = await self.uow.people.account(team_id, account.user_id)
        if stored is None:
            row = Account(person_id=person.id or 0, team_id=team_id, slack_user_id=account.user_id)
            await self.uow.people.add(row)
            self._changed(person, "account")
        elif stored.deactivated_at is not None:
            await self.uow.people.deactivate(stored, None)
            self._changed(person, "account")

    def _changed(self, person: Person, key: str) -> None:
        change, fields = self._changes[person.id or 0]
        kept = change if change is Change.ADDED else Change.UPDATED
        self._changes[person.id or 0] = (kept, [*fields, key])


def _name(row: RosterRow, account: SlackAccount | None) -> str:
    """What a person is called: by the file, by Slack, or by the address itself."""
    in_slack = account.name if account else ""
    return row.name or in_slack or row.email.partition("@")[0] or row.slack_user_id
