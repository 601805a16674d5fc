"""`kaikaku` on a fresh database of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.command import Command


@pytest.fixture
def bare_kaikaku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """The command with no setting at all."""
    folder = tmp_path / "office"
    folder.mkdir()
    return Command(folder, monkeypatch, capsys)


@pytest.fixture
def kaikaku(bare_kaikaku: Command, database_url: str) -> Command:
    """The command on a database of each kind."""
    bare_kaikaku.settings["DATABASE_URL"] = database_url
    return bare_kaikaku


@pytest.fixture
def kaikaku_on_sqlite(bare_kaikaku: Command, sqlite_url: str) -> Command:
    """The command on one kind, where the kind makes no difference."""
    bare_kaikaku.settings["DATABASE_URL"] = sqlite_url
    return bare_kaikaku
