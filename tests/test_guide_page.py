"""The guide says what the screens say: its buttons, commands and pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.views.commands import command_of

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "guide.ja.md").read_text(encoding="utf-8")
WORDS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot" / "views").glob("*.py"))
)


@pytest.mark.parametrize("button", sorted(set(re.findall(r"〔([^〕]+)〕", GUIDE))))
def test_a_button_of_the_guide_is_a_word_of_the_screens(button: str) -> None:
    assert f'"{button}' in WORDS


@pytest.mark.parametrize("typed", sorted(set(re.findall(r"`/kaikaku ([^` ]+)", GUIDE))))
def test_a_command_of_the_guide_is_one(typed: str) -> None:
    assert command_of(typed) is not None


def test_the_guides_pictures_are_there() -> None:
    named = re.findall(r"\]\((images/[^)]+)\)", GUIDE)

    assert len(named) > 5
    assert [name for name in named if not (ROOT / "docs" / name).exists()] == []
