"""What Slack tells of accounts as they change: who has left, and who has come back."""

from __future__ import annotations

from bot.services.office import Office
from bot.services.viewers import Caller


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
        await uow.people.deactivate(account, None if is_active else office.now())
        uow.audit.note(
            "account.reactivate" if is_active else "account.deactivate",
            at=office.now(),
            actor="slack",
            person_id=account.person_id,
            subject=f"account:{account.id}",
        )
        await uow.commit()
    return True
