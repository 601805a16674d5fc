"""`kaikaku history`: everything that was recorded of one item, as .csv, .xlsx or .json."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from bot.cli.arguments import Subparsers, add_output, fiscal_year
from bot.cli.export import format_of
from bot.cli.output import write_out
from bot.config import load
from bot.sheets.export import ExportFormat


def register(nouns: Subparsers) -> None:
    """Add `history`."""
    command = nouns.add_parser("history", help="1つの取組項目の履歴を書き出します(情報公開など)")
    command.add_argument("ward", metavar="WARD", help="区・局の名前")
    command.add_argument("code", metavar="CODE", help="取組項目の番号(例：7)")
    command.add_argument("--year", type=fiscal_year, required=True, metavar="YEAR", help="年度")
    command.add_argument("--format", choices=[each.value for each in ExportFormat], help="形式")
    add_output(command)
    command.set_defaults(run=_history, parser=command)


async def _history(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import histories
    from bot.sheets.export import write

    format_ = format_of(arguments)
    async with opened(load(environment)) as office:
        table = await histories.of_item(office, arguments.ward, arguments.code, year=arguments.year)
    write_out(write(table, format_), arguments.output)
