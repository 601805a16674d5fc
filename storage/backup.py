"""Copies of an SQLite database: one made while the bot works, and its return into its place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.domain.errors import Refused
from storage import schema
from storage.database import sync_url

_NO_DATABASE = "データベース({path})がまだありません。DATABASE_URL を確かめてください。"
_TAKEN = "{path} はすでにあります。別の名前にしてください。"
_NO_BACKUP = "{path} は kaikaku のバックアップではないか、壊れています。何も変更していません。"
_NEWER = (
    "{path} は、これより新しい kaikaku のバックアップです。何も変更していません。"
    "kaikaku を新しくしてから、やり直してください。"
)
_IN_USE = (
    "データベースが使われています。kaikaku run と kaikaku work をすべて止めてから、"
    "やり直してください。何も変更していません。"
)


def path_of(url: str) -> Path:
    """The file of an SQLite address."""
    return Path(sync_url(url).database or "")


def copy_out(url: str, file: Path) -> None:
    """Write what is stored at this moment to a new file; readers and writers go on meanwhile.

    The file appears whole or not at all, readable by its owner alone. Raises Refused when there is
    nothing to copy, what there is is broken, or the file is there already.
    """
    source = path_of(url)
    if not source.exists():
        raise Refused(_NO_DATABASE.format(path=source))
    if file.exists():
        raise Refused(_TAKEN.format(path=file))
    with _whole(file) as part:
        try:
            _copy(source, part)
        except sqlite3.DatabaseError as error:
            schema.refuse_broken(error, str(source))
            raise


@contextmanager
def replacing(url: str, file: Path) -> Iterator[str]:
    """Give a copy of a backup, brought up to this version's schema, to be changed where needed.

    Yields its address; at the end it takes the database's place in one step. Raises Refused, with
    nothing changed, when the file is no backup, is of a newer version, or the database is in use.
    """
    target = path_of(url)
    with _whole(target) as part:
        try:
            _copy(file, part)
        except sqlite3.DatabaseError as error:
            raise Refused(_NO_BACKUP.format(path=file)) from error
        copy = f"sqlite:///{part}"
        _refuse_strangers(copy, file)
        schema.upgrade(copy)
        yield copy
        _fold(part)
        _refuse_use(target)


def _refuse_strangers(copy: str, file: Path) -> None:
    found = schema.revisions(copy)
    if not found:
        raise Refused(_NO_BACKUP.format(path=file))
    if not schema.are_known(found):
        raise Refused(_NEWER.format(path=file))


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A part beside the file, which takes the file's name when all went well."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        part.replace(file)
    finally:
        for left in (part, *_beside(part)):
            left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """One consistent moment of the source. Raises DatabaseError when it is no sound database."""
    if not source.is_file():
        raise FileNotFoundError(2, "No such file or directory", str(source))
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        _use_one_file(written)
        if written.execute("PRAGMA quick_check").fetchone() != ("ok",):
            malformed = sqlite3.DatabaseError("malformed")
            malformed.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise malformed


def _fold(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        _use_one_file(connection)


def _use_one_file(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")


def _refuse_use(target: Path) -> None:
    """Whoever has the database open holds a lock that leaving WAL mode would need.

    A database too broken to be asked is replaced all the same: that is what a backup is for.
    """
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=1)) as connection:
            _use_one_file(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Refused(_IN_USE) from error
    for left in _beside(target):
        left.unlink(missing_ok=True)  # else the old one's last writes would join the new one


def _beside(file: Path) -> list[Path]:
    return [file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal")]
