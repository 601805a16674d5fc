"""Backup and restore: nothing is lost but the time between, and nobody gets a letter twice."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.calendar import WINDOW_OPENS, at_tokyo
from bot.domain.errors import Refused
from bot.services import sweep
from bot.services.backups import back_up, mark_restored, restore
from playground import Fault
from storage.database import Database
from tests.bot.services.conftest import Post
from tests.builders import (
    MID_YEAR_DATES,
    add_initiative,
    add_ownership,
    add_plan,
    add_round,
    add_unit,
)

OPENING = "令和8年度 中間振り返りの入力のお願い(3件、9月18日(金)まで)"
OF_ANOTHER = "令和8年度 中間振り返りの入力のお願い(1件、9月18日(金)まで)"
BEFORE = "中間振り返り 未入力が3件あります(9月18日(金)まで)"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def texts(post: Post, part: str = "owner") -> list[str]:
    return [message.text for message in post.messages(part)]


async def put_back(post: Post, url: str, copy: Path, day: str) -> int:
    """Restore on the morning of a day."""
    await post.office.database.dispose()
    post.machine.instant = at_tokyo(date.fromisoformat(day), WINDOW_OPENS.replace(hour=8))
    return await restore(post.office, url, copy)


async def open_another_round(post: Post, opens: date) -> None:
    """Of another ward, in which the same owner has one item."""
    async with post.office.database.begin() as uow:
        unit = await add_unit(uow, code="midori", name="みどり区", position=26)
        plan = await add_plan(uow, unit)
        await add_ownership(uow, await add_initiative(uow, plan), post.ward.owner)
        await add_round(uow, plan, dates=replace(MID_YEAR_DATES, opens=opens))
        await uow.commit()


async def test_after_a_restore_nobody_gets_a_letter_twice(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    back_up(sqlite_url, copy)  # before anything was written
    await post.sweep("2026-09-01")
    before = texts(post)

    await put_back(post, sqlite_url, copy, "2026-09-03")
    report = await post.sweep("2026-09-03")
    again = await post.sweep("2026-09-04")

    assert before == texts(post) == [OPENING]
    assert (report.counts()["sent"], again.planned) == (1, 0)  # found, not posted
    assert len(post.slack.calls("chat.postMessage")) == 1


async def test_a_letter_that_waited_when_the_backup_was_made_is_looked_for(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    assert await sweep.plan(post.office, at=at_tokyo(date(2026, 9, 1), WINDOW_OPENS)) == 1
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")

    doubted = await put_back(post, sqlite_url, copy, "2026-09-01")
    await post.sweep("2026-09-01", "10:00")

    assert doubted == 1
    assert texts(post) == [OPENING]


async def test_what_was_sent_while_a_newer_step_was_lost_is_not_taken_for_that_step(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")  # this one is lost, and is no reason to keep the next one back

    await put_back(post, sqlite_url, copy, "2026-09-15")
    await post.sweep("2026-09-15")

    assert texts(post) == [OPENING, BEFORE]


async def test_what_was_never_sent_is_sent_after_a_restore(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    back_up(sqlite_url, copy)

    await put_back(post, sqlite_url, copy, "2026-09-03")
    await post.sweep("2026-09-03")
    await post.sweep("2026-09-15")

    assert texts(post) == [OPENING, BEFORE]


async def test_a_look_that_slack_refuses_for_a_while_still_finds_the_letter(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")
    await put_back(post, sqlite_url, copy, "2026-09-03")
    post.slack.faults.on("conversations.history", Fault.server_error(), times=2)

    await post.sweep("2026-09-03")

    assert texts(post) == [OPENING]


async def test_a_letter_sent_since_the_restore_is_not_taken_for_another(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    """A round that is entered late has steps before the restore, and was never spoken of."""
    back_up(sqlite_url, copy)
    await put_back(post, sqlite_url, copy, "2026-09-03")
    await post.sweep("2026-09-03")
    async with post.office.database.begin() as uow:
        unit = await add_unit(uow, code="midori", name="みどり区", position=26)
        plan = await add_plan(uow, unit)
        await add_ownership(uow, await add_initiative(uow, plan), post.ward.owner)
        await add_round(uow, plan)
        await uow.commit()

    await post.sweep("2026-09-04")

    assert len(texts(post)) == 2


async def test_a_step_that_was_told_before_is_not_told_again_beside_a_newer_one(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    """Another round has opened since: its step is said, without the one that was said before."""
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")

    await put_back(post, sqlite_url, copy, "2026-09-03")
    await open_another_round(post, date(2026, 9, 3))
    await post.sweep("2026-09-03")
    first, again = texts(post), await post.sweep("2026-09-04")

    assert first == [OPENING]  # found, and nothing beside it
    assert again.planned == 1
    assert texts(post)[1:] == [OF_ANOTHER]


async def test_a_step_that_waited_is_looked_for_although_a_newer_letter_takes_it_over(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    assert await sweep.plan(post.office, at=at_tokyo(date(2026, 9, 1), WINDOW_OPENS)) == 1
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")

    await put_back(post, sqlite_url, copy, "2026-09-03")
    await open_another_round(post, date(2026, 9, 3))
    await post.sweep("2026-09-03")
    await post.sweep("2026-09-04")

    assert texts(post) == [OPENING, OF_ANOTHER]


async def test_a_database_restored_by_other_means_is_marked(post: Post) -> None:
    assert await sweep.plan(post.office, at=at_tokyo(date(2026, 9, 1), WINDOW_OPENS)) == 1

    assert await mark_restored(post.office) == 1

    await post.sweep("2026-09-01")
    assert len(post.slack.calls("conversations.history")) == 1


async def test_a_backup_holds_what_was_committed_and_is_its_owners_alone(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    await post.sweep("2026-09-01")
    async with post.office.database.begin() as uow:
        await add_unit(uow, code="midori", name="みどり区", position=26)
        back_up(sqlite_url, copy)  # while somebody writes
        await uow.commit()

    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM unit").fetchone() == (25,)
    connection.close()
    assert _names_and_modes(copy.parent) == {"backup.db": 0o600}


def _names_and_modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("backup*")}


def _no_database(path: Path) -> None:
    path.write_text("kaikaku" * 1000, encoding="utf-8")


def _another_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE somebody_elses (id INTEGER)")
    connection.close()


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_no_database, "バックアップではない"),
        (_another_database, "バックアップではない"),
        (_newer, "新しい kaikaku"),
    ],
)
async def test_what_is_no_backup_of_ours_is_refused_and_nothing_changed(
    post: Post, sqlite_url: str, copy: Path, make: Callable[[Path], None], why: str
) -> None:
    make(copy)

    with pytest.raises(Refused, match=why):
        await put_back(post, sqlite_url, copy, "2026-09-03")

    await post.sweep("2026-09-03")
    assert texts(post) == [OPENING]
    assert list(copy.parent.glob("*.part*")) == []


async def test_a_database_that_is_in_use_is_not_replaced(
    post: Post, sqlite_url: str, copy: Path
) -> None:
    back_up(sqlite_url, copy)
    await post.sweep("2026-09-01")

    with pytest.raises(Refused, match="すべて止めて"):
        await restore(post.office, sqlite_url, copy)

    assert (await post.sweep("2026-09-01", "10:00")).planned == 0


def test_a_file_that_is_there_is_not_written_over(sqlite_url: str, copy: Path) -> None:
    copy.write_text("precious", encoding="utf-8")

    with pytest.raises(Refused, match="すでにあります"):
        back_up(sqlite_url, copy)

    assert copy.read_text(encoding="utf-8") == "precious"


async def test_a_broken_database_is_replaced(post: Post, sqlite_url: str, copy: Path) -> None:
    back_up(sqlite_url, copy)
    await post.office.database.dispose()
    _no_database(Path(sqlite_url.removeprefix("sqlite:///")))

    await put_back(post, sqlite_url, copy, "2026-09-03")

    await post.sweep("2026-09-03")
    assert texts(post) == [OPENING]
