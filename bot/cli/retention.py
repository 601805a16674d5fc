"""Being written."""

from __future__ import annotations

from bot.cli.arguments import Subparsers


def register(_nouns: Subparsers) -> None:
    """Nothing yet."""
