"""`kaikaku` on a fresh database of each kind."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.cli.command import Command, Prepared


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


@pytest.fixture(scope="module")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office") / "template.db"


@pytest.fixture
def prepared(kaikaku_on_sqlite: Command, sqlite_url: str, _template: Path) -> Prepared:
    """The command, after what every test of the module begins with: done once, and copied."""
    database = Path(sqlite_url.removeprefix("sqlite:///"))

    def prepare(begin: Callable[[Command], None]) -> Command:
        if _template.exists():
            shutil.copyfile(_template, database)
        else:
            begin(kaikaku_on_sqlite)
            shutil.copyfile(database, _template)
        return kaikaku_on_sqlite

    return prepare
