"""Bringing the schema up, and saying whether it is current."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from bot.domain.errors import Refused
from storage.database import sync_url

# Any number that only kaikaku uses: one upgrade at a time per PostgreSQL database.
_ADVISORY_LOCK = 0x6B61696B
_LOCK_WAIT = 60  # seconds a second process waits for the first one's upgrade
_SWITCH_TRIES = 20
_OWNER_ONLY = 0o600  # it holds names, addresses and answers

# Neither sentence names the address: it holds the password.
_UNREACHABLE = (
    "データベースに接続できません。DATABASE_URL と、データベースが動いているかを確かめてください。"
)
# A folder made for a mistyped path would hold an empty database, and nobody would notice.
_NO_FOLDER = (
    "データベースのフォルダーがありません：{}。"
    "DATABASE_URL を確かめるか、フォルダーを作ってから実行してください。"
)
_NEWER = (
    "データベースは、これより新しい kaikaku のものです。何も変更していません。"
    "その kaikaku を使うか、更新する前のバックアップを戻してください。"
)
_BROKEN = (
    "データベースのファイルが kaikaku のものではないか、壊れています：{}。何も変更していません。"
    "DATABASE_URL を確かめるか、kaikaku restore でバックアップを戻してください。"
)
_UNREADABLE = "DATABASE_URL が読めません。sqlite:///PATH か postgresql://… の形を確かめてください。"


def upgrade(url: str) -> None:
    """Bring the schema up to this version, one process at a time. Raises Refused when it can't."""
    with _connected(url) as connection:
        _lock(connection)
        _refuse_newer(_revisions(connection))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(url: str) -> bool:
    """Whether the schema is exactly this version's; False on an empty database.

    Raises Refused when the database can't be reached, or is of a newer version.
    """
    found = revisions(url)
    if found == set(ScriptDirectory.from_config(_config()).get_heads()):
        return True
    _refuse_newer(found)
    return False


def revisions(url: str) -> set[str]:
    """What the schema says it is; empty where it is none of ours."""
    with _connected(url) as connection:
        return _revisions(connection)


def are_known(found: set[str]) -> bool:
    """Whether this version has a way from there: not from a newer one."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return found <= known


def _revisions(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _refuse_newer(found: set[str]) -> None:
    if not are_known(found):
        raise Refused(_NEWER)


def refuse_broken(error: BaseException | None, path: str) -> None:
    """Raise Refused where an error says that a file is no sound SQLite database."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        raise Refused(_BROKEN.format(path)) from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        engine = _engine(url)
    except (ArgumentError, ValueError) as error:
        raise Refused(_UNREADABLE) from error
    except OSError as error:  # a folder that may not be looked into
        raise Refused(_UNREACHABLE) from error
    try:
        with _opened(engine) as connection:
            _know_for_ours(connection)
            yield connection
    except OperationalError as error:
        raise Refused(_UNREACHABLE) from error
    except DatabaseError as error:
        refuse_broken(error.orig, engine.url.database or "")
        raise
    finally:
        engine.dispose()


def _opened(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except ProgrammingError as error:  # an option in the address that libpq does not know
        raise Refused(_UNREADABLE) from error


def _know_for_ours(connection: Connection) -> None:
    """Only a file that proves to be a database is closed to others."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA schema_version").close()
        _keep_private(Path(connection.engine.url.database or ""))


def _engine(url: str) -> Engine:
    parsed = sync_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    folder = Path(parsed.database or "").parent
    if not folder.is_dir():
        raise Refused(_NO_FOLDER.format(folder))
    _make_private(Path(parsed.database or ""))
    return create_engine(parsed, poolclass=NullPool, connect_args={"timeout": _LOCK_WAIT})


def _make_private(file: Path) -> None:
    """A new file is its owner's alone from the first moment."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))


def _keep_private(file: Path) -> None:
    """Let nobody but its owner read a database. SQLite gives what it puts beside it the same mode.

    The file is never opened for it: closing it would drop the locks that SQLite holds on it.
    """
    for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        # Gone in between, or another's file: whether that may be used, SQLite will tell.
        with suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o777 != _OWNER_ONLY:
                each.chmod(_OWNER_ONLY)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.isolation_level = None  # type: ignore[union-attr]
        _use_wal(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _use_wal(connection: Connection) -> None:
    """Readers then never wait for a writer. It is kept in the file, so this is needed once.

    SQLite refuses the switch at once while anybody else reads or writes: their end is waited for.
    """
    for _ in range(_SWITCH_TRIES):
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except OperationalError:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            connection.exec_driver_sql("ROLLBACK")
        else:
            return
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config
