"""An SQLite database is a file with names, addresses and answers: its owner's alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import Refused
from storage import schema
from storage.backup import copy_out
from storage.database import Database

_LOCKS = Path("/proc/locks")


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """A machine on which every new file is for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def open_up(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o644)


async def write(url: str) -> Database:
    """The database after a write, still open: what SQLite keeps beside the file is there."""
    database = Database(url)
    async with database.begin() as uow:
        (unit,) = [each for each in await uow.units.all() if each.code == "nishi"]
        unit.paused_until = date(2026, 10, 12)
        await uow.commit()
    return database


async def test_a_new_database_and_what_sqlite_keeps_beside_it_are_their_owners_alone(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/k.db"
    schema.upgrade(url)
    database = await write(url)

    assert modes(tmp_path) == {"k.db": 0o600, "k.db-wal": 0o600, "k.db-shm": 0o600}
    await database.dispose()


async def test_a_database_that_others_could_read_is_closed_to_them_at_the_next_start(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/k.db"
    schema.upgrade(url)
    database = await write(url)
    open_up(tmp_path)

    assert schema.is_current(url)

    assert modes(tmp_path) == {"k.db": 0o600, "k.db-wal": 0o600, "k.db-shm": 0o600}
    await database.dispose()


def test_so_are_backups(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/k.db"
    schema.upgrade(url)

    (tmp_path / "copies").mkdir()
    copy_out(url, tmp_path / "copies" / "k.db")

    assert modes(tmp_path / "copies") == {"k.db": 0o600}


@pytest.mark.skipif(not _LOCKS.exists(), reason="only Linux lists a process's locks there")
async def test_looking_at_the_schema_drops_no_lock_of_a_database_in_use(tmp_path: Path) -> None:
    """POSIX lets go of a file's locks when the process closes any descriptor of it."""
    url = f"sqlite:///{tmp_path}/k.db"
    schema.upgrade(url)
    database = Database(url)
    async with database.begin():
        schema.is_current(url)

        assert _is_locked(tmp_path / "k.db")
    await database.dispose()


def _is_locked(file: Path) -> bool:
    """Whether this process holds a lock on it, as the kernel lists them."""
    inode = f":{file.stat().st_ino} "
    locks = _LOCKS.read_text(encoding="ascii").splitlines()
    return any(inode in line and f" {os.getpid()} " in line for line in locks)


def test_what_is_no_database_keeps_its_mode_whatever_the_address_says(tmp_path: Path) -> None:
    folder, text = tmp_path / "folder", tmp_path / "hosts"
    folder.mkdir()
    text.write_text("127.0.0.1 localhost\n" * 100, encoding="ascii")
    before = modes(tmp_path)

    for path in (folder, text):
        with pytest.raises(Refused):
            schema.is_current(f"sqlite:///{path}")

    assert modes(tmp_path) == before
