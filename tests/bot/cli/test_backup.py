"""`kaikaku backup` and `kaikaku restore` from the outside."""

from __future__ import annotations

from pathlib import Path

from tests.bot.cli.command import Command


def test_a_backup_goes_out_and_comes_back(kaikaku_on_sqlite: Command) -> None:
    kaikaku_on_sqlite("units", "add", "あおぞら区", "--code", "aozora")
    saved = kaikaku_on_sqlite("backup", "copy.db")
    kaikaku_on_sqlite("units", "set", "あおぞら区", "--name", "みどり区")

    restored = kaikaku_on_sqlite("restore", "copy.db")

    assert (saved.code, restored.code) == (0, 0)
    assert "copy.db に写しを取りました。" in saved.out
    assert "あおぞら区" in kaikaku_on_sqlite("units", "list").out


def test_without_a_database_there_is_nothing_to_copy(bare_kaikaku: Command) -> None:
    ended = bare_kaikaku("backup", "copy.db")

    assert ended.code == 1
    assert "まだありません" in ended.err
    assert list(bare_kaikaku.folder.iterdir()) == []


def test_a_backup_that_is_not_there_is_named(kaikaku_on_sqlite: Command) -> None:
    ended = kaikaku_on_sqlite("restore", "missing.db")

    assert ended.code == 1
    assert "missing.db" in ended.err


def test_a_restore_comes_to_a_machine_that_has_no_database_yet(
    kaikaku_on_sqlite: Command, tmp_path: Path
) -> None:
    kaikaku_on_sqlite("backup", "copy.db")

    fresh = f"sqlite:///{tmp_path}/new.db"
    ended = kaikaku_on_sqlite("restore", "copy.db", DATABASE_URL=fresh)

    assert ended.code == 0
    assert len(kaikaku_on_sqlite("units", "list", DATABASE_URL=fresh).out.splitlines()) == 24


def test_on_postgresql_its_own_programs_are_named(bare_kaikaku: Command, postgres_url: str) -> None:
    saved = bare_kaikaku("backup", "copy.db", DATABASE_URL=postgres_url)
    restored = bare_kaikaku("restore", "copy.db", DATABASE_URL=postgres_url)
    marked = bare_kaikaku("restore", "--mark", DATABASE_URL=postgres_url)

    assert (saved.code, restored.code, marked.code) == (1, 1, 0)
    assert "pg_dump" in saved.err
    assert "pg_restore" in restored.err
