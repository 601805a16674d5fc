"""What is typed survives a lost connection, a closed modal, a stopped bot; and stays private."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.notepad import PACE
from playground import Fault, Outcome, Screen
from storage.database import Database
from storage.drafts import DraftKey
from storage.models import DraftRow
from tests.builders import seed_ward
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ATTAINMENT, IMPLEMENTATION, ISSUES, fill, opened
from tests.scenarios.office import OPENING, Story, running_in, telling
from tests.storage.processes import holding_all_writes

pytestmark = EITHER_KIND

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
CONTINUE, AFRESH = "続きから書く", "新しく書く"


@pytest.fixture
async def unhurried(way_and_url: tuple[str, str]) -> AsyncIterator[Story]:
    """As in an office, the newest letters wait to be written down for up to a second."""
    way, url = way_and_url
    async with telling(url, way=way, writing=PACE) as told:
        yield told


async def kept(story: Story, part: str = "owner", nth: int = 0) -> dict[str, str] | None:
    """What is stored of somebody's draft once all that was begun has ended."""
    assert await story.bot.background.drain(15)
    return await stored(story.office.database, key_of(story, part, nth))


async def stored(database: Database, key: DraftKey) -> dict[str, str] | None:
    async with database.read() as uow:
        found = await uow.drafts.find(key)
    return found[0].answers if found else None


def key_of(story: Story, part: str = "owner", nth: int = 0) -> DraftKey:
    ward = story.ward
    return DraftKey(ward.round_id, ward.initiatives[nth], ward.people[part])


async def half_written(story: Story) -> Screen:
    """The owner has chosen and written, and not yet submitted."""
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    assert await story.bot.background.drain(15)
    return modal


async def taken_up(modal: Screen) -> Screen:
    await modal.press(CONTINUE)
    return await modal.until(lambda screen: IMPLEMENTATION in screen.labels())


def is_offered(modal: Screen | None) -> bool:
    return modal is not None and "前に書きかけた内容(" in modal.visible_text


@EACH_KIND
async def test_what_was_typed_is_offered_again_after_a_lost_connection(story: Story) -> None:
    await half_written(story)
    story.person("owner").lose_connection()

    modal = await opened(story)
    offered = modal.visible_text
    await taken_up(modal)

    assert "前に書きかけた内容(9月1日(火) 9:30)があります。" in offered
    assert modal.value_of(IMPLEMENTATION) == "(i) 実施見込み"
    assert modal.value_of(ATTAINMENT) == "② 達成できない見込み"
    assert modal.value_of(ISSUES) == WRITTEN
    result = await modal.submit()
    [revision] = await story.revisions()
    assert result.outcome is Outcome.UPDATED
    assert revision.after["issues"] == WRITTEN


async def test_a_submission_deletes_the_draft(story: Story) -> None:
    modal = await half_written(story)
    before = await kept(story)

    await modal.submit()

    assert before is not None
    assert await kept(story) is None
    corrected = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    assert not is_offered(corrected)
    assert corrected.value_of(ISSUES) == WRITTEN


async def test_a_submission_on_the_heels_of_the_last_letter_deletes_the_draft(
    unhurried: Story,
) -> None:
    modal = await opened(unhurried)
    await fill(modal, attainment="②")
    for end in range(10, len(WRITTEN)):
        await modal.fill(ISSUES, WRITTEN[:end])
    await modal.submit()

    assert await kept(unhurried) is None
    assert len(await unhurried.revisions()) == 1


async def test_a_closed_modal_is_offered_again_with_its_last_letter(unhurried: Story) -> None:
    modal = await opened(unhurried)
    for end in range(10, len(WRITTEN) + 1):
        await modal.fill(ISSUES, WRITTEN[:end])

    told = await modal.close()

    assert told is not None
    assert told.ok
    assert (await kept(unhurried) or {})["issues"] == WRITTEN
    assert is_offered(await opened(unhurried))


async def test_a_text_is_never_answered_by_another_screen(story: Story) -> None:
    modal = await opened(story)
    before = modal.view["hash"]

    for end in range(1, 12):
        await modal.fill(ISSUES, WRITTEN[:end])
    await kept(story)

    assert story.slack.calls("views.update") == []
    assert modal.view["hash"] == before


async def test_a_screen_that_a_choice_changes_keeps_the_letters_typed_meanwhile(
    story: Story,
) -> None:
    modal = await opened(story)
    await modal.fill(ISSUES, "参加が")
    choosing = asyncio.ensure_future(modal.choose(ATTAINMENT, "②"))
    await modal.fill(ISSUES, WRITTEN)
    await choosing
    await modal.until(lambda screen: "課題と改善策(必須)" in screen.labels())

    assert modal.value_of(ISSUES) == WRITTEN
    draft = await kept(story) or {}
    assert (draft["attainment"], draft["issues"]) == ("2", WRITTEN)


async def test_nobody_else_sees_a_draft(story: Story) -> None:
    await half_written(story)

    for part in ("deputy", "coordinator"):
        asked = "自分" if part == "deputy" else "状況 あおぞら区"
        said = await story.whispered(part, asked)
        modal = await story.person(part).click(said, "入力する")
        assert not is_offered(modal)
        assert modal.value_of(ISSUES) is None
        assert WRITTEN not in str(said.blocks)
    for part in ("manager", "unit_manager", "observer"):
        assert WRITTEN not in str((await story.whispered(part, "状況 あおぞら区")).blocks)


@EACH_KIND
async def test_what_somebody_else_saved_meanwhile_is_chosen_between_and_not_overwritten(
    story: Story,
) -> None:
    await half_written(story)
    story.person("owner").lose_connection()
    said = await story.whispered("deputy", "自分")
    theirs = await story.person("deputy").click(said, "入力する")
    await fill(theirs)
    await theirs.submit()

    home = await story.whispered("owner", "自分")
    modal = await story.person("owner").click(home, "内容を見る・直す")
    assert is_offered(modal)
    await taken_up(modal)
    await modal.submit()

    assert "佐藤さんがこの項目を更新しました" in modal.visible_text
    assert modal.value_of(ISSUES) == WRITTEN
    await modal.choose("残す内容", "自分の内容にする")
    await modal.submit()
    assert [each.after.get("issues") for each in await story.revisions()] == [None, WRITTEN]
    assert await kept(story) is None


async def test_a_draft_that_is_thrown_away_is_not_offered_again(story: Story) -> None:
    await half_written(story)
    story.person("owner").lose_connection()

    modal = await opened(story)
    await modal.press(AFRESH)
    await modal.until(lambda screen: IMPLEMENTATION in screen.labels())
    empty = modal.value_of(ISSUES)
    story.person("owner").lose_connection()

    assert empty is None
    assert await kept(story) == {}
    assert not is_offered(await opened(story))


async def test_the_draft_of_the_next_item_is_offered_on_the_way_through(story: Story) -> None:
    modal = await opened(story, nth=1)
    await modal.fill(ISSUES, "次の項目の書きかけ")
    await kept(story, nth=1)
    await modal.close()

    modal = await opened(story)
    await fill(modal)
    await modal.submit()
    await modal.submit()

    assert is_offered(modal)
    await taken_up(modal)
    assert modal.title.startswith("中間振り返り 取組項目2")
    assert modal.value_of(ISSUES) == "次の項目の書きかけ"


async def test_an_event_that_comes_twice_changes_nothing(story: Story) -> None:
    modal = await opened(story)
    story.slack.deliveries.copies_of_next = 2
    await modal.fill(ISSUES, "参加が")
    await modal.fill(ISSUES, WRITTEN)

    assert (await kept(story) or {})["issues"] == WRITTEN


@EACH_KIND
async def test_what_is_typed_while_the_database_is_locked_is_kept_when_it_is_free(
    story: Story,
) -> None:
    modal = await opened(story)

    with holding_all_writes(story.database_url):
        reply = await modal.fill(ISSUES, WRITTEN)

    assert reply is not None
    assert reply.ok
    assert (await kept(story) or {})["issues"] == WRITTEN


async def test_no_letter_of_a_draft_is_in_the_log(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    ours = ("bot", "handlers", "schedules", "storage")
    for name in ours:
        caplog.set_level(logging.DEBUG, logger=name)
    await half_written(story)
    story.person("owner").lose_connection()
    modal = await taken_up(await opened(story))
    story.slack.faults.on("views.update", Fault.error("fatal_error"))
    await modal.choose(ATTAINMENT, "①")
    await kept(story)
    await modal.submit()

    assert {record.name.partition(".")[0] for record in caplog.records} <= set(ours)
    assert caplog.records
    assert WRITTEN not in caplog.text
    assert WRITTEN[:10].encode("unicode_escape").decode() not in caplog.text


async def test_a_draft_that_its_writer_begins_again_after_submitting_is_a_correction(
    story: Story,
) -> None:
    modal = await half_written(story)
    await modal.submit()
    story.clock.advance(timedelta(minutes=5))
    await story.sweep(OPENING, "10:00")
    await story.slack.wait_until(lambda: "内容を見る・直す" in story.letter("owner").buttons)
    modal = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    await modal.fill(ISSUES, f"{WRITTEN}一部を改めた。")
    await kept(story)
    story.person("owner").lose_connection()

    modal = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    await taken_up(modal)
    await modal.submit()

    texts = [each.after["issues"] for each in await story.revisions()]
    assert texts == [WRITTEN, f"{WRITTEN}一部を改めた。"]


@EACH_KIND
async def test_two_processes_that_hear_of_one_text_keep_its_newest_state(
    story: Story, way_and_url: tuple[str, str]
) -> None:
    way, url = way_and_url
    modal = await opened(story)
    first = story.bot
    async with running_in(story.slack, url, way=way, clock=story.clock) as second:
        for end in range(1, len(WRITTEN) + 1):
            if way == "http":
                port = (first, second)[end % 2].port
                story.slack.send_to(f"http://127.0.0.1:{port}/slack/events")
            await modal.fill(ISSUES, WRITTEN[:end])
        assert await second.background.drain(15)

        assert (await kept(story) or {})["issues"] == WRITTEN


@EACH_KIND
async def test_what_was_typed_in_the_last_moment_is_kept_when_the_bot_is_stopped(
    way_and_url: tuple[str, str],
) -> None:
    way, url = way_and_url
    async with telling(url, way=way, writing=PACE) as story:
        modal = await opened(story)
        for end in range(10, len(WRITTEN) + 1):
            await modal.fill(ISSUES, WRITTEN[:end])
        key = key_of(story)

    database = Database(url)
    found = await stored(database, key)
    await database.dispose()
    assert found is not None
    assert found["issues"] == WRITTEN


async def test_a_draft_of_an_item_that_is_not_ones_own_is_not_begun(story: Story) -> None:
    async with story.office.database.begin() as uow:
        elsewhere = await seed_ward(
            uow, unit={"code": "midori", "name": "みどり区"}, account_prefix="UM"
        )
        await uow.commit()
    modal = await opened(story)
    forged = story.slack.screens.top(story.user("owner").id)
    assert forged is not None
    carried = json.loads(forged.payload["private_metadata"])
    item = {"r": elsewhere.round_id, "i": elsewhere.initiatives[0], "h": {"issues": WRITTEN}}
    forged.payload["private_metadata"] = json.dumps({**carried, **item})

    reply = await modal.fill(ISSUES, WRITTEN)
    assert await story.bot.background.drain(15)

    assert reply is not None
    assert reply.ok
    async with story.office.database.read() as uow:
        assert list(await uow._session.exec(select(DraftRow))) == []


async def test_an_offer_that_is_pressed_twice_loses_nothing_typed_since(story: Story) -> None:
    await half_written(story)
    story.person("owner").lose_connection()
    modal = await opened(story)

    story.slack.faults.on("views.update", Fault.slow(0.3), times=1)
    await modal.press(CONTINUE)
    await taken_up(modal)
    await modal.fill(ISSUES, f"{WRITTEN}続き")
    assert (await kept(story) or {})["issues"] == f"{WRITTEN}続き"

    assert modal.value_of(ISSUES) == f"{WRITTEN}続き"
