"""Recording how letters ended: what ends while the last commit runs is committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.office import Office
from storage.letter_ends import LetterEnd


@dataclass(frozen=True)
class Rest:
    """A method of Slack's Web API that is to rest in a workspace, for every process."""

    team_id: str
    method: str
    until: datetime


class Ledger:
    """Every end is committed before it counts; one transaction holds as many as are waiting."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._waiting: list[_Entry] = []
        self._writing = False

    async def record(self, end: LetterEnd, rest: Rest | None = None) -> None:
        """Return when it is stored. Raises NotSaved when the database can't be had."""
        entry = _Entry(end, rest, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        if not self._writing:
            await self._write()
        await entry.stored

    async def _write(self) -> None:
        """Whoever finds nobody writing writes, for all who have come until none is waiting."""
        self._writing = True
        try:
            while self._waiting:
                await asyncio.sleep(0)  # those that end in the same moment come along
                group, self._waiting = self._waiting, []
                await self._commit(group)
        finally:
            self._writing = False

    async def _commit(self, group: Sequence[_Entry]) -> None:
        try:
            async with self._office.database.begin() as uow:
                for rest in _longest(group):
                    await uow.api_pauses.pause(rest.team_id, rest.method, rest.until)
                await uow.outbox.record([entry.end for entry in group])
                await uow.commit()
        except BaseException as error:
            for entry in group:
                entry.fail(error)
            if not isinstance(error, Exception):
                raise
        else:
            for entry in group:
                entry.succeed()


@dataclass(frozen=True)
class _Entry:
    end: LetterEnd
    rest: Rest | None
    stored: asyncio.Future[None]

    def succeed(self) -> None:
        if not self.stored.done():
            self.stored.set_result(None)

    def fail(self, error: BaseException) -> None:
        if self.stored.done():
            return
        if isinstance(error, Exception):
            self.stored.set_exception(error)
        else:
            self.stored.cancel()


def _longest(group: Sequence[_Entry]) -> list[Rest]:
    rests = sorted((entry.rest for entry in group if entry.rest), key=lambda rest: rest.until)
    return list({(rest.team_id, rest.method): rest for rest in rests}.values())
