"""The bot that is attacked: one for the whole folder, in a loop of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.attack import Attack
from tests.fuzz.target import attacked


@pytest.fixture(scope="package")
def attack(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    path = tmp_path_factory.mktemp("fuzz") / "kaikaku.db"
    shutil.copyfile(sqlite_template, path)
    with asyncio.Runner() as runner:
        bot = attacked(f"sqlite:///{path}")
        target = runner.run(bot.__aenter__())
        yield Attack(target, runner)
        runner.run(bot.__aexit__(None, None, None))
