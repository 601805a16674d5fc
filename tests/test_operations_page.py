"""What docs/operations.md tells to type can be typed: its commands, settings and units are real."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.arguments import parser
from bot.config import VARIABLES
from bot.metrics import _KINDS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHELL = "\n".join(text for kind, text in BLOCKS if kind in ("", "sh"))
UNITS = dict(re.findall(r"`/etc/systemd/system/([^`]+)`.*?```ini\n(.*?)```", PAGE, re.DOTALL))


def commands() -> list[list[str]]:
    """Every `kaikaku …` of the page, from its shell and from its units, as words."""
    lines = "\n".join(UNITS.values()).replace("$$(date +%%F)", "2026-09-01")
    started = re.findall(r"^Exec\w+=.*?/bin/(kaikaku .*?)'?$", lines, re.MULTILINE)
    typed = re.findall(r"^(?:honcho run |\.venv/bin/)?(kaikaku .*)$", SHELL, re.MULTILINE)
    return [shlex.split(line)[1:] for line in [*typed, *started]]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_one_that_kaikaku_takes(words: list[str]) -> None:
    parser().parse_args(words)


def test_there_are_commands_and_units_to_look_at() -> None:
    assert len(commands()) > 10
    assert sorted(UNITS) == [
        "kaikaku-backup.service",
        "kaikaku-backup.timer",
        "kaikaku-worker@.service",
        "kaikaku.service",
    ]


def test_every_setting_is_one_that_kaikaku_reads() -> None:
    named = set(re.findall(r"\b([A-Z]+_[A-Z_]+)=", PAGE))
    named |= set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", PAGE))

    unread = {"HTTP_PROXY", "ALL_PROXY"}  # the page says so
    assert {"DATABASE_URL", "HTTPS_PROXY", "NO_PROXY", "METRICS_PORT"} <= named
    assert named - set(VARIABLES) <= unread


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name, text in UNITS.items():
        here = re.sub(r"/srv/kaikaku/\.venv/bin/kaikaku", sys.executable, text)
        (tmp_path / name).write_text(here, encoding="utf-8")
    files = [str(tmp_path / name).replace("@.", "@1.") for name in UNITS]

    verified = subprocess.run(
        ["systemd-analyze", "verify", *files], check=False, capture_output=True, text=True
    )

    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_kinds_of_requests_that_are_measured_are_the_ones_it_names() -> None:
    (named,) = re.findall(r"`kaikaku_request_seconds` \| `kind`: ([a-z, ]+) \|", PAGE)

    assert set(named.split(", ")) == {"command", *_KINDS.values(), "other"}
