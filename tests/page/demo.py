"""`kaikaku demo` as somebody starts it: a child with its own stdout, ended by a signal."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 110.0  # seconds; a machine under load


@dataclass
class Demo:
    """A demo that has printed its address."""

    process: asyncio.subprocess.Process
    address: str
    errors: Path

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def descendants(self) -> list[int]:
        """All processes below the demo's own."""
        found, todo = list[int](), [self.process.pid]
        while todo:
            below = children_of(todo.pop())
            found += below
            todo += below
        return found

    async def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Send a signal; the exit code and what else was on stdout."""
        self.process.send_signal(number)
        rest, _ = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return self.process.returncode, rest.decode()


@asynccontextmanager
async def begun(
    folder: Path, *words: str, module: str = "bot"
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, with SIGINT ignored as below a shell's background job."""
    with (folder / "demo.err").open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, "demo", "--no-browser", *words),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.communicate(), PATIENCE)


@asynccontextmanager
async def demo(folder: Path, *words: str, module: str = "bot") -> AsyncIterator[Demo]:
    """A demo that is ready."""
    async with begun(folder, *words, module=module) as process:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        complaint = (folder / "demo.err").read_text(encoding="utf-8")
        assert line, complaint
        yield Demo(process, line.decode().strip(), folder / "demo.err")


def children_of(pid: int) -> list[int]:
    try:
        threads = Path(f"/proc/{pid}/task").iterdir()
        texts = [(thread / "children").read_text() for thread in threads]
    except FileNotFoundError:
        return []
    return [int(word) for text in texts for word in text.split()]


async def first_children(process: asyncio.subprocess.Process) -> list[int]:
    """As soon as there are any; TimeoutError when none come."""
    async with asyncio.timeout(PATIENCE):
        while not (found := children_of(process.pid)):  # noqa: ASYNC110  nothing tells us of it
            await asyncio.sleep(0.01)
    return found


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
