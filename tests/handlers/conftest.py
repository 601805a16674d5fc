"""Handlers are tested through Slack, with the whole bot behind them: see tests/scenarios."""

from __future__ import annotations

from tests.scenarios.conftest import story, way_and_url

__all__ = ["story", "way_and_url"]
