"""`kaikaku backup`: a consistent copy of an SQLite database while the bot works."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from bot.cli.arguments import Subparsers
from bot.config import load
from bot.domain.errors import Refused


def register(nouns: Subparsers) -> None:
    """Add `backup`."""
    command = nouns.add_parser("backup", help="データベースの写しを取ります(動かしたまま取れます)")
    command.add_argument("file", metavar="FILE", type=Path, help="写しの名前")
    command.set_defaults(run=_backup)


def _backup(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.services.backups import back_up

    settings = load(environment)
    if not settings.is_sqlite:
        raise Refused(
            "PostgreSQLの写しは pg_dump で取ってください(docs/operations.md に手順があります)。"
        )
    back_up(settings.database_url, arguments.file)
    print(f"{arguments.file} に写しを取りました。")
