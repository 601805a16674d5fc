"""Letters in a database, for the tests of what is stored about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.letters import LetterState
from storage.database import Database
from storage.letter_claims import POST
from storage.models import Letter
from tests.builders import Ward, known, letter_values

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 0, 30, tzinfo=UTC)  # 09:30 in Japan
SECOND = timedelta(seconds=1)


async def write(database: Database, values: Any, *lines: tuple[int, str]) -> bool:
    async with database.begin() as uow:
        written = await uow.outbox.write(values, lines)
        await uow.commit()
    return written


async def claim(
    database: Database, *, now: datetime = NOW, day: date = TODAY, limit: int = 20
) -> list[tuple[int, bool]]:
    async with database.begin() as uow:
        claimed = await uow.outbox.claim(now=now, day=day, limit=limit)
        await uow.commit()
    return [(known(each.letter.id), each.doubtful) for each in claimed]


async def claim_updates(database: Database, now: datetime = NOW) -> list[Letter]:
    async with database.begin() as uow:
        held = await uow.letter_updates.claim(now=now, limit=20)
        await uow.commit()
    return held


async def letters(database: Database) -> list[Letter]:
    found = []
    async with database.read() as uow:
        for letter_id in range(1, 60):
            letter = await uow.outbox.get(letter_id)
            if letter is not None:
                found.append(letter)
    return found


async def change(database: Database, letter_id: int, **values: Any) -> None:
    async with database.begin() as uow:
        letter = await uow.outbox.get(letter_id)
        assert letter is not None
        for name, value in values.items():
            setattr(letter, name, value)
        await uow.outbox.add(letter)
        await uow.commit()


async def pause(database: Database, team: str, seconds: int, method: str = POST) -> None:
    async with database.begin() as uow:
        await uow.api_pauses.pause(team, method, NOW + timedelta(seconds=seconds))
        await uow.commit()


async def a_sent_letter(database: Database, ward: Ward) -> int:
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    ((letter_id, _),) = await claim(database)
    sent = {"channel": "D1", "ts": "1.1", "lease_until": None, "text": "2件"}
    await change(database, letter_id, state=LetterState.SENT.value, **sent)
    return letter_id
