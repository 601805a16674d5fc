"""Drafts: kept for their writer alone, offered again, settled by a submission, and let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.calendar import at_tokyo
from bot.domain.drafts import Draft
from bot.domain.errors import AccessDenied, EntryClosed, NotFound
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, drafts
from bot.services.checkins import AskAgain, Stored
from bot.services.drafts import Removed
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Entry, Keep, Typed
from bot.views.drafts import Offer
from bot.views.targets import Target
from storage.database import Database
from storage.drafts import DraftKey
from tests.builders import TEAM, Ward, seed_ward
from tests.databases import noting_statements

GOOD = {"implementation": "i", "attainment": "1", "issues": ""}
WRITTEN = "参加が計画の6割にとどまる。"
HALF = {"implementation": "i", "attainment": "2", "issues": WRITTEN}
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        seeded = await seed_ward(uow)
        await uow.commit()
    return seeded


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


def morning(day: date) -> datetime:
    return at_tokyo(day, time(9, 0))


def who(ward: Ward, part: str = "owner") -> Caller:
    return Caller(TEAM, ward.accounts[part])


def item(ward: Ward, nth: int = 0) -> Target:
    return Target(ward.round_id, ward.initiatives[nth])


def typed(ward: Ward, answers: dict[str, str], **changes: Any) -> Typed:
    values: dict[str, Any] = {"revision": 0, "complete_state": True}
    return Typed(ward.round_id, ward.initiatives[0], answers=answers, **{**values, **changes})


async def write(
    office: Office, ward: Ward, stamp: int, part: str = "owner", **changes: Any
) -> None:
    """What a handler does with an event."""
    person = await drafts.writer(office, who(ward, part), item(ward))
    draft = Draft(**{"base": 0, "stamp": stamp, "at": office.now(), "answers": HALF, **changes})
    await drafts.keep(office, person, item(ward), draft)


async def found(office: Office, ward: Ward, part: str = "owner") -> Entry | Offer:
    return await checkins.open_item(office, who(ward, part), item(ward))


async def is_stored(office: Office, ward: Ward, part: str = "owner") -> bool:
    async with office.database.read() as uow:
        key = DraftKey(ward.round_id, ward.initiatives[0], ward.people[part])
        return await uow.drafts.find(key) is not None


async def test_a_draft_is_offered_with_its_time_and_taken_up_as_it_was(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    written_at = office.now()
    await write(office, ward, 1, answers=HALF)
    clock.advance(MINUTE)

    offer = await found(office, ward)
    entry = await drafts.resume(office, who(ward), item(ward))

    assert isinstance(offer, Offer)
    assert (offer.at, offer.target, offer.code) == (written_at, item(ward), "1")
    assert (entry.answers, entry.revision) == (HALF, 0)


async def test_nobody_but_its_writer_is_offered_a_draft(office: Office, ward: Ward) -> None:
    await write(office, ward, 1)

    for part in ("deputy", "coordinator"):
        assert isinstance(await found(office, ward, part), Entry)
        entry = await drafts.resume(office, who(ward, part), item(ward))
        assert entry.answers == {}


async def test_a_draft_of_another_item_is_not_offered(office: Office, ward: Ward) -> None:
    await write(office, ward, 1)

    assert isinstance(await checkins.open_item(office, who(ward), item(ward, 1)), Entry)


@pytest.mark.parametrize("part", ["manager", "observer"])
async def test_who_may_not_answer_an_item_writes_no_draft_of_it(
    office: Office, ward: Ward, part: str
) -> None:
    with pytest.raises(AccessDenied):
        await drafts.writer(office, who(ward, part), item(ward))


async def test_no_draft_is_begun_of_what_is_not_there_or_takes_no_answers(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    with pytest.raises(NotFound):
        await drafts.writer(office, who(ward), Target(ward.round_id, 9999))
    clock.instant = morning(date(2026, 10, 2))
    with pytest.raises(EntryClosed):
        await drafts.writer(office, who(ward), item(ward))


async def test_a_submission_takes_the_draft_with_it(office: Office, ward: Ward) -> None:
    await write(office, ward, 1)

    await checkins.submit(office, who(ward), typed(ward, HALF))

    assert not await is_stored(office, ward)
    assert isinstance(await found(office, ward), Entry)


async def test_a_submission_that_is_refused_leaves_the_draft(office: Office, ward: Ward) -> None:
    await write(office, ward, 1)
    await checkins.submit(office, who(ward, "deputy"), typed(ward, GOOD))

    asked = await checkins.submit(office, who(ward), typed(ward, HALF))

    assert isinstance(asked, AskAgain)
    assert isinstance(await found(office, ward), Offer)


async def test_what_was_typed_before_a_submission_and_arrives_after_it_stays_away(
    office: Office, ward: Ward
) -> None:
    late = Draft(base=0, stamp=9, at=office.now(), answers=HALF)
    await checkins.submit(office, who(ward), typed(ward, GOOD))

    await drafts.keep(office, ward.owner, item(ward), late)

    assert not await is_stored(office, ward)


async def test_what_is_typed_on_another_device_after_a_submission_is_kept(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    await checkins.submit(office, who(ward), typed(ward, GOOD))
    clock.advance(MINUTE)

    await write(office, ward, 9, base=0)

    assert isinstance(await found(office, ward), Offer)


async def test_what_somebody_else_saved_meanwhile_leads_to_the_choice_between_the_two(
    office: Office, ward: Ward
) -> None:
    await write(office, ward, 1)
    await checkins.submit(office, who(ward, "deputy"), typed(ward, GOOD))

    offer = await checkins.open_unanswered(office, who(ward), item(ward))
    entry = await drafts.resume(office, who(ward), item(ward))
    mine = typed(ward, dict(entry.answers), revision=entry.revision)
    asked = await checkins.submit(office, who(ward), mine)

    assert isinstance(offer, Offer)
    assert isinstance(asked, AskAgain)
    assert asked.entry.rival is not None
    assert asked.entry.rival.name == "佐藤"
    assert asked.entry.answers["issues"] == WRITTEN
    kept = replace(mine, keep=Keep.MINE, rival_revision=1)
    assert isinstance(await checkins.submit(office, who(ward), kept), Stored)
    assert not await is_stored(office, ward)


async def test_who_keeps_the_others_answer_has_no_draft_any_more(
    office: Office, ward: Ward
) -> None:
    await write(office, ward, 1)
    await checkins.submit(office, who(ward, "deputy"), typed(ward, GOOD))

    theirs = typed(ward, HALF, keep=Keep.THEIRS, rival_revision=1)
    await checkins.submit(office, who(ward), theirs)

    assert not await is_stored(office, ward)


async def test_a_submission_told_again_leaves_the_correction_that_was_begun_since(
    office: Office, ward: Ward
) -> None:
    await checkins.submit(office, who(ward), typed(ward, GOOD))
    await write(office, ward, 1, base=1)

    await checkins.submit(office, who(ward), typed(ward, GOOD))

    assert isinstance(await found(office, ward), Offer)


async def test_a_draft_that_says_what_is_stored_is_not_offered(office: Office, ward: Ward) -> None:
    await checkins.submit(office, who(ward), typed(ward, GOOD))
    await write(office, ward, 1, base=1, answers=GOOD)

    assert isinstance(await found(office, ward), Entry)


async def test_a_draft_that_is_given_up_is_gone_and_what_is_typed_then_is_new(
    office: Office, ward: Ward
) -> None:
    await write(office, ward, 10)

    await drafts.give_up(office, who(ward), item(ward), stamp=20)
    await write(office, ward, 15)
    afresh = await found(office, ward)
    await write(office, ward, 21, answers={"issues": "別の文"})

    assert isinstance(afresh, Entry)
    entry = await drafts.resume(office, who(ward), item(ward))
    assert entry.answers["issues"] == "別の文"


async def test_nobody_gives_up_the_draft_of_another(office: Office, ward: Ward) -> None:
    await write(office, ward, 10)

    for caller in (who(ward, "deputy"), Caller(TEAM, "USTRANGER")):
        await drafts.give_up(office, caller, item(ward), stamp=20)

    assert isinstance(await found(office, ward), Offer)


async def test_the_reason_of_a_late_correction_is_taken_up_too(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = morning(date(2026, 10, 2))
    await write(office, ward, 1, part="coordinator", reason="誤記の訂正")

    entry = await drafts.resume(office, who(ward, "coordinator"), item(ward))

    assert (entry.reason, entry.reason_required) == ("誤記の訂正", True)


@pytest.mark.parametrize(
    ("day", "removed"),
    [
        (date(2026, 10, 5), Removed()),  # the publishing day itself
        (date(2026, 10, 6), Removed(published=1)),
    ],
)
async def test_what_nobody_submitted_goes_when_its_round_is_published(
    office: Office, ward: Ward, clock: SetClock, day: date, removed: Removed
) -> None:
    clock.instant = morning(date(2026, 9, 30))
    await write(office, ward, 1)

    clock.instant = morning(day)

    assert await drafts.remove_lapsed(office) == removed
    assert await is_stored(office, ward) is not bool(removed.total)


async def test_what_nobody_goes_back_to_goes_after_thirty_days(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = morning(date(2026, 9, 1))
    await write(office, ward, 1)

    clock.instant = morning(date(2026, 10, 1))
    assert await drafts.remove_lapsed(office) == Removed()
    clock.advance(MINUTE)
    assert await drafts.remove_lapsed(office) == Removed(old=1)
    assert not await is_stored(office, ward)


async def test_looking_for_a_draft_costs_an_opening_one_statement(
    office: Office, ward: Ward
) -> None:
    asked: list[str] = []

    with noting_statements(office.database, asked):
        await checkins.open_entry(office, who(ward), item(ward))
        plain = len(asked)
        await checkins.open_item(office, who(ward), item(ward))

    assert len(asked) - plain == plain + 1
