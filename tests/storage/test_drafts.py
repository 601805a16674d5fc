"""Drafts: the newest state wins in whatever order it comes, and each person has their own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.drafts import DraftKey
from storage.models import DraftRow, Revision
from tests.builders import Ward, add_plan, add_round, known, seed_ward
from tests.storage.processes import in_processes

NOW = datetime(2026, 9, 8, 7, 20, tzinfo=UTC)  # 8 September, 16:20 in Japan
SECOND = timedelta(seconds=1)

# Several processes write states of one form; the texts say which is the newest.
WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from storage.database import Database
from storage.models import DraftRow

async def run(url, round_id, item, person, *stamps):
    database = Database(url, wait=60)  # SQLite's lock knows no queue
    for stamp in map(int, stamps):
        async with database.begin() as uow:
            answers = {"issues": f"{stamp}"}
            at = datetime(2026, 9, 8, tzinfo=UTC)
            await uow.drafts.keep(DraftRow(round_id=round_id, initiative_id=item, person_id=person,
                                           base=0, answers=answers, stamp=stamp, at=at))
            await uow.commit()
    await database.dispose()

asyncio.run(run(sys.argv[1], *map(int, sys.argv[2:5]), *sys.argv[5:]))
"""


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        made = await seed_ward(uow, initiatives=2)
        await uow.commit()
    return made


@pytest.fixture
async def rivals(database_url: str) -> AsyncIterator[list[Database]]:
    opened = [Database(database_url) for _ in range(2)]
    yield opened
    for database in opened:
        await database.dispose()


def key_of(ward: Ward, part: str = "owner", nth: int = 0) -> DraftKey:
    return DraftKey(ward.round_id, ward.initiatives[nth], ward.people[part])


def state(key: DraftKey, stamp: int, text: str, **changes: Any) -> DraftRow:
    values: dict[str, Any] = {"base": 0, "answers": {"issues": text}, "at": NOW, "reason": ""}
    about = {"round_id": key.round_id, "initiative_id": key.initiative_id}
    return DraftRow(**{**about, "person_id": key.person_id, "stamp": stamp, **values, **changes})


async def keep(database: Database, *rows: DraftRow) -> None:
    for row in rows:
        async with database.begin() as uow:
            await uow.drafts.keep(row)
            await uow.commit()


async def text_of(database: Database, key: DraftKey) -> str | None:
    async with database.read() as uow:
        found = await uow.drafts.find(key)
    return found[0].answers.get("issues", "") if found else None


async def submit(database: Database, ward: Ward, number: int, at: datetime, part: str) -> None:
    async with database.begin() as uow:
        row = await uow.check_ins.locked(ward.plan_id, ward.initiatives[0], "mid-year", at)
        values: dict[str, Any] = {"before": {}, "after": {}, "asked": {}, "source": "slack"}
        values |= {"number": number, "fingerprint": f"f{number}", "at": at}
        values |= {"check_in_id": known(row.id), "entered_by": ward.people[part]}
        await uow.check_ins.add(Revision(**values))
        await uow.commit()


async def test_the_newest_state_wins_whatever_comes_last(database: Database, ward: Ward) -> None:
    key = key_of(ward)
    rows = [state(key, stamp, f"状態{stamp}", base=stamp) for stamp in range(1, 9)]
    random.Random(4).shuffle(rows)

    await keep(database, *rows, *rows)

    async with database.read() as uow:
        found = await uow.drafts.find(key)
    assert found is not None
    row = found[0]
    assert (row.answers, row.base, row.stamp, row.at) == ({"issues": "状態8"}, 8, 8, NOW)


async def test_a_state_that_comes_twice_changes_nothing(database: Database, ward: Ward) -> None:
    key = key_of(ward)

    await keep(database, state(key, 5, "一度目"), state(key, 5, "二度目"))

    assert await text_of(database, key) == "一度目"


async def test_two_writers_at_once_end_with_the_newest(rivals: list[Database], ward: Ward) -> None:
    key = key_of(ward)
    rows = [state(key, stamp, f"{stamp}") for stamp in range(20)]

    await asyncio.gather(
        keep(rivals[0], *rows[::2]),
        keep(rivals[1], *rows[1::2][::-1]),
    )

    assert await text_of(rivals[0], key) == "19"


def test_processes_that_write_at_once_end_with_the_newest(database_url: str) -> None:
    async def prepare() -> DraftKey:
        database = Database(database_url)
        async with database.begin() as uow:
            key = key_of(await seed_ward(uow, initiatives=1))
            await uow.commit()
        await database.dispose()
        return key

    async def look() -> str | None:
        database = Database(database_url)
        found = await text_of(database, key)
        await database.dispose()
        return found

    key = asyncio.run(prepare())
    who = [str(each) for each in (key.round_id, key.initiative_id, key.person_id)]
    orders = [range(0, 30, 3), range(28, 0, -3), range(2, 30, 3)]

    in_processes(WRITER, *([database_url, *who, *map(str, each)] for each in orders))

    assert asyncio.run(look()) == "29"


async def test_each_person_and_each_item_has_a_draft_of_its_own(
    database: Database, ward: Ward
) -> None:
    mine, other, theirs = key_of(ward), key_of(ward, nth=1), key_of(ward, "deputy")

    await keep(database, state(mine, 2, "私の"), state(other, 1, "別の項目"))

    assert await text_of(database, mine) == "私の"
    assert await text_of(database, other) == "別の項目"
    assert await text_of(database, theirs) is None


async def test_a_draft_about_the_whole_unit_is_kept_too(database: Database, ward: Ward) -> None:
    key = DraftKey(ward.round_id, 0, ward.owner)

    await keep(database, state(key, 1, "運営方針全体"))

    assert await text_of(database, key) == "運営方針全体"


async def test_what_was_typed_before_a_draft_was_given_up_does_not_come_back(
    database: Database, ward: Ward
) -> None:
    key = key_of(ward)
    await keep(database, state(key, 10, "やめた文"))

    async with database.begin() as uow:
        await uow.drafts.blank(key, 20)
        await uow.commit()
    await keep(database, state(key, 15, "遅れて届いた文"))
    given_up = await text_of(database, key)
    await keep(database, state(key, 21, "新しい文"))

    assert given_up == ""
    assert await text_of(database, key) == "新しい文"


async def test_giving_up_what_is_not_there_makes_no_row(database: Database, ward: Ward) -> None:
    async with database.begin() as uow:
        await uow.drafts.blank(key_of(ward), 20)
        await uow.commit()

    assert await text_of(database, key_of(ward)) is None


@pytest.mark.parametrize(
    ("base", "part", "since"),
    [
        (0, "owner", NOW + 2 * SECOND),
        (1, "owner", NOW + 2 * SECOND),
        (2, "owner", None),  # opened on what they had submitted themselves
        (0, "deputy", NOW + 3 * SECOND),
        (3, "deputy", None),
        (0, "coordinator", None),  # what others submit is nothing of theirs
    ],
)
async def test_a_draft_tells_when_its_own_writer_has_submitted_since(
    database: Database, ward: Ward, base: int, part: str, since: datetime | None
) -> None:
    key = key_of(ward, part)
    await keep(database, state(key, 1, "書きかけ", base=base))
    for number, who in ((1, "owner"), (2, "owner"), (3, "deputy")):
        await submit(database, ward, number, NOW + number * SECOND, who)

    async with database.read() as uow:
        found = await uow.drafts.find(key)
        asked = await uow.drafts.submitted_at(key, base)

    assert found is not None
    assert found[1] == asked == since


async def test_a_draft_of_a_later_revision_outlives_an_earlier_submission_told_again(
    database: Database, ward: Ward
) -> None:
    key = key_of(ward)
    await keep(database, state(key, 1, "修正の書きかけ", base=1))

    async with database.begin() as uow:
        assert not await uow.drafts.remove(key, up_to_base=0)
        await uow.commit()
    assert await text_of(database, key) == "修正の書きかけ"

    async with database.begin() as uow:
        assert await uow.drafts.remove(key)
        await uow.commit()
    assert await text_of(database, key) is None


async def test_old_drafts_and_those_of_published_rounds_go_and_no_others(
    database: Database, ward: Ward
) -> None:
    async with database.begin() as uow:
        plan = await add_plan(uow, ward.unit_id, year=2025)
        other = await add_round(uow, plan)
        await uow.commit()
    published = date(2026, 10, 5)
    mine = [key_of(ward), key_of(ward, nth=1)]
    elsewhere = DraftKey(other, ward.initiatives[0], ward.owner)
    await keep(
        database, state(mine[0], 1, "公表の前"), state(elsewhere, 1, "古い", at=NOW - SECOND)
    )
    await keep(database, state(mine[1], 1, "公表のあと", at=NOW + SECOND))

    async with database.begin() as uow:
        due = await uow.drafts.published_rounds(published)
        over = await uow.drafts.published_rounds(date(2026, 10, 6))
        assert await uow.drafts.remove_of_round(ward.round_id, before=NOW + SECOND) == 1
        assert await uow.drafts.remove_older(NOW) == 1
        await uow.commit()

    assert due == []
    assert sorted(over) == sorted([(ward.round_id, published), (other, published)])
    found = [await text_of(database, each) for each in (*mine, elsewhere)]
    assert found == [None, "公表のあと", None]


async def test_what_slipped_in_beside_a_submission_is_cleared_away(
    database: Database, ward: Ward
) -> None:
    mine, theirs = key_of(ward), key_of(ward, "deputy")
    await submit(database, ward, 1, NOW, "owner")
    await keep(database, state(mine, 1, "もう入力した文"), state(theirs, 1, "副担当の書きかけ"))

    async with database.begin() as uow:
        assert await uow.drafts.remove_submitted() == 1
        await uow.commit()

    assert await text_of(database, mine) is None
    assert await text_of(database, theirs) == "副担当の書きかけ"


async def test_no_error_quotes_what_somebody_has_typed(database: Database, ward: Ward) -> None:
    nowhere = DraftKey(9999, ward.initiatives[0], ward.owner)

    with pytest.raises(IntegrityError) as refused:
        await keep(database, state(nowhere, 1, "書きかけの文"))

    assert "書きかけの文" not in str(refused.value)
    assert "u66f8" not in str(refused.value)  # as JSON spells it
