"""Units of work: what is kept, who waits for whom, and for how long."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import date

import pytest
from sqlalchemy import func, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.domain.errors import NotSaved
from storage.database import INTERACTIVE_WAIT, JOB_WAIT, Database
from storage.models import Section, Unit
from tests import processor
from tests.builders import WARD, add_unit
from tests.storage.processes import holding_all_writes, in_processes

A_DAY = date(2026, 9, 7)

# INTERACTIVE_WAIT is 1.5 s and Slack gives 3: what lies between is for a busy machine.
IN_TIME = 2.6

ADD_TEN = """
import asyncio, sys
from storage.database import Database

async def add_ten():
    database = Database(sys.argv[1], wait=60)  # SQLite's lock knows no queue
    for _ in range(10):
        async with database.begin() as uow:
            unit = await uow.units.get(1)
            unit.position += 1
            await uow.commit()
    await database.dispose()

asyncio.run(add_ten())
"""


@pytest.fixture
async def interactive(database_url: str) -> AsyncIterator[Database]:
    """The database as what runs inside an acknowledgement opens it."""
    opened = Database(database_url, wait=INTERACTIVE_WAIT)
    yield opened
    await opened.dispose()


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Fail when the block took longer on a machine of its own; it is never cut short."""
    start = processor.monotonic()
    try:
        yield
    finally:
        assert processor.monotonic() - start < seconds


async def _in_time(work: Awaitable[None]) -> None:
    async with within(IN_TIME):
        await work


async def _add_a_unit(database: Database) -> None:
    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()


async def _under_way(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """A task that has come to its first wait."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    return task


@contextmanager
def slow_disk() -> Iterator[Callable[[], int]]:
    """No COMMIT comes to its end before the block does; gives how many are waiting."""
    executor, ready = ThreadPoolExecutor(1), threading.Event()
    executor.submit(ready.wait)
    asyncio.get_running_loop().set_default_executor(executor)
    try:
        yield executor._work_queue.qsize
    finally:
        ready.set()


async def _pragma(database: Database, name: str) -> object:
    async with database.read() as uow:
        return await uow._session.scalar(text(f"PRAGMA {name}"))


# --- what is kept --------------------------------------------------------------------------------


async def test_a_unit_of_work_that_is_not_committed_leaves_nothing(database: Database) -> None:
    async with database.begin() as uow:
        await add_unit(uow)

    async with database.read() as uow:
        assert WARD not in [unit.name for unit in await uow.units.all()]


async def test_what_is_committed_is_kept(database: Database) -> None:
    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()

    async with database.read() as uow:
        assert (await uow.units.all())[-1].name == WARD


async def test_an_error_leaves_nothing_and_passes_through(database: Database) -> None:
    async def stumble() -> None:
        async with database.begin() as uow:
            await add_unit(uow)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()

    async with database.begin() as uow:
        assert WARD not in [unit.name for unit in await uow.units.all()]


async def test_a_row_that_points_to_nothing_is_refused(database: Database) -> None:
    async with database.begin() as uow:
        uow._session.add(Section(unit_id=999, name="どこにもない課"))
        with pytest.raises(IntegrityError):
            await uow.commit()


# --- who waits for whom --------------------------------------------------------------------------


async def test_sqlite_is_set_up_for_readers_beside_a_writer(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    assert await _pragma(database, "journal_mode") == "wal"
    assert await _pragma(database, "foreign_keys") == 1
    assert await _pragma(database, "synchronous") == 2  # FULL
    await database.dispose()


async def test_ten_writers_at_once_each_see_what_the_last_one_wrote(sqlite_url: str) -> None:
    databases = [Database(sqlite_url), Database(sqlite_url)]

    async def add_one(database: Database) -> None:
        async with database.begin() as uow:
            unit = await uow.units.get(1)
            assert unit is not None
            unit.position += 1
            await asyncio.sleep(0)
            await uow.commit()

    await asyncio.gather(*(add_one(databases[n % 2]) for n in range(10)))

    async with databases[0].read() as uow:
        unit = await uow.units.get(1)
        assert unit is not None
        assert unit.position == 1 + 10
    for database in databases:
        await database.dispose()


async def test_processes_that_write_at_once_lose_nothing(sqlite_url: str) -> None:
    in_processes(ADD_TEN, [sqlite_url], [sqlite_url])

    database = Database(sqlite_url)
    async with database.read() as uow:
        unit = await uow.units.get(1)
        assert unit is not None
        assert unit.position == 1 + 20
    await database.dispose()


async def test_a_reader_does_not_wait_for_a_writer_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with holding_all_writes(sqlite_url):  # who waited for it would not be let in at all
        async with database.read() as uow:
            assert (await uow.units.all())[0].contact == ""
    await database.dispose()


async def test_each_reader_sees_what_was_written_before(database: Database) -> None:
    async def seen() -> int:
        async with database.read() as uow:
            await uow.readings.viewer("T1", "U1", A_DAY)
            return len(await uow.units.all())

    assert [await seen(), await seen()] == [24, 24]

    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()

    assert await seen() == 25


async def test_all_of_a_reader_is_of_one_moment_whichever_way_it_asks(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.read() as reader:
        await reader.readings.viewer("T1", "U1", A_DAY)  # past the engine
        async with database.begin() as writer:
            await add_unit(writer)
            await writer.commit()

        assert len(list(await reader._session.exec(select(Unit)))) == 24
    await database.dispose()


async def test_readers_at_once_do_not_share_a_moment(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.read() as first:
        await first.readings.viewer("T1", "U1", A_DAY)
        async with database.begin() as writer:
            await add_unit(writer)
            await writer.commit()
        async with database.read() as second:
            assert len(await second.units.all()) == 25

        assert len(await first.units.all()) == 24
    await database.dispose()


async def test_a_reader_that_failed_leaves_nothing_to_the_next(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    async def stumble() -> None:
        async with database.read() as uow:
            await uow.readings.viewer("T1", "U1", A_DAY)
            raise ZeroDivisionError

    for _ in range(20):  # more than there are connections
        with pytest.raises(ZeroDivisionError):
            await stumble()
    async with database.begin() as writer:
        await add_unit(writer)
        await writer.commit()
    async with database.read() as uow:
        assert len(await uow.units.all()) == 25
    await database.dispose()


async def test_a_reader_does_not_wait_for_its_own_process(database: Database) -> None:
    async with database.begin() as writer:
        await add_unit(writer)
        async with database.read() as reader:  # who waited would not be let in at all
            assert len(await reader.units.all()) == 24
        await writer.commit()


async def test_the_loop_serves_others_while_a_writer_waits(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with holding_all_writes(sqlite_url):
        writing = await _under_way(_add_a_unit(database))
        async with database.read() as uow:
            assert await uow.units.all()
        assert not writing.done()

    await writing
    await database.dispose()


async def test_a_long_unit_of_work_lets_others_in(sqlite_url: str) -> None:
    database, came = Database(sqlite_url), asyncio.Event()

    async def come() -> None:
        came.set()

    async with database.read() as uow:
        coming = asyncio.create_task(come())
        for _ in range(1000):
            await uow.units.all()
            if came.is_set():
                break
        assert came.is_set()

    await coming
    await database.dispose()


# --- who is called off ----------------------------------------------------------------------------


async def test_a_writer_who_is_called_off_while_waiting_is_in_nobodys_way(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with holding_all_writes(sqlite_url):
        writing = await _under_way(_add_a_unit(database))
        writing.cancel()
        await asyncio.wait({writing}, timeout=JOB_WAIT / 2)

        assert writing.cancelled()
    await _add_a_unit(database)
    await database.dispose()


async def test_what_is_being_committed_is_kept_although_its_task_is_called_off(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    with slow_disk() as commits:
        writing = asyncio.create_task(_add_a_unit(database))
        while not commits():  # noqa: ASYNC110 a pool's queue tells nobody
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.sleep(0)
        assert not writing.done()
    await asyncio.wait({writing})

    assert writing.cancelled()
    async with database.begin() as uow:
        assert WARD in [unit.name for unit in await uow.units.all()]
    await database.dispose()


# --- and for how long ----------------------------------------------------------------------------


async def test_a_write_that_another_process_holds_up_is_not_saved_in_time(
    interactive: Database, database_url: str
) -> None:
    async def save() -> None:
        async with interactive.begin() as uow:
            await add_unit(uow)
            await uow.commit()

    with holding_all_writes(database_url), pytest.raises(NotSaved) as not_saved:
        await _in_time(save())

    assert "保存できませんでした" in not_saved.value.message
    await save()  # and the next one is


async def test_writers_who_queue_behind_each_other_still_hear_in_time(sqlite_url: str) -> None:
    database = Database(sqlite_url, wait=INTERACTIVE_WAIT)

    async def write() -> None:
        async with database.begin() as uow:
            await uow.commit()

    with holding_all_writes(sqlite_url):
        async with within(IN_TIME):
            ended = await asyncio.gather(*(write() for _ in range(4)), return_exceptions=True)

    assert [type(error) for error in ended] == [NotSaved] * 4
    await database.dispose()


async def test_a_reader_whom_another_process_shuts_out_is_told_in_time(sqlite_url: str) -> None:
    database = Database(sqlite_url, wait=0.1)

    async def read() -> None:
        async with database.read() as uow:
            assert await uow.units.all()

    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as recovering:
        recovering.execute("PRAGMA locking_mode = EXCLUSIVE")
        recovering.execute("UPDATE unit SET contact = ''")
        recovering.commit()
        async with within(IN_TIME):
            with pytest.raises(NotSaved):
                await read()

    await read()
    await database.dispose()


async def test_a_postgresql_that_stands_still_is_left_in_time_and_found_again(
    postgres_url: str,
) -> None:
    database = Database(postgres_url, wait=INTERACTIVE_WAIT)
    await _add_a_unit(database)
    async with database.read() as uow:
        server: int = (await uow._session.exec(select(func.pg_backend_pid()))).one()

    async def read() -> None:
        async with database.read() as uow:
            assert await uow.units.all()

    with standing_still(server), pytest.raises(NotSaved):
        await _in_time(read())

    await read()
    await database.dispose()


async def test_a_postgresql_that_stops_in_the_middle_is_left_in_time(postgres_url: str) -> None:
    database = Database(postgres_url, wait=INTERACTIVE_WAIT)

    async def stop_and_write() -> None:
        async with database.begin() as uow:
            server: int = (await uow._session.exec(select(func.pg_backend_pid()))).one()
            with standing_still(server):
                await add_unit(uow)

    with pytest.raises(NotSaved):
        await _in_time(stop_and_write())

    await _add_a_unit(database)
    await database.dispose()


@contextmanager
def standing_still(process: int) -> Iterator[None]:
    """It takes what is sent, and answers nothing."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.mark.parametrize("port", ["silent_port", "closed_port"])
async def test_a_postgresql_that_is_not_there_is_said_to_be_so_in_time(
    request: pytest.FixtureRequest, port: str
) -> None:
    address = f"postgresql://kaikaku@127.0.0.1:{request.getfixturevalue(port)}/kaikaku"
    database = Database(address, wait=INTERACTIVE_WAIT)

    async def save() -> None:
        async with database.begin() as uow:
            await uow.commit()

    with pytest.raises(NotSaved):
        await _in_time(save())
    await database.dispose()
