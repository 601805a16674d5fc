"""The outermost edge: exit codes, readable refusals, and where settings come from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.cli.command import Command

_SECRET = "hunter2"
_SHEET = "number,title\n1,取組\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("import",),
        ("import", "a.csv", "--year", "来年"),
        ("units", "set", "西区", "--close", "いつか"),
        ("units", "add", "あおぞら区", "--code", "あおぞら"),
        ("export", "西区", "--format", "odt"),
        ("register", "template", "a.pdf"),
    ],
)
def test_wrong_usage_ends_with_two(kaikaku_on_sqlite: Command, arguments: tuple[str, ...]) -> None:
    ended = kaikaku_on_sqlite(*arguments)

    assert ended.code == 2
    assert ended.out == ""
    assert "usage: kaikaku" in ended.err


def test_help_is_in_japanese(kaikaku_on_sqlite: Command) -> None:
    ended = kaikaku_on_sqlite("--help")

    assert ended.code == 0
    assert "計画のシートや取組一覧を取り込みます" in ended.out


def test_a_refusal_is_a_readable_line_and_then_one_line_a_fault(
    kaikaku_on_sqlite: Command,
) -> None:
    sheet = kaikaku_on_sqlite.write("a.csv", _SHEET)

    ended = kaikaku_on_sqlite("import", sheet, "--json")

    assert (ended.code, ended.out) == (1, "")
    first, *faults = ended.errors
    assert first == "区・年度・様式が決まらないため、取り込めません。"
    assert ["--ward" in faults[0], "--year" in faults[1], len(faults)] == [True, True, 2]


def test_a_file_that_is_not_there_is_named(kaikaku_on_sqlite: Command) -> None:
    ended = kaikaku_on_sqlite("import", "missing.csv")

    assert ended.code == 1
    assert "missing.csv" in ended.err
    assert "Traceback" not in ended.err


def test_everything_that_is_missing_in_the_settings_is_said_at_once(
    bare_kaikaku: Command,
) -> None:
    roster = bare_kaikaku.write("a.csv", "role,ward,name\nowner,西区,山田\n")

    ended = bare_kaikaku(
        "people", "import", roster, PORT="x", DATABASE_URL="mysql://x", LOG_FORMAT="xml"
    )

    assert ended.code == 1
    words = ("SLACK_BOT_TOKEN", "PORT", "DATABASE_URL", "LOG_FORMAT")
    assert [word for word in words if word not in ended.err] == []


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://kaikaku:{_SECRET}@127.0.0.1:1/kaikaku",
        f"postgresql://kaikaku:{_SECRET}@127.0.0.1:port/kaikaku",
    ],
)
@pytest.mark.parametrize("arguments", [("units", "list"), ("db", "upgrade")])
def test_a_database_out_of_reach_is_one_line_without_its_password(
    bare_kaikaku: Command, arguments: tuple[str, ...], url: str
) -> None:
    ended = bare_kaikaku(*arguments, DATABASE_URL=url)

    assert ended.code == 1
    assert len(ended.errors) == 1
    assert "DATABASE_URL" in ended.err
    assert _SECRET not in ended.err


def test_settings_are_read_from_env_in_the_working_directory(bare_kaikaku: Command) -> None:
    bare_kaikaku.write(".env", "DATABASE_URL=sqlite:///from-env.db\n")

    bare_kaikaku("units", "list")

    assert (bare_kaikaku.folder / "from-env.db").exists()
    assert "DATABASE_URL" not in os.environ


def test_the_environment_goes_before_env(bare_kaikaku: Command) -> None:
    bare_kaikaku.write(".env", "DATABASE_URL=sqlite:///from-env.db\n")

    bare_kaikaku("units", "list", DATABASE_URL="sqlite:///given.db")

    assert (bare_kaikaku.folder / "given.db").exists()
    assert not (bare_kaikaku.folder / "from-env.db").exists()


def test_python_m_bot_is_the_same_command(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}

    ended = subprocess.run(
        (sys.executable, "-m", "bot", "units", "list"),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[5].startswith("西区")
    assert (tmp_path / "kaikaku.db").exists()


def test_a_reader_who_has_had_enough_is_no_error(kaikaku_on_sqlite: Command) -> None:
    environment = {**os.environ, **kaikaku_on_sqlite.settings}
    folder = Path(__file__).parents[3]
    lines = f"{sys.executable} -m bot units list | true; exit ${{PIPESTATUS[0]}}"

    ended = subprocess.run(
        ("bash", "-c", lines),
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
