"""What Slack tells of accounts, as it happens and once a day: who has left, who has come back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.calendar import at_tokyo, japanese_date
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.slack.directory import Directory
from storage.models import Account
from storage.unit_of_work import UnitOfWork

# Before the first letters of the day are planned, at 9:30.
READ_FROM = time(8, 0)
_USERS_LIST = "users.list"
# A large city has thousands of accounts, at 20 pages a minute. Who has died over it is followed
# after the lease; letters wait for somebody's reading, but not that long.
_LEASE = timedelta(minutes=30)
_LONGEST_HOLD = timedelta(minutes=5)


async def note_account(office: Office, account_of: Caller, *, is_active: bool) -> bool:
    """Note that an account can, or can no longer, be written to; whether that was news."""
    async with office.database.read() as uow:
        account = await uow.people.account(account_of.team_id, account_of.user_id)
        if account is None or (account.deactivated_at is None) is is_active:
            return False
    async with office.database.begin() as uow:
        account = await uow.people.account(account_of.team_id, account_of.user_id)
        if account is None:
            return False
        await _note(office, uow, account, is_active=is_active)
        await uow.commit()
    return True


async def read_directory(office: Office, directory: Directory, *, at: datetime) -> int | None:
    """Note who has left and who has come back, once a Japanese day from 8:00, in one process.

    What was missed of ``user_change`` is made up for, before letters are planned: Slack takes
    messages to a deactivated account without a word. Returns how many accounts have changed, None
    when it is not time. Raises Refused when Slack can't be read; the next call tries again.
    """
    if not await _is_time(office, directory, at):
        return None
    team_id = await directory.team_id()
    try:
        listed = await directory.activity()
    except BaseException:
        await _give_back(office, team_id, at)
        raise
    async with office.database.begin() as uow:
        changed = [
            account
            for account in await uow.people.accounts_in(team_id)
            if listed.get(account.slack_user_id, account.deactivated_at is None)
            is not (account.deactivated_at is None)
        ]
        for account in changed:
            await _note(office, uow, account, is_active=listed[account.slack_user_id])
        await uow.api_pauses.pause(team_id, _USERS_LIST, _next_morning(at))
        await uow.commit()
    return len(changed)


async def is_being_read(office: Office, directory: Directory, *, at: datetime) -> bool:
    """Whether some process is reading the directory, and has not taken too long over it."""
    async with office.database.read() as uow:
        until = await uow.api_pauses.resting_until(await directory.team_id(), _USERS_LIST)
    if until is None or until == _next_morning(at):
        return False
    return until - _LEASE <= at < until - _LEASE + _LONGEST_HOLD


async def _is_time(office: Office, directory: Directory, at: datetime) -> bool:
    """Whether it falls to this process, now; it has then been claimed, for all others to see."""
    if at < at_tokyo(japanese_date(at), READ_FROM):
        return False
    team_id = await directory.team_id()
    async with office.database.read() as uow:
        until = await uow.api_pauses.resting_until(team_id, _USERS_LIST)
    if until is not None and until > at:
        return False
    async with office.database.begin() as uow:
        claimed = await uow.api_pauses.claim_method(team_id, _USERS_LIST, now=at, until=at + _LEASE)
        await uow.commit()
    return claimed


async def _give_back(office: Office, team_id: str, at: datetime) -> None:
    async with office.database.begin() as uow:
        await uow.api_pauses.rouse(team_id, _USERS_LIST, at)
        await uow.commit()


def _next_morning(at: datetime) -> datetime:
    return at_tokyo(japanese_date(at) + timedelta(days=1), READ_FROM)


async def _note(office: Office, uow: UnitOfWork, account: Account, *, is_active: bool) -> None:
    await uow.people.deactivate(account, None if is_active else office.now())
    Trail(uow, office.now(), Actor("slack", account.person_id)).note(
        "account.reactivate" if is_active else "account.deactivate", f"account:{account.id}"
    )
