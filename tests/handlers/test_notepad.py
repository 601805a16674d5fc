"""The notepad: one task a page, the newest wins, and nothing waits when the process is to end."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

from bot.domain.drafts import Draft
from bot.services.viewers import Caller
from bot.views.targets import Target
from handlers.notepad import Notepad, Page

MINE = Page(Caller("T1", "UOWNER"), Target(1, 2))
THEIRS = Page(Caller("T1", "UDEPUTY"), Target(1, 2))
FOR_EVER = 3600.0


def draft(stamp: int, text: str = "") -> Draft:
    at = datetime(2026, 9, 8, tzinfo=UTC)
    return Draft(base=0, stamp=stamp, at=at, answers={"issues": text or str(stamp)})


def test_one_task_is_asked_for_a_page_until_it_has_nothing_more_to_do() -> None:
    notepad = Notepad()

    assert notepad.note(MINE, draft(1))
    assert not notepad.note(MINE, draft(2))
    assert notepad.note(THEIRS, draft(1))
    assert notepad.take(MINE) == draft(2)
    assert not notepad.note(MINE, draft(3))
    assert notepad.take(MINE) == draft(3)
    assert notepad.take(MINE) is None
    assert notepad.note(MINE, draft(4))


def test_an_older_state_does_not_take_the_place_of_a_newer_one_that_waits() -> None:
    notepad = Notepad()
    for stamp in (2, 5, 3, 5):
        notepad.note(MINE, draft(stamp))

    assert notepad.take(MINE) == draft(5)
    assert notepad.take(MINE) is None


def test_what_is_forgotten_is_not_written_down() -> None:
    notepad = Notepad()
    notepad.note(MINE, draft(1))
    notepad.note(THEIRS, draft(2))

    notepad.forget(MINE)

    assert notepad.take(MINE) is None
    assert notepad.take(THEIRS) == draft(2)


async def test_a_page_rests_between_two_writes_unless_its_form_is_closed() -> None:
    notepad = Notepad(pace=FOR_EVER)
    for page in (MINE, THEIRS):
        notepad.note(page, draft(1))
    resting = {page: asyncio.ensure_future(notepad.rest(page)) for page in (MINE, THEIRS)}
    await asyncio.sleep(0)

    notepad.wake(MINE)
    await asyncio.wait({resting[MINE]}, timeout=5)

    assert resting[MINE].done()
    assert not resting[THEIRS].done()
    resting[THEIRS].cancel()


async def test_nothing_rests_any_more_once_the_process_is_about_to_end() -> None:
    notepad = Notepad(pace=FOR_EVER)
    notepad.note(MINE, draft(1))
    resting = asyncio.ensure_future(notepad.rest(MINE))
    await asyncio.sleep(0)

    notepad.hurry()
    notepad.note(THEIRS, draft(1))
    async with asyncio.timeout(5):
        await asyncio.gather(resting, notepad.rest(THEIRS))


async def test_a_page_that_is_written_again_rests_no_longer_than_its_pace() -> None:
    notepad = Notepad(pace=0.0)
    notepad.note(MINE, draft(1))

    async with asyncio.timeout(5):
        await notepad.rest(MINE)


def test_who_may_write_on_a_page_is_asked_again_each_day() -> None:
    notepad, today = Notepad(), date(2026, 9, 8)

    notepad.admit(MINE, today, 7)

    assert notepad.admitted(MINE, today) == 7
    assert notepad.admitted(MINE, date(2026, 9, 9)) is None
    assert notepad.admitted(THEIRS, today) is None
