"""The house keeps its own rules: what the tools are told to refuse, they do refuse."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "schedules", "storage", "playground")


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _run(
    *command: str, cwd: Path = ROOT, stdin: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def _ruff(code: str, *, path: str) -> set[str]:
    """The rules that `code` breaks when it stands at `path`."""
    check = _run(
        sys.executable,
        *("-m", "ruff", "check", "--output-format=concise", "--stdin-filename", path, "-"),
        stdin=code,
    )
    return set(re.findall(r":\d+:\d+: ([A-Z]+\d+)", check.stdout))


# --- one line, one place -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "clock",
    ["datetime.now(UTC)", "datetime.utcnow()", "datetime.today()", "date.today()", "time.time()"],
)
def test_time_comes_in_through_the_clock_alone(clock: str) -> None:
    imports = "import time\nfrom datetime import UTC, date, datetime"
    code = f'"""Time."""\n\n{imports}\n\nNOW = {clock}\n'

    assert "TID251" in _ruff(code, path="bot/services/rounds.py")
    assert "TID251" not in _ruff(code, path="bot/clock.py")


def test_only_the_command_line_prints() -> None:
    code = '"""Print."""\n\nprint(1)\n'

    assert "T201" in _ruff(code, path="bot/services/rounds.py")
    assert "T201" not in _ruff(code, path="bot/cli/rounds.py")


def test_japanese_text_is_no_lint_fault() -> None:
    assert not _ruff('"""A label."""\n\nLABEL = "（ⅰ）：～！"\n', path="bot/views/labels.py")


def test_every_test_folder_is_a_package() -> None:
    """Without __init__.py at every level, tests/handlers would shadow the real handlers."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    parents = {parent for folder in folders for parent in (folder, *folder.parents)}
    inside = {folder for folder in parents if folder.is_relative_to(ROOT / "tests")}

    assert inside
    assert [folder for folder in inside if not (folder / "__init__.py").exists()] == []


def test_every_package_of_the_tree_is_one_that_is_installed() -> None:
    packages = _project()["tool"]["setuptools"]["packages"]["find"]["include"]
    in_tree = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert set(packages) == {p for name in in_tree for p in (name, f"{name}.*")}
    assert in_tree == set(PACKAGES)


# --- which way imports point ---------------------------------------------------------------------


def _sample_tree(folder: Path) -> None:
    """A tree with the modules that the contracts name, and none that imports another."""
    parts = ("cli", "domain", "services", "sheets", "slack", "views")
    modules = [
        *(f"bot/{name}.py" for name in ("__main__", "app", "config", "web")),
        *(f"bot/{name}/__init__.py" for name in parts),
        *(f"{name}/__init__.py" for name in PACKAGES),
    ]
    for module in modules:
        (folder / module).parent.mkdir(parents=True, exist_ok=True)
        (folder / module).touch()
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())


def _contracts(folder: Path, *, module: str, line: str) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a tree in which `line` is the third of `module`."""
    _sample_tree(folder)
    (folder / module).write_text(f"\n\n{line}\n", encoding="utf-8")
    return _run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache", cwd=folder)


def test_a_tree_without_wrong_imports_keeps_all_contracts(tmp_path: Path) -> None:
    line = "import bot.config, bot.slack, handlers, slack_bolt, sqlalchemy, storage"

    check = _contracts(tmp_path, module="bot/app.py", line=line)

    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot/domain/rounds.py", "import storage"),
        ("bot/domain/rounds.py", "import bot.services"),
        ("bot/domain/rounds.py", "import sqlalchemy"),
        ("bot/domain/rounds.py", "import slack_sdk"),
        ("bot/services/rounds.py", "import handlers"),
        ("bot/services/rounds.py", "import sqlmodel"),
        ("bot/services/rounds.py", "import bot.config"),
        ("bot/views/status.py", "import bot.sheets"),
        ("bot/views/status.py", "import storage"),
        ("bot/services/exports.py", "import openpyxl"),
        ("bot/services/letters.py", "import slack_sdk"),
        ("handlers/status.py", "import schedules"),
        ("handlers/status.py", "import storage"),
        ("handlers/status.py", "import bot.app"),
        ("schedules/timetable.py", "import slack_bolt"),
        ("storage/rounds.py", "import slack_sdk"),
        ("bot/web.py", "import storage"),
        ("playground/server.py", "import bot.domain"),
        ("bot/cli/demo.py", "import playground"),
    ],
)
def test_a_wrong_import_is_named_with_file_and_line(tmp_path: Path, module: str, line: str) -> None:
    check = _contracts(tmp_path, module=module, line=line)

    importer = re.escape(module.removesuffix(".py").replace("/", "."))
    assert check.returncode != 0, check.stdout
    assert re.search(rf"{importer}\s+->\s+{line[7:]}\s+\(l\.\s?3\)", check.stdout), check.stdout


# --- the suite's own walls -----------------------------------------------------------------------


# pytest-socket warns before it refuses.
@pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")
def test_a_test_reaches_this_machine_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()

    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=5)


def test_no_setting_of_the_machine_is_in_the_environment() -> None:
    ours = ("SLACK_", "KAIKAKU_", "DATABASE_URL", "HTTPS_PROXY")

    assert [name for name in os.environ if name.upper().startswith(ours)] == []


def test_the_developers_own_settings_do_not_reach_a_test() -> None:
    polluted = os.environ | {
        "SLACK_BOT_TOKEN": "xoxb-of-a-real-workspace",
        "DATABASE_URL": "postgresql://of-a-real-office/kaikaku",
        "https_proxy": "http://proxy.example:8080",
    }
    test = f"{__file__}::{test_no_setting_of_the_machine_is_in_the_environment.__name__}"

    check = _run(sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", test, env=polluted)

    assert check.returncode == 0, check.stdout


# --- what a fresh clone is set up with -----------------------------------------------------------


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_with_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)

    assert pins
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|file:/", text)
    assert not re.search(r"(^|\s)/\w", text), "a path of the machine that made the lock"


def test_every_direct_dependency_is_pinned() -> None:
    project = _project()["project"]
    run, dev = project["dependencies"], project["optional-dependencies"]["dev"]

    assert _names(run) <= _pinned("requirements.lock")
    assert _names(run) | _names(dev) <= _pinned("requirements-dev.lock")


def test_what_runs_is_the_same_in_both_locks() -> None:
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")


def _pins(lock: str) -> set[tuple[str, str]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def _pinned(lock: str) -> set[str]:
    return {name for name, _ in _pins(lock)}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!,;]", line)[0] for line in requirements}


def test_the_command_is_installed() -> None:
    scripts = importlib.metadata.entry_points(group="console_scripts", name="kaikaku")

    assert {script.value for script in scripts} == {"bot.cli:main"}


def test_an_installed_kaikaku_has_its_migrations_with_it(tmp_path: Path) -> None:
    """`kaikaku db upgrade` works from any folder, so a wheel must hold what Alembic reads."""
    for package in PACKAGES:
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=without)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, tmp_path)

    built = _run(
        sys.executable,
        *("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."),
        cwd=tmp_path,
    )

    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    migrations = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "storage" / "migrations").rglob("*")
        if path.suffix in {".py", ".mako"}
    }
    assert _project()["tool"]["alembic"]["script_location"] == "storage:migrations"
    assert migrations <= set(zipfile.ZipFile(wheel).namelist())


def test_make_alone_prints_every_task_a_reader_may_need() -> None:
    tasks = {"setup", "test", "check", "fmt", "lint", "types", "contracts", "lock", "run", "work"}

    printed = _run("make").stdout

    assert tasks <= set(re.findall(r"^  make ([a-z-]+)", printed, re.MULTILINE))


def test_the_procfile_starts_the_three_processes() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()

    assert dict(line.split(": ", 1) for line in lines) == {
        "release": "kaikaku db upgrade",
        "web": "kaikaku run",
        "worker": "kaikaku work",
    }


def test_every_setting_of_the_example_is_explained_and_left_empty() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    settings = [at for at, line in enumerate(lines) if line and not line.startswith("#")]

    assert settings
    assert [lines[at] for at in settings if not re.fullmatch(r"[A-Z_]+=", lines[at])] == []
    assert [lines[at] for at in settings if not lines[at - 1].startswith("# ")] == []


def test_no_link_in_the_documentation_leads_nowhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")]
    links = [
        (page, target.partition("#")[0])
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", page.read_text(encoding="utf-8"))
    ]

    assert links
    assert [link for link in links if not (link[0].parent / link[1]).exists()] == []
