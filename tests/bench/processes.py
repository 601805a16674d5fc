"""The processes that are measured: each on the first core, its CPU time read from outside."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CPU_CLOCK = 2  # CPUCLOCK_SCHED (Linux, posix-timers.h): all threads of a process, in nanoseconds
_READY_SECONDS = 60
_LONGEST_LINE = 64 * 1024 * 1024
_QUIET_SECONDS = 0.03
_QUIET_CPU = 0.0005
# Of the developer's own environment: no token, database or proxy of theirs is measured.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH")


@dataclass
class Child:
    """A process that answers orders, one JSON object a line; ``told`` is what it said at first."""

    process: asyncio.subprocess.Process
    errors: Path
    told: Mapping[str, Any]

    def cpu(self) -> float:
        """CPU seconds that it has used so far, in user and kernel, all threads."""
        return time.clock_gettime((~self.process.pid << 3) | _CPU_CLOCK)

    def resident(self) -> int:
        """Bytes of memory that it holds now."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    async def ask(self, do: str, **details: Any) -> Any:
        """Give an order and wait for what comes of it."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")
        return await _line(self.process, self.errors)

    async def settle(self) -> None:
        """Wait until it does nothing any more: work may go on after the last answer."""
        before = self.cpu()
        while True:
            await asyncio.sleep(_QUIET_SECONDS)
            now = self.cpu()
            if now - before < _QUIET_CPU:
                return
            before = now


def measured_core() -> int:
    """The core for what is measured."""
    return min(os.sched_getaffinity(0))


@contextmanager
def on_the_other_core() -> Iterator[None]:
    """Leave the first core to what is measured; with one core there is no choice."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@asynccontextmanager
async def spawned(
    module: str, *words: str, core: int, env: Mapping[str, str], folder: Path
) -> AsyncIterator[Child]:
    """A module of ours as a child that has said it is ready; ended when its orders end."""
    errors = folder / f"{module.rpartition('.')[2]}.log"
    process = await start([sys.executable, "-m", module, *words], core=core, env=env, log=errors)
    try:
        yield Child(process, errors, await _line(process, errors))
    finally:
        await _end(process)


async def start(
    command: list[str], *, core: int, env: Mapping[str, str], log: Path
) -> asyncio.subprocess.Process:
    """A process on one core from its first instruction; what it says on stderr goes to a file."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    errors = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=_LONGEST_LINE,
            env={**kept, **env},
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    finally:
        os.close(errors)


async def _line(process: asyncio.subprocess.Process, errors: Path) -> Any:
    assert process.stdout
    async with asyncio.timeout(_READY_SECONDS):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"A process ended early:\n{_last_words(errors)}")
    return json.loads(line)


def _last_words(errors: Path) -> str:
    return errors.read_text(encoding="utf-8", errors="replace")[-4000:]


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        async with asyncio.timeout(10):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def orders() -> AsyncIterator[dict[str, Any]]:
    """What a child is asked to do, until its parent has no more to ask."""
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


def say(**told: Any) -> None:
    """A child's answer."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
