"""Answers: stored once however often they come, by whom they may be, with what they answered to."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers, NotFound
from bot.domain.youshiki3 import FORMS
from bot.services import checkins
from bot.services.checkins import AskAgain, Stored
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Keep, Typed
from bot.views.targets import Target
from storage.database import Database
from storage.models import Ownership, Revision
from tests.builders import TEAM, Ward, add_person, seed_ward

GOOD = {"implementation": "i", "attainment": "1", "issues": ""}
BAD_OUTLOOK = {"implementation": "i", "attainment": "2", "issues": "参加が少ない。周知を増やす。"}


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


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def typed(ward: Ward, answers: dict[str, str], **changes: Any) -> Typed:
    values: dict[str, Any] = {
        "round_id": ward.round_id,
        "initiative_id": ward.initiatives[0],
        "revision": 0,
        "complete_state": True,
    }
    return Typed(answers=answers, **{**values, **changes})


async def revisions(office: Office, ward: Ward) -> list[Revision]:
    async with office.database.read() as uow:
        row = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "mid-year")
        return await uow.check_ins.revisions([row.id or 0]) if row else []


async def test_a_submission_is_stored_with_who_when_and_what_it_answered_to(
    office: Office, ward: Ward
) -> None:
    stored = await checkins.submit(office, who(ward, "owner"), typed(ward, BAD_OUTLOOK))

    assert isinstance(stored, Stored)
    assert (stored.saved.remaining, stored.saved.total) == (2, 3)
    assert stored.saved.next == Target(ward.round_id, ward.initiatives[1])
    [revision] = await revisions(office, ward)
    assert revision.after == BAD_OUTLOOK
    assert revision.before == {}
    assert revision.entered_by == ward.owner
    assert revision.entered_for is None
    assert revision.at == office.now()
    assert revision.asked["target"] == "年12回開催する。"


async def test_a_mark_that_the_sheet_had_lost_is_no_longer_lost_once_it_is_answered(
    office: Office, ward: Ward
) -> None:
    async with office.database.begin() as uow:
        row = await uow.check_ins.locked(
            ward.plan_id, ward.initiatives[0], "mid-year", office.now()
        )
        row.unreadable = ["implementation", "results"]
        await uow.check_ins.add(row)
        await uow.commit()

    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))

    async with office.database.read() as uow:
        stored = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "mid-year")
    assert stored is not None
    assert stored.unreadable == ["results"]


async def test_editing_the_plan_later_does_not_change_what_was_answered_to(
    office: Office, ward: Ward
) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))
    async with office.database.begin() as uow:
        initiative = await uow.plans.initiative(ward.initiatives[0])
        assert initiative is not None
        initiative.target = "年24回開催する。"
        await uow.plans.add(initiative)
        await uow.commit()

    [revision] = await revisions(office, ward)
    assert revision.asked["target"] == "年12回開催する。"


async def test_the_same_submission_three_times_at_once_is_one_answer(
    office: Office, ward: Ward
) -> None:
    calls = (checkins.submit(office, who(ward, "owner"), typed(ward, GOOD)) for _ in range(3))
    answers = await asyncio.gather(*calls)

    assert all(isinstance(answer, Stored) for answer in answers)
    assert len(await revisions(office, ward)) == 1


async def test_a_redelivery_after_a_later_edit_changes_nothing(office: Office, ward: Ward) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))
    await checkins.submit(office, who(ward, "owner"), typed(ward, BAD_OUTLOOK, revision=1))

    again = await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))

    assert isinstance(again, Stored)
    assert [each.number for each in await revisions(office, ward)] == [1, 2]


async def test_two_editors_do_not_overwrite_each_other_unseen(office: Office, ward: Ward) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))

    asked = await checkins.submit(office, who(ward, "deputy"), typed(ward, BAD_OUTLOOK))

    assert isinstance(asked, AskAgain)
    rival = asked.entry.rival
    assert rival is not None
    assert (rival.name, rival.revision) == ("山田", 1)
    assert asked.entry.answers["issues"] == BAD_OUTLOOK["issues"]
    assert len(await revisions(office, ward)) == 1

    mine = typed(ward, BAD_OUTLOOK, keep=Keep.MINE, rival_revision=1)
    assert isinstance(await checkins.submit(office, who(ward, "deputy"), mine), Stored)
    assert [each.after["attainment"] for each in await revisions(office, ward)] == ["1", "2"]


async def test_keeping_the_other_answer_stores_nothing(office: Office, ward: Ward) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))
    theirs = typed(ward, BAD_OUTLOOK, keep=Keep.THEIRS, rival_revision=1)

    assert isinstance(await checkins.submit(office, who(ward, "deputy"), theirs), Stored)
    assert len(await revisions(office, ward)) == 1


async def test_a_choice_made_before_yet_another_edit_is_asked_again(
    office: Office, ward: Ward
) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))
    other = {**GOOD, "issues": "順調。"}
    await checkins.submit(office, who(ward, "owner"), typed(ward, other, revision=1))

    stale = typed(ward, BAD_OUTLOOK, keep=Keep.MINE, rival_revision=1)

    assert isinstance(await checkins.submit(office, who(ward, "deputy"), stale), AskAgain)


@pytest.mark.parametrize("text", ["", "—", "なし", "特になし。", " 　"])
async def test_two_needs_a_text_that_says_something(office: Office, ward: Ward, text: str) -> None:
    answers = {**BAD_OUTLOOK, "issues": text}
    with pytest.raises(InvalidAnswers) as refused:
        await checkins.submit(office, who(ward, "owner"), typed(ward, answers))

    assert list(refused.value.faults) == ["issues"]
    assert await revisions(office, ward) == []


async def test_a_coordinator_answers_for_an_owner_and_is_recorded(
    office: Office, ward: Ward
) -> None:
    entry = await checkins.open_entry(
        office, who(ward, "coordinator"), Target(ward.round_id, ward.initiatives[0])
    )
    stored = await checkins.submit(office, who(ward, "coordinator"), typed(ward, GOOD))

    assert entry.entered_for == "保健福祉課 山田さん"
    assert isinstance(stored, Stored)
    [revision] = await revisions(office, ward)
    assert (revision.entered_by, revision.entered_for) == (ward.people["coordinator"], ward.owner)


@pytest.mark.parametrize("part", ["manager", "unit_manager", "observer"])
async def test_who_only_reads_may_not_answer(office: Office, ward: Ward, part: str) -> None:
    with pytest.raises(AccessDenied):
        await checkins.submit(office, who(ward, part), typed(ward, GOOD))
    assert await revisions(office, ward) == []


async def test_strangers_and_forged_targets_change_nothing(office: Office, ward: Ward) -> None:
    with pytest.raises(AccessDenied):
        await checkins.submit(office, Caller(TEAM, "UNOBODY"), typed(ward, GOOD))
    other_team = Caller("T9999", ward.accounts["owner"])
    with pytest.raises(AccessDenied):
        await checkins.submit(office, other_team, typed(ward, GOOD))
    with pytest.raises(NotFound):
        await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD, initiative_id=999))


async def test_owners_answer_from_their_first_day_to_their_last(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    async with office.database.begin() as uow:
        successor = await add_person(uow, "後任", account="UNEXT")
        [held] = await uow.people.ownerships([ward.initiatives[0]])
        held.valid_to = date(2026, 9, 10)
        await uow.people.add(held)
        await uow.people.add(
            Ownership(
                initiative_id=ward.initiatives[0],
                person_id=successor,
                valid_from=date(2026, 9, 11),
            )
        )
        await uow.commit()
    new = Caller(TEAM, "UNEXT")

    with pytest.raises(AccessDenied):
        await checkins.submit(office, new, typed(ward, GOOD))
    assert isinstance(await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD)), Stored)

    clock.instant = datetime(2026, 9, 10, 23, 30, tzinfo=UTC)  # 08:30 of the 11th in Japan
    with pytest.raises(AccessDenied, match="9月11日に変わりました"):
        await checkins.submit(office, who(ward, "owner"), typed(ward, BAD_OUTLOOK, revision=1))
    assert isinstance(
        await checkins.submit(office, new, typed(ward, BAD_OUTLOOK, revision=1)), Stored
    )


async def test_answers_are_taken_from_opening_to_closing_day(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 8, 31, 14, 59, tzinfo=UTC)
    with pytest.raises(EntryClosed, match=r"9月1日\(火\)から"):
        await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD))

    clock.instant = datetime(2026, 10, 1, 14, 59, tzinfo=UTC)  # 23:59 of the closing day
    assert isinstance(await checkins.submit(office, who(ward, "owner"), typed(ward, GOOD)), Stored)

    clock.instant = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
    with pytest.raises(EntryClosed, match=r"10月1日\(木\)で終わりました"):
        await checkins.submit(office, who(ward, "owner"), typed(ward, BAD_OUTLOOK, revision=1))


async def test_after_closing_the_coordinator_corrects_with_a_reason_until_publication(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
    with pytest.raises(InvalidAnswers) as refused:
        await checkins.submit(office, who(ward, "coordinator"), typed(ward, GOOD))
    assert list(refused.value.faults) == ["reason"]

    given = typed(ward, GOOD, reason="電話で確認した。")
    assert isinstance(await checkins.submit(office, who(ward, "coordinator"), given), Stored)
    assert [each.reason for each in await revisions(office, ward)] == ["電話で確認した。"]

    clock.instant = datetime(2026, 10, 6, 1, 0, tzinfo=UTC)
    late = typed(ward, BAD_OUTLOOK, revision=1, reason="電話で確認した。")
    with pytest.raises(EntryClosed):
        await checkins.submit(office, who(ward, "coordinator"), late)


async def test_what_slack_left_out_is_unchanged_and_what_was_cleared_is_gone(
    office: Office, ward: Ward
) -> None:
    await checkins.submit(office, who(ward, "owner"), typed(ward, BAD_OUTLOOK))

    partial = typed(ward, {"attainment": "1", "issues": ""}, revision=1)
    await checkins.submit(office, who(ward, "owner"), partial)

    assert (await revisions(office, ward))[-1].after == {"implementation": "i", "attainment": "1"}


async def test_after_the_last_item_nothing_more_is_offered(office: Office, ward: Ward) -> None:
    for initiative in ward.initiatives:
        form = typed(ward, GOOD, initiative_id=initiative)
        stored = await checkins.submit(office, who(ward, "owner"), form)

    assert isinstance(stored, Stored)
    assert (stored.saved.remaining, stored.saved.next) == (0, None)


@pytest.mark.parametrize("given", ["2026-09-09", "2037-03-01"])
async def test_figures_become_known_neither_in_the_past_nor_in_another_age(
    office: Office, ward: Ward, given: str
) -> None:
    async with office.database.begin() as uow:
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.stage = "year-end"
        await uow.rounds.add(row)
        await uow.commit()
    answers = {"results": "未定", "attainment": "undetermined", "final_on": given}

    with pytest.raises(InvalidAnswers) as refused:
        await checkins.submit(office, who(ward, "owner"), typed(ward, answers))

    assert list(refused.value.faults) == ["final_on"]
