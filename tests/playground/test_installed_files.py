"""The page and the sample ward are part of what is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_beside_the_modules_is_named_as_data_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["playground"]
    folder = ROOT / "playground"

    named = {path for pattern in patterns for path in folder.glob(pattern)}
    there = {
        path
        for part in ("page", "sample")
        for path in (folder / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert there
    assert there == named
