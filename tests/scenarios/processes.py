"""`kaikaku` as a process of its own, as an office runs it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playground import SlackStandIn

START_SECONDS = 30


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Process:
    """A command that is running, and what it has said on stderr so far."""

    inner: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)

    async def until_it_says(self, action: str) -> None:
        """Read its log up to a line with this action."""
        assert self.inner.stderr
        async with asyncio.timeout(START_SECONDS):
            while action not in (line := (await self.inner.stderr.readline()).decode()):
                self.said.append(line)
                assert line, "".join(self.said)

    async def stop(self, number: int) -> int:
        """Send a signal; its exit code, or TimeoutError after 10 seconds."""
        self.inner.send_signal(number)
        async with asyncio.timeout(10):
            assert self.inner.stderr
            self.said.append((await self.inner.stderr.read()).decode())
            return await self.inner.wait()


def environment_for(
    slack: SlackStandIn, database_url: str, *, way: str, port: int = 0
) -> dict[str, str]:
    """The variables that an office sets."""
    secrets = {"SLACK_SIGNING_SECRET": slack.signing_secret}
    if way == "socket":
        secrets = {"SLACK_APP_TOKEN": slack.app_token}
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "PORT": str(port or free_port()),
        **secrets,
    }


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@asynccontextmanager
async def kaikaku_running(*command: str, env: Mapping[str, str]) -> AsyncIterator[Process]:
    """A command that runs until it is stopped; killed at the end if a test left it running."""
    process = Process(await _spawn(*command, env=env))
    try:
        yield process
    finally:
        if process.inner.returncode is None:
            process.inner.kill()
            await process.inner.wait()


async def kaikaku(*command: str, env: Mapping[str, str]) -> Ended:
    """Run a command to its end."""
    process = await _spawn(*command, env=env)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


async def _spawn(*command: str, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *command,
        env={**os.environ, **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
