"""The outbox: each letter written once, taken by one, and sent when its time has come."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.letters import LEASE, LetterKind, LetterState, Next
from storage.database import Database
from storage.letter_ends import LetterEnd
from storage.letter_updates import UPDATE
from storage.outbox import Draft
from tests.builders import (
    TEAM,
    Ward,
    add_person,
    add_plan,
    add_round,
    known,
    letter_values,
    seed_ward,
)
from tests.storage.letters import (
    NOW,
    SECOND,
    TODAY,
    change,
    claim,
    claim_updates,
    letters,
    pause,
    write,
)


async def write_many(database: Database, ward: Ward, count: int) -> None:
    async with database.begin() as uow:
        for _ in range(count):
            values = letter_values(await add_person(uow))
            assert await uow.outbox.write(values, [(ward.round_id, "opening")])
        await uow.commit()


# --- written once --------------------------------------------------------------------------------


async def test_a_letter_is_written_once_however_many_write_it_at_once(
    rivals: list[Database], ward: Ward
) -> None:
    values = [letter_values(ward.owner) for _ in rivals]
    line = (ward.round_id, "opening")

    written = await asyncio.gather(
        *(write(rival, each, line) for rival, each in zip(rivals, values, strict=True))
    )

    assert sorted(written) == [False, False, True]
    (letter,) = await letters(rivals[0])
    async with rivals[0].read() as uow:
        assert [line.step for line in await uow.outbox.lines(known(letter.id))] == ["opening"]


async def test_a_letter_that_was_not_committed_can_be_written_by_another(
    rivals: list[Database], ward: Ward
) -> None:
    async with rivals[0].begin() as uow:
        assert await uow.outbox.write(letter_values(ward.owner), [(ward.round_id, "opening")])

    assert await write(rivals[1], letter_values(ward.owner), (ward.round_id, "opening"))


async def test_a_step_is_told_to_a_person_in_one_letter_only(
    database: Database, ward: Ward
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))

    again = await write(database, letter_values(ward.owner, tomorrow), (ward.round_id, "opening"))

    assert not again
    assert [letter.day for letter in await letters(database)] == [TODAY]


async def test_a_letter_holds_only_the_lines_that_are_new(database: Database, ward: Ward) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))

    lines = ((ward.round_id, "opening"), (ward.round_id, "before-3:2026-09-18"))
    assert await write(database, letter_values(ward.owner, tomorrow), *lines)

    _, second = await letters(database)
    async with database.read() as uow:
        steps = [line.step for line in await uow.outbox.lines(known(second.id))]
        told = await uow.correspondence.told(ward.round_id)
    assert steps == ["before-3:2026-09-18"]
    assert told == {ward.owner: {"opening", "before-3:2026-09-18"}}


async def test_a_letter_that_an_act_causes_needs_no_line(database: Database, ward: Ward) -> None:
    values = letter_values(ward.owner, key="sent-back:1:2", kind="sent-back")

    assert await write(database, values)

    assert [letter.key for letter in await letters(database)] == ["sent-back:1:2"]
    assert not await write(database, letter_values(ward.owner, key="sent-back:1:2"))


# --- taken by one --------------------------------------------------------------------------------


async def test_each_letter_is_taken_by_one_of_those_who_claim_at_once(
    rivals: list[Database], ward: Ward
) -> None:
    await write_many(rivals[0], ward, 12)

    taken = await asyncio.gather(*(claim(rival, limit=5) for rival in rivals for _ in range(2)))

    ids = [letter_id for batch in taken for letter_id, _ in batch]
    assert len(ids) == len(set(ids)), "a letter was taken twice"
    assert len(ids) == 12
    assert all(len(batch) <= 5 for batch in taken)


async def test_who_claims_does_not_wait_for_who_is_claiming(postgres_url: str) -> None:
    """On SQLite it does: there is one writer at a time."""
    database = Database(postgres_url, wait=0.5)
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=1)
        await uow.commit()
    await write_many(database, ward, 3)

    async with database.begin() as uow:
        mine = await uow.outbox.claim(now=NOW, day=TODAY, limit=2)
        await uow._session.flush()
        theirs = await claim(database)

    assert len(mine) == 2
    assert len(theirs) == 1
    await database.dispose()


async def test_a_taken_letter_is_left_alone_until_its_lease_ends(
    database: Database, ward: Ward
) -> None:
    await write_many(database, ward, 1)
    ((letter, doubtful),) = await claim(database)

    assert not doubtful
    assert await claim(database, now=NOW + LEASE - SECOND) == []
    assert await claim(database, now=NOW + LEASE) == [(letter, True)]


async def test_a_letter_that_ended_without_a_word_is_claimed_as_doubtful(
    database: Database, ward: Ward
) -> None:
    await write_many(database, ward, 1)
    ((letter, _),) = await claim(database)
    unknown = {"state": LetterState.UNKNOWN.value, "lease_until": None}
    await change(database, letter, next_try_at=NOW + SECOND, **unknown)

    assert await claim(database) == []
    assert await claim(database, now=NOW + SECOND) == [(letter, True)]
    (held,) = await letters(database)
    assert (held.state, held.attempts) == (LetterState.SENDING.value, 2)
    assert held.lease_until == NOW + SECOND + LEASE


@pytest.mark.parametrize(
    "state", [LetterState.SENT, LetterState.UNDELIVERABLE, LetterState.WITHDRAWN]
)
async def test_a_letter_that_has_ended_is_never_taken_again(
    database: Database, ward: Ward, state: LetterState
) -> None:
    await write_many(database, ward, 1)
    ((letter, _),) = await claim(database)
    await change(database, letter, state=state.value)

    assert await claim(database, now=NOW + 10 * LEASE) == []
    async with database.read() as uow:
        assert await uow.outbox.next_try(now=NOW, day=TODAY) is None


async def test_a_claim_that_was_not_committed_gives_the_letter_back(
    database: Database, ward: Ward
) -> None:
    await write_many(database, ward, 1)
    async with database.begin() as uow:
        assert len(await uow.outbox.claim(now=NOW, day=TODAY, limit=20)) == 1

    assert [doubtful for _, doubtful in await claim(database)] == [False]


# --- when its time has come ----------------------------------------------------------------------


async def test_letters_dated_after_today_are_left(database: Database, ward: Ward) -> None:
    tomorrow = TODAY + timedelta(days=1)
    early = letter_values(ward.owner, tomorrow, next_try_at=NOW - SECOND)
    await write(database, early, (ward.round_id, "opening"))

    assert await claim(database, day=TODAY) == []
    async with database.read() as uow:
        assert await uow.outbox.next_try(now=NOW, day=TODAY) is None
        assert await uow.outbox.next_try(now=NOW, day=tomorrow) == NOW - SECOND
    assert len(await claim(database, day=tomorrow)) == 1


async def test_the_oldest_letters_go_first(database: Database, ward: Ward) -> None:
    await write_many(database, ward, 3)

    assert [letter for letter, _ in await claim(database, limit=2)] == [1, 2]
    assert [letter for letter, _ in await claim(database, limit=2)] == [3]


async def test_the_next_try_is_the_end_of_another_process_lease(
    database: Database, ward: Ward
) -> None:
    await write_many(database, ward, 2)
    await claim(database, limit=1)
    await change(database, 2, next_try_at=NOW + 2 * LEASE)

    async with database.read() as uow:
        assert await uow.outbox.next_try(now=NOW, day=TODAY) == NOW + LEASE


async def test_a_pause_holds_for_all_who_claim_and_for_no_other_workspace(
    rivals: list[Database], ward: Ward
) -> None:
    await write(rivals[0], letter_values(ward.owner), (ward.round_id, "opening"))
    manager = ward.people["manager"]
    elsewhere = letter_values(manager, team_id="T0002")
    await write(rivals[0], elsewhere, (ward.round_id, "opening"))

    await pause(rivals[0], TEAM, 30)

    assert [letter for letter, _ in await claim(rivals[1])] == [2]
    assert await claim(rivals[2], now=NOW + 29 * SECOND, limit=1) == [(2, True)]
    assert await claim(rivals[2], now=NOW + 30 * SECOND) == [(1, False)]


async def test_of_two_pauses_the_longer_one_holds(rivals: list[Database], ward: Ward) -> None:
    await write(rivals[0], letter_values(ward.owner), (ward.round_id, "opening"))

    await asyncio.gather(pause(rivals[0], TEAM, 60), pause(rivals[1], TEAM, 5))

    assert await claim(rivals[2], now=NOW + 59 * SECOND) == []
    assert len(await claim(rivals[2], now=NOW + 60 * SECOND)) == 1


async def test_a_pause_of_updates_does_not_keep_letters_from_being_sent(
    database: Database, ward: Ward
) -> None:
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    await pause(database, TEAM, 60, UPDATE)

    assert len(await claim(database)) == 1


async def test_the_next_try_waits_for_a_pause_of_its_own_workspace_alone(
    database: Database, ward: Ward
) -> None:
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    await pause(database, TEAM, 60)
    async with database.read() as uow:
        assert await uow.outbox.next_try(now=NOW, day=TODAY) == NOW + 60 * SECOND

    elsewhere = letter_values(ward.people["manager"], team_id="T0002")
    await write(database, elsewhere, (ward.round_id, "opening"))

    async with database.read() as uow:
        assert await uow.outbox.next_try(now=NOW, day=TODAY) == NOW


# --- what has lost its reason --------------------------------------------------------------------


async def test_a_newer_letter_withdraws_what_was_never_sent_before(
    database: Database, ward: Ward
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    managers = letter_values(ward.owner, kind=LetterKind.MANAGERS)
    other = letter_values(ward.people["deputy"])
    for values in (letter_values(ward.owner), managers, other):
        await write(database, values, (ward.round_id, f"opening of {values['key']}"))
    await write(database, letter_values(ward.owner, tomorrow), (ward.round_id, "due"))

    async with database.begin() as uow:
        await uow.outbox.withdraw_older(ward.owner, LetterKind.NOTICE, tomorrow)
        await uow.commit()

    states = [letter.state for letter in await letters(database)]
    assert states == [LetterState.WITHDRAWN.value, *[LetterState.PENDING.value] * 3]


async def test_a_letter_that_is_on_its_way_is_not_withdrawn(database: Database, ward: Ward) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    await claim(database)
    await write(database, letter_values(ward.owner, tomorrow), (ward.round_id, "due"))

    async with database.begin() as uow:
        await uow.outbox.withdraw_older(ward.owner, LetterKind.NOTICE, tomorrow)
        await uow.commit()

    first, _ = await letters(database)
    assert first.state == LetterState.SENDING.value


@pytest.mark.parametrize("is_taken_since", [True, False])
async def test_lines_are_to_be_said_anew_unless_another_process_says_them(
    database: Database, ward: Ward, is_taken_since: bool
) -> None:
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    async with database.begin() as uow:
        [slow] = await uow.outbox.claim(now=NOW, day=TODAY, limit=1)
        [line] = await uow.outbox.lines(known(slow.letter.id))
        await uow.commit()
    if is_taken_since:
        assert await claim(database, now=NOW + LEASE + SECOND)

    unsaid = LetterEnd(slow.letter, Next(LetterState.WITHDRAWN), unsaid=(known(line.id),))
    async with database.begin() as uow:
        await uow.outbox.record([unsaid])
        await uow.commit()

    async with database.read() as uow:
        told = await uow.correspondence.told(ward.round_id)
    assert bool(told) is is_taken_since


async def test_what_a_withdrawn_letter_alone_would_have_said_joins_the_newer_one(
    database: Database, ward: Ward
) -> None:
    """Two rounds open on following days and Slack is down on the first: both are announced."""
    tomorrow = TODAY + timedelta(days=1)
    async with database.begin() as uow:
        plan = await add_plan(uow, ward.unit_id, year=2025)
        other_round = await add_round(uow, plan)
        first = [(ward.round_id, "opening"), (other_round, "opening")]
        assert await uow.outbox.write(letter_values(ward.owner), first)
        newer = [(other_round, "due:2026-09-18")]
        assert await uow.outbox.write(letter_values(ward.owner, tomorrow), newer)
        await uow.outbox.withdraw_older(ward.owner, LetterKind.NOTICE, tomorrow)
        await uow.commit()

    async with database.read() as uow:
        lines = {(line.round_id, line.step) for line in await uow.outbox.lines(2)}
    assert lines == {(ward.round_id, "opening"), (other_round, "due:2026-09-18")}


# --- many at once --------------------------------------------------------------------------------


async def write_all(database: Database, *drafts: Draft) -> list[int]:
    async with database.begin() as uow:
        written = await uow.outbox.write_all(drafts)
        await uow.commit()
    return written


async def drafts_of(database: Database, ward: Ward, count: int) -> list[Draft]:
    async with database.begin() as uow:
        people = [await add_person(uow) for _ in range(count)]
        await uow.commit()
    line = (ward.round_id, "opening")
    return [Draft(letter_values(person), (line,)) for person in people]


async def test_letters_written_together_are_each_written_once_by_all_who_write_at_once(
    rivals: list[Database], ward: Ward
) -> None:
    drafts = await drafts_of(rivals[0], ward, 8)

    written = await asyncio.gather(
        *(write_all(rival, *drafts[n : n + 6]) for n, rival in enumerate(rivals))
    )

    people = [person for batch in written for person in batch]
    assert sorted(people) == sorted(draft.values["person_id"] for draft in drafts)
    async with rivals[0].read() as uow:
        assert len(await uow.correspondence.told(ward.round_id)) == 8


async def test_of_letters_written_together_those_that_say_nothing_new_are_not_kept(
    database: Database, ward: Ward
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await write(database, letter_values(ward.owner), (ward.round_id, "opening"))
    manager = ward.people["manager"]

    written = await write_all(
        database,
        Draft(letter_values(ward.owner, tomorrow), ((ward.round_id, "opening"),)),
        Draft(letter_values(manager, tomorrow), ((ward.round_id, "opening"),)),
    )

    assert written == [manager]
    assert [letter.day for letter in await letters(database)] == [TODAY, tomorrow]


async def test_a_request_to_confirm_that_was_never_sent_joins_the_newer_letter_of_its_round(
    database: Database, ward: Ward
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    confirm = (ward.round_id, "confirm:2026-09-01")
    await write(database, letter_values(ward.owner), confirm, (ward.round_id, "opening"))

    due = (ward.round_id, "due:2026-09-18")
    await write_all(database, Draft(letter_values(ward.owner, tomorrow), (due,)))

    older, newer = await letters(database)
    async with database.read() as uow:
        steps = {line.step for line in await uow.outbox.lines(known(newer.id))}
    assert older.state == LetterState.WITHDRAWN.value
    assert steps == {"confirm:2026-09-01", "due:2026-09-18"}


# --- one a second --------------------------------------------------------------------------------


async def two_letters(database: Database, ward: Ward) -> None:
    for kind in (LetterKind.NOTICE, LetterKind.MANAGERS):
        values = letter_values(ward.owner, kind=kind)
        await write(database, values, (ward.round_id, f"step of {kind}"))


async def test_of_one_persons_letters_only_the_oldest_is_taken(
    rivals: list[Database], ward: Ward
) -> None:
    await two_letters(rivals[0], ward)

    taken = await asyncio.gather(*(claim(rival) for rival in rivals))

    assert sorted(len(batch) for batch in taken) == [0, 0, 1]
    assert [letter for batch in taken for letter, _ in batch] == [1]
    assert await claim(rivals[1], now=NOW + LEASE - SECOND) == [], "the first is on its way"


async def test_the_next_one_is_taken_a_second_after_the_last_was_sent_or_updated(
    database: Database, ward: Ward
) -> None:
    await two_letters(database, ward)
    await claim(database)
    await change(database, 1, state=LetterState.SENT.value, sent_at=NOW, lease_until=None)
    just_before = NOW + SECOND - timedelta(milliseconds=1)
    assert await claim(database, now=just_before) == []

    await change(database, 1, updated_at=NOW + SECOND)
    assert await claim(database, now=NOW + SECOND) == []
    assert await claim(database, now=NOW + 2 * SECOND) == [(2, False)]


async def test_a_message_of_a_day_that_is_still_to_come_keeps_no_conversation_waiting(
    database: Database, ward: Ward
) -> None:
    """It was sent, or updated, while the machine's clock was ahead by days."""
    ahead = NOW + timedelta(days=2)
    await two_letters(database, ward)
    await claim(database)
    sent = {"state": LetterState.SENT.value, "sent_at": ahead, "lease_until": None}
    await change(database, 1, **sent, updated_at=ahead, refresh_at=NOW)

    assert [letter.id for letter in await claim_updates(database)] == [1]
    await change(database, 1, updated_at=ahead, refresh_at=None)
    assert await claim(database) == [(2, False)]
