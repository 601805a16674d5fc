from __future__ import annotations

import re
from pathlib import Path

from bot.config import VARIABLES

ROOT = Path(__file__).parents[2]


def test_every_variable_is_in_the_example_and_in_the_readme_in_the_same_order() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert tuple(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE)) == VARIABLES
    assert tuple(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE)) == VARIABLES
