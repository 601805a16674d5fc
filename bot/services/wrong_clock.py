"""What a clock that ran ahead has left behind: else it would be waited for until that very day."""

from __future__ import annotations

from datetime import timedelta

from bot.services.office import Office
from storage.postponed import Horizon

# Nothing is put off for longer: Slack's rests last minutes, and what is done daily is done again
# the next morning. The clocks of several machines are never as far apart.
_LONGEST = timedelta(days=1)
_LONGEST_LEASE = timedelta(hours=1)


async def put_right(office: Office) -> int:
    """Take for due now what is put off for longer than anything can be; how many moments.

    A letter whose claim ends by this is looked for before it is sent again.
    """
    now = office.machine.now()
    beyond = Horizon(now + _LONGEST_LEASE, now + _LONGEST, office.now() + _LONGEST)
    async with office.database.read() as uow:
        if not await uow.postponed.is_any(beyond):
            return 0
    async with office.database.begin() as uow:
        number = await uow.postponed.bring_forward(beyond, now)
        await uow.commit()
    return number
