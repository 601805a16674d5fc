"""`kaikaku people import`: the roster of owners, managers, coordinators and observers."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_dry_run, add_json, fiscal_year
from bot.cli.output import print_json, print_lines, print_warnings
from bot.config import load

if TYPE_CHECKING:
    from bot.services.people import ImportedPeople


def register(nouns: Subparsers) -> None:
    """Add `people import`."""
    noun = nouns.add_parser("people", help="担当者・確認者・とりまとめ担当・閲覧者")
    verbs = noun.add_subparsers(metavar="VERB", required=True)
    command = verbs.add_parser("import", help="名簿を取り込みます")
    command.add_argument("file", metavar="FILE", type=Path, help="名簿(.csvか.xlsx)")
    command.add_argument(
        "--year", type=fiscal_year, metavar="YEAR", help="取組項目の年度(なければ最新の計画)"
    )
    add_dry_run(command)
    add_json(command)
    command.set_defaults(run=_import)


async def _import(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.people import import_people
    from bot.sheets.people import read_roster
    from bot.slack.directory import Directory
    from bot.slack.session import session_to

    settings = load(environment, needs=("SLACK_BOT_TOKEN",))
    roster = read_roster(arguments.file)
    url = settings.api_url
    async with opened(settings) as office, session_to(url, settings.route) as session:
        directory = Directory(token=settings.bot_token, base_url=url, session=session)
        imported = await import_people(
            office, roster, directory, year=arguments.year, dry_run=arguments.dry_run
        )
    if arguments.json:
        record = {key: value for key, value in asdict(imported).items() if key != "unit_ids"}
        print_json({**record, "dry_run": arguments.dry_run})
        return
    print_lines(_lines(imported, dry_run=arguments.dry_run))
    print_warnings(imported.warnings)


def _lines(imported: ImportedPeople, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "確認だけです。何も登録していません。"
    yield (
        f"{imported.people}人、役割{imported.roles}件、担当{imported.ownerships}件"
        f"(追加{imported.added}、更新{imported.updated}、変更なし{imported.unchanged}、"
        f"交代{imported.ended})"
    )
    if imported.unresolved:
        yield "Slackで見つからない方(お知らせは届かず、とりまとめ担当が代わりに入力します)："
    for person in imported.unresolved:
        yield f"  {person.row}行目 {person.name or person.email or person.slack_user_id}"
