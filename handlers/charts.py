"""Being written."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from handlers.deps import Deps


def register(_app: AsyncApp, _deps: Deps) -> None:
    """Nothing yet."""
