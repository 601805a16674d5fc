"""How `kaikaku demo` comes to an end; test_story.py has the one that somebody wants to end."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from bot.cli.demo_processes import Processes
from tests.page.demo import (
    a_free_port,
    begun,
    demo,
    first_children,
    is_alive,
    is_taken,
    names_in,
)


async def test_when_the_bot_ends_all_ends(tmp_path: Path) -> None:
    wanted = a_free_port()

    async with demo(tmp_path, "--port", str(wanted), module="tests.page.short_demo") as started:
        below = started.descendants()
        os.kill(below[-1], signal.SIGKILL)
        await asyncio.wait_for(started.process.wait(), 60)

    said = started.errors.read_text(encoding="utf-8")
    assert started.address == f"http://127.0.0.1:{wanted}/"
    assert (started.process.returncode, "途中で終わった" in said) == (1, True)
    assert [pid for pid in below if is_alive(pid)] == []
    assert not is_taken(wanted)


def test_nothing_that_belongs_to_a_real_workspace_reaches_a_demo(tmp_path: Path) -> None:
    real = {
        "SLACK_BOT_TOKEN": "xoxb-real",
        "DATABASE_URL": "postgresql://real",
        "HTTPS_PROXY": "http://proxy.example.jp",
        "PATH": "/bin",
    }
    processes = Processes(tmp_path, real)
    processes.settings["DATABASE_URL"] = "sqlite:///demo.db"

    given = processes.surroundings()

    assert (given["PATH"], given["DATABASE_URL"]) == ("/bin", "sqlite:///demo.db")
    assert "SLACK_BOT_TOKEN" not in given
    assert "HTTPS_PROXY" not in given


async def test_a_signal_during_the_preparation_ends_it_as_well(tmp_path: Path) -> None:
    async with begun(tmp_path, "--port", "0") as process:
        below = await first_children(process)
        process.send_signal(signal.SIGINT)
        printed, _ = await asyncio.wait_for(process.communicate(), 60)

    assert (process.returncode, printed) == (0, b"")
    assert [pid for pid in below if is_alive(pid)] == []
    assert names_in(tmp_path) == ["demo.err"]
