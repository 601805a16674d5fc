"""`kaikaku export`: a plan with its answers as .csv, .xlsx or .json."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from bot.cli.arguments import Subparsers, count_of_years, fiscal_year, stage
from bot.config import load
from bot.services.office import Office
from bot.sheets.export import ExportFormat, ExportTable


def register(nouns: Subparsers) -> None:
    """Add `export`."""
    command = nouns.add_parser("export", help="計画と入力内容を書き出します")
    command.add_argument("ward", metavar="WARD", help="区・局の名前")
    command.add_argument(
        "--year", type=fiscal_year, metavar="YEAR", help="年度(なければ最新の計画)"
    )
    command.add_argument(
        "--kind", type=stage, metavar="KIND", help="mid-year か year-end(なければ両方)"
    )
    command.add_argument("--form", metavar="FORM", help="様式(同じ年度に複数あるとき)")
    command.add_argument(
        "--years",
        type=count_of_years,
        metavar="N",
        help="経年の表にします：取組項目ごとに、新しいものからN年度分(番号や題名が変わった分も含む)",
    )
    command.add_argument("--format", choices=[each.value for each in ExportFormat], help="形式")
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="書き出す先(なければ標準出力)"
    )
    command.set_defaults(run=_export, parser=command)


async def _export(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.sheets.export import write

    format_ = format_of(arguments)
    async with opened(load(environment)) as office:
        table = await _table(office, arguments)
    rendered = write(table, format_)
    if arguments.output:
        arguments.output.write_bytes(rendered)
        return
    sys.stdout.buffer.write(rendered)
    sys.stdout.buffer.flush()


async def _table(office: Office, arguments: Namespace) -> ExportTable:
    """The plan with its answers, or the years of its items."""
    from bot.services import lineages
    from bot.services.export import export_plan

    wanted = {"year": arguments.year, "form_key": arguments.form}
    if arguments.years is not None:
        return await lineages.of_plan(office, arguments.ward, years=arguments.years, **wanted)
    return await export_plan(office, arguments.ward, stage_key=arguments.kind, **wanted)


def format_of(arguments: Namespace) -> ExportFormat:
    """The format asked for, else the one that the file's name ends in, else .csv."""
    suffix = arguments.output.suffix.lower().removeprefix(".") if arguments.output else ""
    wanted = arguments.format or (suffix if suffix in list(ExportFormat) else ExportFormat.CSV)
    format_ = ExportFormat(wanted)
    if format_ is ExportFormat.XLSX and not arguments.output and sys.stdout.isatty():
        arguments.parser.error(
            "xlsx は画面に表示できません。-o FILE で書き出す先を指定してください。"
        )
    return format_
