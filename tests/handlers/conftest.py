"""Handlers are tested through Slack, with the whole bot behind them: see tests/scenarios."""

from __future__ import annotations

from tests.scenarios.conftest import story, unspaced, way_and_url

__all__ = ["story", "unspaced", "way_and_url"]
