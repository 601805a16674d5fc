"""What people have been written: what counts as told, and what came back."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.letters import LetterKind, LetterState
from storage.database import Database
from tests.builders import Ward, letter_values
from tests.storage.letters import TODAY, write


async def test_the_same_step_is_told_to_each_person(database: Database, ward: Ward) -> None:
    for person in (ward.owner, ward.people["manager"]):
        assert await write(database, letter_values(person), (ward.round_id, "opening"))

    async with database.read() as uow:
        assert set(await uow.correspondence.told(ward.round_id)) == {
            ward.owner,
            ward.people["manager"],
        }


async def test_a_person_is_undeliverable_by_their_newest_letter(
    database: Database, ward: Ward
) -> None:
    for n, state in enumerate((LetterState.UNDELIVERABLE, LetterState.SENT)):
        for person in (ward.owner, ward.people["deputy"])[: 2 - n]:
            day = TODAY + timedelta(days=n)
            values = letter_values(
                person, day, state=state.value, reason="account_inactive" if n == 0 else ""
            )
            await write(database, values, (ward.round_id, f"step-{n}"))

    async with database.read() as uow:
        reasons = await uow.correspondence.undeliverable(ward.round_id)
        sent = await uow.correspondence.notices_sent(ward.round_id)
    assert reasons == {ward.people["deputy"]: "account_inactive"}
    assert sent == {ward.owner: 1}


async def test_only_notices_count_as_notices(database: Database, ward: Ward) -> None:
    for kind in (LetterKind.NOTICE, LetterKind.MANAGERS):
        values = letter_values(ward.owner, kind=kind, state=LetterState.SENT.value)
        await write(database, values, (ward.round_id, f"step of {kind}"))

    async with database.read() as uow:
        assert await uow.correspondence.notices_sent(ward.round_id) == {ward.owner: 1}
