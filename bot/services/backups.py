"""Backup and restore: and after a restore, no letter is sent that Slack may have had already."""

from __future__ import annotations

from pathlib import Path

from bot.services.actors import COMMAND_LINE
from bot.services.office import Office
from bot.services.trails import Trail
from storage import backup
from storage.database import Database

RESTORED = "database.restore"  # the action in the audit trail


def back_up(url: str, file: Path) -> None:
    """Copy an SQLite database to a new file while the bot works. Raises Refused when it can't."""
    backup.copy_out(url, file)


async def restore(office: Office, url: str, file: Path) -> int:
    """Put a backup in the database's place; how many waiting letters are in doubt from now on.

    Raises Refused, with nothing changed, while a bot runs on the database, or when the file is no
    backup of this version or an older one.
    """
    with backup.replacing(url, file) as copy:
        database = Database(copy)
        try:
            return await mark_restored(Office(database, office.clock, office.forms, office.machine))
        finally:
            await database.dispose()


async def mark_restored(office: Office) -> int:
    """Note that the database is an old state of itself; how many waiting letters are in doubt.

    What it takes for unsent may have been sent since it was saved. Each letter that was waiting,
    and each that is written later about steps up to today, is looked for in the person's
    conversation before it is sent.
    """
    async with office.database.begin() as uow:
        doubted = await uow.outbox.doubt_waiting(office.machine.now())
        Trail(uow, office.now(), COMMAND_LINE).note(
            RESTORED, "database", {"on": office.today().isoformat(), "letters": doubted}
        )
        await uow.commit()
    return doubted
