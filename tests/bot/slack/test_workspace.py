from __future__ import annotations

import json
from pathlib import Path

from bot.slack.workspace import SCOPES

MANIFESTS = Path(__file__).parents[3] / "manifest"


def test_the_scopes_that_are_missed_are_those_of_the_manifests() -> None:
    for path in MANIFESTS.glob("*.json"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
