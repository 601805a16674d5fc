"""Running `kaikaku` in a test: in this process, with settings of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def errors(self) -> list[str]:
        """The lines on stderr."""
        return self.err.splitlines()


@dataclass
class Command:
    """`kaikaku` in a folder of its own, where there is no .env but the test's."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    settings: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **settings: str) -> Ended:
        """Run a command to its end; ``settings`` are further environment variables."""
        with self.monkeypatch.context() as patch:
            patch.chdir(self.folder)
            for name, value in {**self.settings, **settings}.items():
                patch.setenv(name, value)
            try:
                code = main(arguments)
            except SystemExit as end:
                code = int(end.code or 0)
        captured = self.capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    async def beside(self, *arguments: str, **settings: str) -> Ended:
        """The same from a test that runs a server meanwhile."""
        return await asyncio.to_thread(self, *arguments, **settings)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> str:
        """A file in the folder; its path."""
        path = self.folder / name
        path.write_text(text, encoding=encoding)
        return str(path)


Prepared = Callable[[Callable[[Command], None]], Command]
"""What the fixture `prepared` is: given what a test begins with, the command after it."""
