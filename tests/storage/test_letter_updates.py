"""Keeping a sent letter true: each update asked for once, taken by one, and recorded."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from bot.domain.letters import LEASE, LetterState
from storage.database import Database
from storage.letter_ends import RefreshEnd
from storage.letter_updates import UPDATE
from storage.models import Letter
from tests.builders import TEAM, Ward, add_plan, add_round, letter_values
from tests.storage.letters import (
    NOW,
    SECOND,
    TODAY,
    a_sent_letter,
    change,
    claim,
    claim_updates,
    letters,
    pause,
    write,
)


async def ask_update(database: Database, ward: Ward, at: datetime = NOW) -> None:
    async with database.begin() as uow:
        await uow.letter_updates.ask([ward.owner], ward.round_id, at)
        await uow.commit()


async def end_update(database: Database, letter: Letter, **ended: Any) -> None:
    async with database.begin() as uow:
        await uow.letter_updates.record([RefreshEnd(letter, NOW, **ended)])
        await uow.commit()


async def test_a_refresh_is_taken_by_one_and_ends_with_the_new_text(
    rivals: list[Database], ward: Ward
) -> None:
    await a_sent_letter(rivals[0], ward)
    await ask_update(rivals[0], ward)

    taken = await asyncio.gather(*(claim_updates(rival) for rival in rivals))
    ((letter,),) = [batch for batch in taken if batch]
    await end_update(rivals[0], letter, text="入力済")

    (stored,) = await letters(rivals[0])
    assert (stored.refresh_at, stored.text) == (None, "入力済")
    assert await claim_updates(rivals[0], NOW + 10 * LEASE) == []


async def test_refreshes_asked_for_in_a_row_are_one(database: Database, ward: Ward) -> None:
    await a_sent_letter(database, ward)
    for second in range(3):
        await ask_update(database, ward, NOW + second * SECOND)

    assert len(await claim_updates(database, NOW + 5 * SECOND)) == 1
    assert await claim_updates(database, NOW + 5 * SECOND) == []


async def test_the_newest_letter_is_updated_first(database: Database, ward: Ward) -> None:
    for number in range(2):
        sent = {"state": LetterState.SENT.value, "refresh_at": NOW}
        values = letter_values(ward.owner, TODAY + timedelta(days=number), **sent)
        await write(database, values, (ward.round_id, f"step-{number}"))

    async with database.begin() as uow:
        (first,) = await uow.letter_updates.claim(now=NOW, limit=1)
    assert first.day == TODAY + timedelta(days=1)


async def test_a_refresh_that_is_asked_for_while_one_runs_is_not_lost(
    database: Database, ward: Ward
) -> None:
    await a_sent_letter(database, ward)
    await ask_update(database, ward)
    (running,) = await claim_updates(database)

    await ask_update(database, ward, NOW + SECOND)
    await end_update(database, running, text="残り1件")

    (again,) = await claim_updates(database, NOW + SECOND)
    assert again.refresh_attempts == 1, "a new wish has all its tries"
    await end_update(database, again, text="入力済")
    assert [letter.text for letter in await letters(database)] == ["入力済"]


async def test_a_refresh_whose_process_died_is_taken_again_after_its_lease(
    database: Database, ward: Ward
) -> None:
    await a_sent_letter(database, ward)
    await ask_update(database, ward)
    await claim_updates(database)

    assert await claim_updates(database, NOW + LEASE - SECOND) == []
    (letter,) = await claim_updates(database, NOW + LEASE)
    assert letter.refresh_attempts == 2


async def test_a_refresh_that_failed_is_tried_again_when_told(
    database: Database, ward: Ward
) -> None:
    await a_sent_letter(database, ward)
    await ask_update(database, ward)
    (letter,) = await claim_updates(database)

    await end_update(database, letter, again_at=NOW + 5 * SECOND)

    assert await claim_updates(database, NOW + 4 * SECOND) == []
    assert len(await claim_updates(database, NOW + 5 * SECOND)) == 1
    assert [stored.text for stored in await letters(database)] == ["2件"]


async def test_an_answer_that_comes_while_the_letter_is_on_its_way_updates_it_later(
    database: Database, ward: Ward
) -> None:
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    ((letter, _),) = await claim(database)

    await ask_update(database, ward)

    assert await claim_updates(database) == [], "there is no message yet to update"
    await change(database, letter, state=LetterState.SENT.value, channel="D1", ts="1.1")
    assert len(await claim_updates(database)) == 1


async def test_only_the_letters_about_that_round_are_refreshed(
    database: Database, ward: Ward
) -> None:
    await a_sent_letter(database, ward)
    async with database.begin() as uow:
        plan = await add_plan(uow, ward.unit_id, year=2025)
        other_round = await add_round(uow, plan)
        await uow.letter_updates.ask([ward.owner], other_round, NOW)
        await uow.letter_updates.ask([ward.people["manager"]], ward.round_id, NOW)
        await uow.commit()

    assert await claim_updates(database) == []


async def test_updates_rest_in_a_workspace_that_is_paused(database: Database, ward: Ward) -> None:
    await a_sent_letter(database, ward)
    await ask_update(database, ward)
    await pause(database, TEAM, 30, UPDATE)

    assert await claim_updates(database, NOW + 29 * SECOND) == []
    assert len(await claim_updates(database, NOW + 30 * SECOND)) == 1


async def test_one_conversation_takes_an_update_a_second_the_newest_first(
    database: Database, ward: Ward
) -> None:
    for number in range(2):
        sent = {"state": LetterState.SENT.value, "sent_at": NOW - SECOND, "refresh_at": NOW}
        values = letter_values(ward.owner, TODAY + timedelta(days=number), **sent)
        await write(database, values, (ward.round_id, f"step-{number}"))

    [first] = await claim_updates(database)
    await end_update(database, first, text="入力済")
    assert await claim_updates(database, NOW + SECOND / 2) == []
    [second] = await claim_updates(database, NOW + SECOND)

    assert (first.id, second.id) == (2, 1)
