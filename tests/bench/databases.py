"""The databases of a run: made once by the migrations, filled once, copied for each measurement."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, event, text

from storage.schema import upgrade
from tests.postgres_server import PostgresServer, find_programs, running_postgres

Fill = Callable[[Connection], object]


class Kind(Protocol):
    """SQLite or PostgreSQL."""

    def create(self) -> str: ...

    def copy(self, url: str) -> str: ...


@dataclass
class SqliteFiles:
    """Files in the folder of the run."""

    folder: Path
    made: int = 0

    def create(self) -> str:
        """The address of a file that is not there yet."""
        self.made += 1
        return f"sqlite:///{self.folder / f'{self.made}.db'}"

    def copy(self, url: str) -> str:
        """The address of a copy."""
        to = self.create()
        shutil.copyfile(url.removeprefix("sqlite:///"), to.removeprefix("sqlite:///"))
        return to


@dataclass
class PostgresDatabases:
    """Databases of a server of the run's own."""

    server: PostgresServer

    def create(self) -> str:
        """The address of a new database."""
        return self.server.url(self.server.create())

    def copy(self, url: str) -> str:
        """The address of a copy; nobody may be connected to the other."""
        name = url.partition("@/")[2].partition("?")[0]
        return self.server.url(self.server.create(template=name))


@dataclass
class Databases:
    """Filled databases by name."""

    kind: Kind
    _filled: dict[str, str] = field(default_factory=dict)

    def filled(self, name: str, fill: Fill) -> str:
        """The address of the one that ``fill`` has filled, now or before: to be copied, or read."""
        if name not in self._filled:
            url = self.kind.create()
            upgrade(url)
            change(url, fill)
            self._filled[name] = url
        return self._filled[name]

    def copy(self, name: str, fill: Fill) -> str:
        """A copy of it, to write in."""
        return self.kind.copy(self.filled(name, fill))


def change(url: str, work: Fill) -> None:
    """Write in a database, fast: nothing here has to outlive a crash."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    try:
        with engine.begin() as connection:
            work(connection)
        if engine.dialect.name == "postgresql":  # what autovacuum does where it is on
            with engine.begin() as connection:
                connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()


def _hurry(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
    connection.execute("PRAGMA cache_size = -200000")  # type: ignore[attr-defined]


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Databases of one kind, gone afterwards."""
    if kind == "sqlite":
        yield Databases(SqliteFiles(folder))
        return
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's programs (initdb, postgres) are not installed here")
    with running_postgres(programs) as server:
        yield Databases(PostgresDatabases(server))
