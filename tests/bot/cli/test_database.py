"""Bringing the database up: SQLite by every command, PostgreSQL by `db upgrade` alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from storage.database import sync_url
from storage.schema import is_current
from tests.bot.cli.command import Command


def test_on_sqlite_every_command_brings_the_schema_up(
    bare_kaikaku: Command, empty_sqlite_url: str
) -> None:
    ended = bare_kaikaku("units", "list", DATABASE_URL=empty_sqlite_url)

    assert ended.code == 0
    assert len(ended.out.splitlines()) == 24


def test_on_postgresql_only_db_upgrade_does_and_others_say_so(
    bare_kaikaku: Command, empty_postgres_url: str
) -> None:
    refused = bare_kaikaku("units", "list", DATABASE_URL=empty_postgres_url)
    untouched = not is_current(empty_postgres_url)
    upgraded = bare_kaikaku("db", "upgrade", DATABASE_URL=empty_postgres_url)
    listed = bare_kaikaku("units", "list", DATABASE_URL=empty_postgres_url)

    assert (refused.code, refused.out) == (1, "")
    assert "kaikaku db upgrade を実行してください。" in refused.err
    assert untouched
    assert (upgraded.code, listed.code) == (0, 0)


def test_db_upgrade_again_is_harmless(kaikaku: Command) -> None:
    assert [kaikaku("db", "upgrade").code for _ in range(2)] == [0, 0]


def test_the_default_is_a_file_in_the_working_directory(bare_kaikaku: Command) -> None:
    bare_kaikaku("db", "upgrade")

    assert [path.name for path in bare_kaikaku.folder.glob("*.db")] == ["kaikaku.db"]


@pytest.mark.parametrize("command", [("db", "upgrade"), ("units", "list")])
def test_a_folder_that_is_not_there_is_named_and_not_made(
    bare_kaikaku: Command, command: tuple[str, ...]
) -> None:
    missing = bare_kaikaku.folder / "none"

    refused = bare_kaikaku(*command, DATABASE_URL=f"sqlite:///{missing}/deep/x.db")

    assert (refused.code, refused.out, len(refused.errors)) == (1, "", 1)
    assert f"{missing}/deep" in refused.err
    assert not missing.exists()


@pytest.mark.parametrize("command", [("db", "upgrade"), ("units", "list"), ("check",)])
def test_a_database_of_a_newer_kaikaku_is_refused_with_a_readable_line_and_stays_as_it_is(
    bare_kaikaku: Command, database_url: str, command: tuple[str, ...]
) -> None:
    mark_as_newer(database_url)

    refused = bare_kaikaku(*command, DATABASE_URL=database_url)

    assert refused.code == 1
    assert "これより新しい kaikaku" in refused.out + refused.err
    assert "Traceback" not in refused.err
    assert "kaikaku db upgrade を" not in refused.out + refused.err


def mark_as_newer(url: str) -> None:
    with create_engine(sync_url(url), poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize(
    "command", [("db", "upgrade"), ("units", "list"), ("check",), ("backup", "copy.db")]
)
@pytest.mark.parametrize("broken_from", [0, 4096])
def test_a_file_that_is_no_sound_database_is_refused_with_a_readable_line(
    kaikaku_on_sqlite: Command, sqlite_url: str, command: tuple[str, ...], broken_from: int
) -> None:
    file = Path(sync_url(sqlite_url).database or "")
    sound = file.read_bytes()
    file.write_bytes(sound[:broken_from] + b"\xa5" * (len(sound) - broken_from))

    refused = kaikaku_on_sqlite(*command)

    assert refused.code == 1
    assert "kaikaku restore" in refused.out + refused.err
    assert "Traceback" not in refused.err
    assert not list(kaikaku_on_sqlite.folder.glob("copy.db*"))


def test_an_option_that_postgresql_does_not_know_is_refused_with_a_readable_line(
    bare_kaikaku: Command,
) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:9/k?sslmod=require"

    refused = bare_kaikaku("db", "upgrade", DATABASE_URL=url)

    assert (refused.code, len(refused.errors)) == (1, 1)
    assert "DATABASE_URL が読めません" in refused.err


@pytest.mark.parametrize("path", ["", ":memory:", "file:k.db?uri=true", "k.db?mode=ro"])
def test_an_address_of_sqlite_is_a_path_and_nothing_else(bare_kaikaku: Command, path: str) -> None:
    refused = bare_kaikaku("units", "list", DATABASE_URL=f"sqlite:///{path}")

    assert refused.code == 1
    assert "DATABASE_URL は sqlite:///PATH" in refused.err
    assert list(bare_kaikaku.folder.iterdir()) == []
