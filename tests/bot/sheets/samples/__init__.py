"""Sheets of あおぞら区, a ward that does not exist, in the layouts of forms beside 様式3."""

from __future__ import annotations

from pathlib import Path


def sample(name: str) -> str:
    return (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
