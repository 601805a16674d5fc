"""Databases for tests: made once by the real migrations, copied for each test, on both kinds."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import event

from storage.database import Database
from storage.schema import upgrade
from tests.postgres_server import PostgresServer, find_programs, running_postgres

# Fixtures that have a test run on each kind of database, SQLite first.
_ON_EACH_KIND = ("database_url", "empty_database_url", "way_and_url")

EITHER_KIND = pytest.mark.kinds("either")
"""For a module that asks what a rule comes to: each of its cases runs on one of the two kinds of
database, on which its name decides, so that the file meets both. Where the kind can make a
difference (a lock, a claim, ON CONFLICT, dates or JSON in SQL, what a statement costs, all of
`tests/storage`) a test runs on each and has no mark. `BOTH_KINDS=1 make test` heeds no mark.
"""

EACH_KIND = pytest.mark.kinds("each")
"""For a test of such a module that runs on each all the same: what it asks of the database is asked
nowhere else.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "kinds(which): of database; see tests/databases.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other kind where one will do."""
    if os.environ.get("BOTH_KINDS"):
        return
    kinds = 1 if find_programs() is None else 2
    left = [item for item in items if _is_left_out(item, kinds)]
    gone = set(left)
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in gone]


def _is_left_out(item: pytest.Item, kinds: int) -> bool:
    case, mark = getattr(item, "callspec", None), item.get_closest_marker("kinds")
    if case is None or mark is None or mark.args != EITHER_KIND.args:
        return False
    other = [each for each in case.indices.items() if each[0] not in _ON_EACH_KIND]
    chosen = crc32(f"{item.nodeid.partition('[')[0]} {sorted(other)}".encode()) % kinds
    return any(case.indices.get(fixture, chosen) != chosen for fixture in _ON_EACH_KIND)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the migrations made; copy it, never open it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The suite's own server, one a worker; the test is skipped where none is installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed here")
    with running_postgres(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a database that the migrations made; copy it, never connect to it."""
    name = postgres_server.create()
    upgrade(postgres_server.url(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """DATABASE_URL of a fresh SQLite file with the schema and the 24 wards."""
    path = tmp_path / "kaikaku.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """DATABASE_URL of a fresh PostgreSQL database with the schema and the 24 wards."""
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """DATABASE_URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """DATABASE_URL of a PostgreSQL database without a single table."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """DATABASE_URL of a fresh database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """DATABASE_URL of a database that no migration has touched, on each kind."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The storage on a fresh database, on each kind."""
    opened = Database(database_url)
    yield opened
    await opened.dispose()


@contextmanager
def noting_statements(database: Database, asked: list[str]) -> Iterator[None]:
    """Note what reaches the driver: on SQLite some of it goes past the engine."""
    engine = database._engine.sync_engine

    def note(text: str) -> None:
        if not text.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            asked.append(text)

    def trace(raw: Any, *_: object) -> None:
        raw.set_trace_callback(note)

    def notice(*given: Any) -> None:
        note(given[2])

    name, heard = ("checkout", trace) if database.is_sqlite else ("before_cursor_execute", notice)
    event.listen(engine, name, heard)
    try:
        yield
    finally:
        event.remove(engine, name, heard)
