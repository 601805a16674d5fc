"""The processes of a demo: the stand-in for Slack, the bot and commands, and how they all end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from bot.config import VARIABLES
from bot.domain.errors import Refused

LOOPBACK = "127.0.0.1"
_PATIENCE = 30.0  # seconds until a process must have come up
_GOODBYE = 12.0  # seconds that a process has to end by itself

# A demo talks to this machine alone, whatever way out the machine has.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass
class Processes:
    """Children in groups of their own, so that a Ctrl-C reaches us alone and we end them.

    `held` puts a signal off while a child is started.
    """

    folder: Path
    environment: Mapping[str, str]
    held: Callable[[], AbstractContextManager[None]] = nullcontext
    settings: dict[str, str] = field(default_factory=dict)
    children: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[Self]:
        """On leaving, every child has ended."""
        try:
            yield self
        finally:
            for child in reversed(self.children.values()):
                _end(child)

    def kaikaku(self, *words: str) -> str:
        """Run one command to its end; what it printed. Raises Refused with its complaint."""
        child = self._begin(words[0], "bot", words, stderr=subprocess.PIPE)
        printed, complaint = child.communicate()
        del self.children[words[0]]
        if child.returncode:
            raise Refused(f"kaikaku {words[0]} が失敗しました。", complaint.splitlines()[-5:])
        return printed

    def start(self, name: str, module: str, *words: str) -> None:
        """Start a child that stays; its complaints go to NAME.log."""
        with (self.folder / f"{name}.log").open("w", encoding="utf-8") as log:
            self._begin(name, module, words, stderr=log)

    def _begin(
        self, name: str, module: str, words: tuple[str, ...], stderr: IO[str] | int
    ) -> subprocess.Popen[str]:
        with self.held():
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=self.folder,
                env=self.surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                encoding="utf-8",
                process_group=0,
            )
        return self.children[name]

    def wait_for_port(self, name: str, port: int) -> None:
        """Wait until a child listens. Raises Refused when it ends or takes too long."""
        until = time.monotonic() + _PATIENCE
        while not _listens(port):
            if self.children[name].poll() is not None or time.monotonic() > until:
                raise Refused(f"{name} を起動できませんでした。", self._last_words(name))
            time.sleep(0.05)

    def wait(self) -> str:
        """Wait until one of the children has ended; its name."""
        while True:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            time.sleep(0.3)

    def surroundings(self) -> dict[str, str]:
        """The children's environment: ours without a real workspace, and with our settings."""
        hidden = {*VARIABLES, *_PROXIES}
        kept = {k: v for k, v in self.environment.items() if not {k, k.lower()} & hidden}
        home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(part for part in (home, kept.get("PYTHONPATH", "")) if part)
        return {**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", **self.settings}

    def _last_words(self, name: str) -> list[str]:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8").splitlines()[-5:]


def choose_port(wanted: int) -> int:
    """The wanted port if nobody has it, else one that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            # As servers do: a port whose last user has just gone is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise Refused("空いているポートがありません。")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _end(child: subprocess.Popen[str]) -> None:
    """SIGTERM to the child's whole group, and SIGKILL when that has not helped."""
    for number, seconds in ((signal.SIGTERM, _GOODBYE), (signal.SIGKILL, _GOODBYE)):
        if child.poll() is not None:
            break  # its number may be somebody else's by now
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            break
    for pipe in (child.stdout, child.stderr):
        if pipe:
            pipe.close()
