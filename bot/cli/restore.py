"""`kaikaku restore`: a backup takes the database's place, and nobody is written to twice."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from bot.cli.arguments import Subparsers
from bot.clock import clock_of
from bot.config import Settings, load
from bot.domain.errors import Refused
from bot.domain.forms.form_files import load_forms

_NOT_HERE = (
    "PostgreSQLは pg_restore で戻し、そのあと kaikaku restore --mark を実行してください"
    "(docs/operations.md に手順があります)。"
)


def register(nouns: Subparsers) -> None:
    """Add `restore`."""
    command = nouns.add_parser("restore", help="データベースを写しから戻します")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("file", metavar="FILE", type=Path, nargs="?", help="kaikaku backup の写し")
    source.add_argument(
        "--mark", action="store_true", help="ほかの方法(pg_restore など)で戻したことを記録します"
    )
    command.set_defaults(run=_restore)


async def _restore(arguments: Namespace, environment: Mapping[str, str]) -> None:
    settings = load(environment)
    doubted = await (_mark(settings) if arguments.mark else _replace(settings, arguments.file))
    print(
        f"戻しました。送信待ちだった{doubted}通と、今日までのお知らせは、"
        "送る前に、すでに届いていないかをSlackで確かめます。"
    )


async def _mark(settings: Settings) -> int:
    from bot.cli.database import opened
    from bot.services.backups import mark_restored

    async with opened(settings) as office:
        return await mark_restored(office)


async def _replace(settings: Settings, file: Path) -> int:
    from bot.services.backups import restore
    from bot.services.office import Office
    from storage.database import Database

    if not settings.is_sqlite:
        raise Refused(_NOT_HERE)
    office = Office(
        Database(settings.database_url),
        clock_of(settings.clock_file),
        load_forms(settings.forms_dir),
    )
    return await restore(office, settings.database_url, file)
