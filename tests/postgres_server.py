"""A PostgreSQL of the suite's own: found, started in a folder of its own, ended by its pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

_INSTALLED = Path("/usr/lib/postgresql")
_PREFIX = "kaikaku-pg-"  # and the pid of the suite it belongs to
_SHARED_MEMORY = Path("/dev/shm")
_ROOM = 1_000_000_000  # bytes; a server with a few databases needs a quarter
_START_WAIT = 60  # seconds; a busy machine needs a few

# Nothing here has to outlive the suite, and a vacuum must not hold the template.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "log_min_messages": "panic",
}


def find_programs() -> Path | None:
    """The folder that holds initdb and postgres, newest version first; None where there is none."""
    versions = sorted(_INSTALLED.glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    found = shutil.which("postgres")
    for folder in [*versions, *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached through a socket in ``folder``; ``desk`` makes its databases."""

    folder: Path
    superuser: str
    pid: int
    desk: psycopg.Connection[tuple[Any, ...]] = field(repr=False)

    def url(self, database: str) -> str:
        """DATABASE_URL of one of its databases."""
        return _url(self.folder, self.superuser, database)

    def create(self, *, template: str = "template0") -> str:
        """A new database, a copy of ``template``; returns its name."""
        name = f"test_{uuid.uuid4().hex}"
        # By its files: by way of the log, as since 15, one so small takes twice as long.
        by_files = " STRATEGY FILE_COPY" if self.desk.info.server_version >= 150000 else ""
        self._run("CREATE DATABASE {} TEMPLATE {}" + by_files, name, template)
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is still connected to it."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: LiteralString, *names: str) -> None:
        identifiers = (sql.Identifier(name) for name in names)
        self.desk.execute(sql.SQL(statement).format(*identifiers))


@contextmanager
def running_postgres(programs: Path) -> Iterator[PostgresServer]:
    """A server that is there inside the ``with``, with all its files gone afterwards."""
    # Not below pytest's own folder: that is closed to other users, and a socket's path is short.
    place = _memory() or Path(tempfile.gettempdir())
    _remove_leftovers(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    superuser = _superuser(folder)
    try:
        _initialise(programs, folder, superuser)
        process = _start(programs, folder, superuser)
        try:
            with _connected(_url(folder, superuser, "postgres"), process) as desk:
                yield PostgresServer(folder, superuser, process.pid, desk)
        finally:
            _end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _url(folder: Path, superuser: str, database: str) -> str:
    return f"postgresql://{superuser}@/{database}?host={folder}"


def _memory() -> Path | None:
    """Where files are kept in memory, if there is room: a copy of a database is 300 of them."""
    try:
        free = shutil.disk_usage(_SHARED_MEMORY).free
    except OSError:
        return None
    return _SHARED_MEMORY if free > _ROOM and os.access(_SHARED_MEMORY, os.W_OK) else None


def _remove_leftovers(place: Path) -> None:
    """A suite that was killed ended nothing: its server ends by itself once its files are gone."""
    for folder in place.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def _superuser(folder: Path) -> str:
    """PostgreSQL refuses to run as root: then it is user postgres, who comes with the package."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    shutil.chown(folder, "postgres", "postgres")
    return "postgres"


def _initialise(programs: Path, folder: Path, superuser: str) -> None:
    command = [str(programs / "initdb"), "--no-sync", "--auth=trust", f"--username={superuser}"]
    made = subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C", f"--pgdata={folder / 'data'}"],
        capture_output=True,
        check=False,
        cwd=folder,
        user=superuser if os.getuid() == 0 else None,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")


def _start(programs: Path, folder: Path, superuser: str) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(programs / "postgres"), "-D", str(folder / "data"), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        user=superuser if os.getuid() == 0 else None,
    )


def _connected(url: str, process: subprocess.Popen[bytes]) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection once it answers: its socket appears as soon as it listens."""
    for _ in range(_START_WAIT * 20):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at its start, with {process.returncode}")
        try:
            return psycopg.connect(url, autocommit=True, connect_timeout=_START_WAIT)
        except psycopg.OperationalError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
    raise RuntimeError(f"PostgreSQL did not answer within {_START_WAIT} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": whoever is connected is disconnected
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
