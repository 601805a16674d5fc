"""`kaikaku demo` starts, says where, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path

from tests.page.demo import (
    a_free_port,
    begun,
    demo,
    first_children,
    is_alive,
    is_taken,
    names_in,
)


async def test_one_line_on_stdout_and_an_end_that_leaves_no_process_port_or_file(
    tmp_path: Path,
) -> None:
    wanted = a_free_port()

    async with demo(tmp_path, "--port", str(wanted)) as started:
        below = started.descendants()
        code, rest = await started.end(signal.SIGINT)

        assert started.address == f"http://127.0.0.1:{wanted}/"
    assert (code, rest) == (0, "")
    assert len(below) == 2
    assert [pid for pid in below if is_alive(pid)] == []
    assert not is_taken(wanted)
    assert names_in(tmp_path) == ["demo.err"]


async def test_a_port_in_use_is_said_and_another_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = other.getsockname()[1]

        async with demo(tmp_path, "--port", str(wanted)) as started:
            code, _ = await started.end(signal.SIGTERM)

    assert started.port != wanted
    assert code == 0
    assert f"{wanted}番ポートは使われている" in started.errors.read_text(encoding="utf-8")


async def test_a_signal_during_the_preparation_ends_it_as_well(tmp_path: Path) -> None:
    async with begun(tmp_path) as process:
        below = await first_children(process.pid)
        process.send_signal(signal.SIGINT)
        printed, _ = await asyncio.wait_for(process.communicate(), 60)

    assert (process.returncode, printed) == (0, b"")
    assert [pid for pid in below if is_alive(pid)] == []
    assert names_in(tmp_path) == ["demo.err"]
