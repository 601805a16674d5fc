"""A short-lived process for one file: its memory goes when it ends, and it knows no secrets."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile


class Failed(Exception):
    """The child died, or took longer than the time given."""


async def run(module: str, request: bytes, timeout_seconds: float) -> bytes:
    """What ``python -m module`` answers to a request. Raises Failed.

    Whatever the child has started ends with it, also when this task is cancelled, and the folder
    that it has for its files is removed.
    """
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="kaikaku-")
    try:
        return await _run(module, request, timeout_seconds, folder)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))


async def _run(module: str, request: bytes, timeout_seconds: float, folder: str) -> bytes:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a traceback would hold what people wrote
        env=_environment(folder),
        start_new_session=True,
    )
    answer = b""
    try:
        async with asyncio.timeout(timeout_seconds):
            answer, _ = await child.communicate(request)
    except TimeoutError:
        raise Failed from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # a group of its own, of which some may be left
        await child.wait()
    if child.returncode != 0:
        raise Failed
    return answer


def _environment(folder: str) -> dict[str, str]:
    """Where Python finds the same modules, and none of the bot's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    path = os.pathsep.join(filter(None, sys.path))
    return {**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", "TMPDIR": folder}
